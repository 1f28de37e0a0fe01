-- Every beginning and end of a special procedure of a matter, by the revision of its street's leg (行政许可法 45):
-- {"5": ["paused", "2016-03-08", {"kind": "hearing", "name": "听证", "expected_on": …, "overdue_on": …, "provisional": false}],
--  "6": ["resumed", "2016-03-14", {"name": "听证"}]}. Null for matters that no release after 0.2 projected; paused_on and
-- resumed_on have the last of each. The days of the extension and their unit (1 working, 2 calendar), as the act says.
-- Oldest code that may run on it: any.

-- migrate:up

alter table matter add column procedures jsonb, add column extension_days integer, add column extension_unit smallint;

-- migrate:down

drop view if exists matter_figures cascade; -- it names every column; sql/ defines it again at the next migrate
alter table matter drop column procedures, drop column extension_days, drop column extension_unit;
