"""Tickets: places in the queue of one hall, one day."""
