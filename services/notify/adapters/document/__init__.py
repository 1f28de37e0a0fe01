"""Documents: the queue in PostgreSQL, the typesetter and the object store."""
