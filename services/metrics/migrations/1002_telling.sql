-- Functions that write rows, which are in services/metrics/sql/30_projections.sql since; the number stays, as databases
-- have it.
-- Oldest code that may run on it: any.

-- migrate:up

-- migrate:down
