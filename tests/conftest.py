"""What every test may ask for: a real PostgreSQL and a real NATS."""

import gc

from chassis.settings.service import without_fork_support

without_fork_support()  # a test starts programs beside calls that wait; gRPC reads it when it is first imported

pytest_plugins = [
    "tests.support.examples",
    "tests.support.echo.fixtures",
    "tests.support.servers",
    "tests.support.typesetting",
]

_COLLECT_AFTER = 100_000
"""Objects between two garbage collections: thousands of tests stay for the whole run, and none frees them."""


def pytest_configure() -> None:
    """Let the garbage collector come less often."""
    gc.set_threshold(_COLLECT_AFTER)


def pytest_collection_finish() -> None:
    """Leave the tests themselves out of every later collection."""
    gc.collect()
    gc.freeze()
