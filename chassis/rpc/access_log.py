"""Access log: duration of each call by method and status, and a log line; never the content of a call."""

import time
from collections.abc import Iterable
from itertools import count

import structlog
from prometheus_client import Counter, Histogram

_log = structlog.get_logger(__name__)
RPC_SECONDS = Histogram(
    "onewindow_rpc_duration_seconds",
    "Seconds a call took, by method and the status it ended with.",
    ["method", "code"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10),
)
RPC_CALLS = Counter(
    "onewindow_rpc_calls",
    "Calls that ended, by method and the status they ended with; every series begins at 0.",
    ["method", "code"],
)
OK, CANCELLED = "OK", "CANCELLED"
"""Codes of a call that was answered, and of one that its client gave up; every other one is a refusal's."""
UNKNOWN_METHOD = "unknown"
"""Stands for every method that does not exist: its name is its caller's choice and would make a series each."""
_LOUD = frozenset({"INTERNAL", "UNAVAILABLE", "UNKNOWN"})


class AccessLog:
    """Measures every call; logs each failed call and one in `successes_one_in` of the others."""

    def __init__(self, successes_one_in: int = 100, calls: Counter = RPC_CALLS) -> None:
        self._one_in = successes_one_in
        self._succeeded = count()
        self._calls = calls
        self._children: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def ended(self, method: str, code: str, began: float, caller: str) -> None:
        """Records the end of a call; `began` is its time.perf_counter(), `caller` the kind of its caller."""
        seconds = time.perf_counter() - began
        calls, durations = self._series(method, code)
        calls.inc()
        durations.observe(seconds)
        if code != OK:
            write = _log.warning if code in _LOUD else _log.info
            write("call", method=method, code=code, ms=round(seconds * 1000, 1), caller=caller)
        elif next(self._succeeded) % self._one_in == 0:
            _log.info("call", method=method, code=code, ms=round(seconds * 1000, 1), caller=caller)

    def expect(self, method: str, codes: Iterable[str]) -> None:
        """Makes the counters of a method with each of the codes that end it, before its first call.

        They begin at 0: the first burst after a start would else be no increase. Durations, with their buckets, have
        only the series of codes that came.
        """
        for code in codes:
            self._calls.labels(method, code)

    def _series(self, method: str, code: str) -> tuple[Counter, Histogram]:
        series = self._children.get((method, code))
        if series is None:
            series = self._calls.labels(method, code), RPC_SECONDS.labels(method, code)
            self._children[method, code] = series
        return series
