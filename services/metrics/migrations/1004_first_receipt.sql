-- Index of `matter_figures.first_received_on`, the day of receipt as intake and approval have it. Built beside writers.
-- Oldest code that may run on it: any.

-- migrate:up transaction:false

create index concurrently if not exists matter_first_received on matter
  (district, (least(submitted_received_on, accepted_received_on, window_closed_on)));

-- migrate:down transaction:false

drop index concurrently if exists matter_first_received;
