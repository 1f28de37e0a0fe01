-- Open files by the calendar by which they stand, the last day first to last: the view `recount_file` in sql/.
-- Oldest code that may run on it: any.

-- migrate:up transaction:false

create index concurrently if not exists application_recount
on application (district, coalesce(calendar_version, ''), coalesce(answer_due_on, supply_by), street, application_id)
where answer_due_on is not null or own_stage = 2;

-- migrate:down transaction:false

drop index concurrently if exists application_recount;
