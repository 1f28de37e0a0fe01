-- Empty: its functions are in chassis/sql/30_batches.sql. The number stays, because databases have applied it.
-- Oldest code that may run on it: any.

-- migrate:up

-- migrate:down
