-- Open files by the calendar by which they stand, the last day first to last: the view `recount_file` in sql/.
-- Oldest code that may run on it: any.

-- migrate:up transaction:false

create index concurrently if not exists case_file_recount
on case_file (district, calendar_version, greatest(promised_due_on, legal_due_on), street, case_id)
where closed_on is null;

-- migrate:down transaction:false

drop index concurrently if exists case_file_recount;
