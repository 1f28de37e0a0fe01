"""What operators see of a running service: log lines, figures and traces, none of them with personal data."""
