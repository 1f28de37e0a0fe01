"""Access log: duration of each call by method and status, and a log line; never the content of a call."""

import time
from collections.abc import Iterable
from itertools import count

import structlog
from prometheus_client import Histogram

_log = structlog.get_logger(__name__)
RPC_SECONDS = Histogram(
    "onewindow_rpc_duration_seconds",
    "Seconds a call took, by method and the status it ended with.",
    ["method", "code"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10),
)
OK, CANCELLED = "OK", "CANCELLED"
"""Codes of a call that was answered, and of one that its client gave up; every other one is a refusal's."""
UNKNOWN_METHOD = "unknown"
"""Stands for every method that does not exist: its name is its caller's choice and would make a series each."""
_LOUD = frozenset({"INTERNAL", "UNAVAILABLE", "UNKNOWN"})


class AccessLog:
    """Measures every call; logs each failed call and one in `successes_one_in` of the others."""

    def __init__(self, successes_one_in: int = 100, seconds: Histogram = RPC_SECONDS) -> None:
        self._one_in = successes_one_in
        self._calls = count()
        self._seconds = seconds
        self._children: dict[tuple[str, str], Histogram] = {}

    def ended(self, method: str, code: str, began: float, caller: str) -> None:
        """Records the end of a call; `began` is its time.perf_counter(), `caller` the kind of its caller."""
        seconds = time.perf_counter() - began
        self._child(method, code).observe(seconds)
        if code != OK:
            write = _log.warning if code in _LOUD else _log.info
            write("call", method=method, code=code, ms=round(seconds * 1000, 1), caller=caller)
        elif next(self._calls) % self._one_in == 0:
            _log.info("call", method=method, code=code, ms=round(seconds * 1000, 1), caller=caller)

    def expect(self, method: str, codes: Iterable[str]) -> None:
        """Makes the series of a method with each of the codes that end it, before its first call.

        They begin at 0: the first burst after a start would else be no increase.
        """
        for code in codes:
            self._child(method, code)

    def _child(self, method: str, code: str) -> Histogram:
        child = self._children.get((method, code))
        if child is None:
            child = self._children[method, code] = self._seconds.labels(method, code)
        return child
