"""The named queries of the service."""

from chassis.postgres.named_queries import queries_of

query = queries_of("services.metrics")
"""The statement of a name."""
