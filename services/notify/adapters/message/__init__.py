"""Messages: the queue in PostgreSQL and the gateway of the carrier."""
