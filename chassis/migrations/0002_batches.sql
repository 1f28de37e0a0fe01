-- Functions over many files, which are in chassis/sql/30_batches.sql since; the number stays, as databases have it.
-- Oldest code that may run on it: any.

-- migrate:up

-- migrate:down
