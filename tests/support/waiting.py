"""A test waits for a condition, never for a time."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], within: float = 30.0) -> None:
    """Waits for a condition, looking often; fails when it does not come true in time."""
    limit = time.monotonic() + within
    while not condition():
        assert time.monotonic() < limit, "the condition did not come true in time"
        time.sleep(0.02)
