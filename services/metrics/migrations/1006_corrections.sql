-- Every notice, supplement and whole supply of a matter, by the revision of its application:
-- {"2": ["correction", "2016-03-01"], "3": ["supplied", …], "4": ["supplement", …]}. Null for matters that no release after
-- 0.2 projected; correction_on has the day of the notice, supplied_on the last day of supply.
-- Oldest code that may run on it: any.

-- migrate:up

alter table matter add column corrections jsonb;

-- migrate:down

drop view if exists matter_figures cascade; -- it names every column; sql/ defines it again at the next migrate
alter table matter drop column corrections;
