-- Open files by the calendar by which they stand, the last day first to last: the view `recount_file` in sql/.
-- Oldest code that may run on it: any.

-- migrate:up transaction:false

create index concurrently if not exists dossier_recount
on dossier (district, coalesce(calendar_version, ''), deliver_by, street, application_id)
where deliver_by is not null and delivered_on is null;

-- migrate:down transaction:false

drop index concurrently if exists dossier_recount;
