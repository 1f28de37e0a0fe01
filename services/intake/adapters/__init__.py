"""Where the service meets the wire, the database and what other services tell."""
