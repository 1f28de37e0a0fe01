"""The named queries of the service."""

from chassis.queries import queries_of

query = queries_of("services.notify")
"""The statement of a name."""
