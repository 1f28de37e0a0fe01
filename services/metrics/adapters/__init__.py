"""Where metrics meets the streams, PostgreSQL, callers and Prometheus."""
