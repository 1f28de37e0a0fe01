"""Cases at the wire and in the database."""
