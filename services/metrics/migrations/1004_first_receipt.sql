-- Index of `matter_figures.first_received_on`, the day of receipt as intake and approval have it.
-- Oldest code that may run on it: any.

-- migrate:up

create index matter_first_received on matter
  (district, (least(submitted_received_on, accepted_received_on, window_closed_on)));

-- migrate:down

drop index matter_first_received;
