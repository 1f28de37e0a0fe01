"""Clients of the services: channels, deadlines, retries and typed helpers for cli, web, simulation and bench."""
