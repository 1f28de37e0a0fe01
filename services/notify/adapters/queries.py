"""The named queries of the service."""

from chassis.postgres.named_queries import queries_of

query = queries_of("services.notify")
"""The statement of a name."""
