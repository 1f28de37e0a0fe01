-- The request to redrive a dead letter: made here by an operator, taken by the service that received the event.
-- Oldest code that may run on it: any.

-- migrate:up

alter table dead_letter add column asked_at timestamptz;
comment on column dead_letter.asked_at is 'Since when somebody wants it applied again; null when that was tried';

-- migrate:down

alter table dead_letter drop column asked_at;
