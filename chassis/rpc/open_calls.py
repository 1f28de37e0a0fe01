"""Rate limit of open methods, by address: a token bucket that refills evenly."""

import time
from collections import OrderedDict
from collections.abc import Callable

from chassis.refusals import TooManyCalls

_ADDRESSES = 10_000


class OpenCalls:
    """At most `burst` calls at once and `per_minute` over time from one address; the oldest addresses are dropped."""

    def __init__(self, per_minute: int, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, peer: str) -> None:
        """Counts one call of `peer` ("ipv4:host:port"); raises TooManyCalls when its bucket is empty."""
        address, now = peer.rpartition(":")[0] or peer, self._now()
        left, seen = self._left.pop(address, (self._burst, now))
        left = min(self._burst, left + (now - seen) * self._per_second)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _ADDRESSES:
            self._left.popitem(last=False)
        if left < 1:
            raise TooManyCalls
