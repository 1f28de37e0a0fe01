"""What every test may ask for: a real PostgreSQL and a real NATS."""

pytest_plugins = [
    "tests.support.examples",
    "tests.support.echo.fixtures",
    "tests.support.servers",
    "tests.support.typesetting",
]
