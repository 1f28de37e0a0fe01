"""PostgreSQL in memory: the tables of `schema.sql`, transactions with row locks, and a twin of each statement."""
