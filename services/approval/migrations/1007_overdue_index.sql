-- One morning's reminders of overdue procedures are one indexed query.
-- Oldest code that may run on it: any.

-- migrate:up transaction:false

create index concurrently if not exists case_file_overdue
on case_file (district, overdue_on, street, case_id) where overdue_on is not null;

-- migrate:down transaction:false

drop index concurrently if exists case_file_overdue;
