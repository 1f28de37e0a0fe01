"""Adapters of metrics: streams, PostgreSQL, calls, Prometheus."""
