-- The events of a day in the inbox: ids rise with time and the inbox is only added to, so a small index of ranges finds
-- them. Built beside writers, because the inbox is the largest table; one statement, because it is no transaction.
-- Oldest code that may run on it: any.

-- migrate:up transaction:false

create index concurrently if not exists inbox_event_id
on inbox using brin (event_id) with (pages_per_range = 32, autosummarize = on);

-- migrate:down transaction:false

drop index concurrently if exists inbox_event_id;
