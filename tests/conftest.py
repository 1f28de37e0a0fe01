"""What every test may ask for: a real PostgreSQL and a real NATS."""

pytest_plugins = ["tests.support.servers", "tests.support.typesetting"]
