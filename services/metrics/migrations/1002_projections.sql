-- Empty: its functions are in services/metrics/sql/30_projections.sql. The number stays, because databases have applied
-- it.
-- Oldest code that may run on it: any.

-- migrate:up

-- migrate:down
