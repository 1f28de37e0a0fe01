-- True for a matter whose item is not named in public progress. Null, as false, for matters of releases up to 0.2.
-- Oldest code that may run on it: any.

-- migrate:up

alter table matter add column sensitive boolean;

-- migrate:down

drop view if exists matter_figures cascade; -- it names every column; sql/ defines it again at the next migrate
alter table matter drop column sensitive;
