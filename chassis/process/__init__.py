"""Life of a service process: start, readiness, health, supervised loops, shutdown."""
