"""Adapters of intake: calls, events, rows, sweeps, vault; by kind of file, and those that all kinds share."""
