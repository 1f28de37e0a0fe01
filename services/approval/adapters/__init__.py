"""Where the service meets the wire, the database and the district."""
