"""Log lines, metrics and traces of a running service, none of them with personal data."""
