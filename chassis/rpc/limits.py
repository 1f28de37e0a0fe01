"""Limits of calls: how often each caller may make an open call, and how many calls and streams are answered at once.

They are counted by caller (kind, place, number), and by address only for a call without one: eleven residents who
come through the machine of the online hall are not one stranger. Every figure is of one process. The library's own
limit refuses without a reason; it stands far above these (chassis/rpc/server.py) and is what no caller should meet.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network
from urllib.parse import unquote

from chassis.refusals import Overloaded, TooManyCalls, TooManyStreams
from chassis.rpc.identity.caller import Caller

_KEYS = 10_000
"""Buckets that are remembered; the one used longest ago is dropped."""


def caller_key(caller: Caller | None, peer: str) -> str:
    """Whole name of a caller (kind, place, number); the address of `peer` ("ipv4:host:port") for a stranger."""
    if caller is None:
        return peer.rpartition(":")[0] or peer
    return caller.whole_name


def network_of(peer: str) -> str:
    """Network of a stranger who is to have one share: the address, of IPv6 its first 64 bits.

    A household has 2^64 addresses of IPv6, so that a limit of each of them would limit nothing.
    """
    address = unquote(caller_key(None, peer)).removeprefix("ipv4:").removeprefix("ipv6:").strip("[]")
    try:
        found = IPv6Address(address)
    except ValueError:  # IPv4, or a socket of this machine
        return address
    return str(found.ipv4_mapped or IPv6Network((int(found) >> 64 << 64, 64)))


class RateLimit:
    """Token bucket for each key: `burst` calls at once, `per_minute` over time."""

    def __init__(self, per_minute: int, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._now = now
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def count(self, key: Hashable) -> None:
        """Counts one call of `key`; raises TooManyCalls when its bucket is empty."""
        left, now = self._now_left(key), self._now()
        self._left[key] = (left - 1 if left >= 1 else left, now)
        self._left.move_to_end(key)
        if len(self._left) > _KEYS:
            self._left.popitem(last=False)
        if left < 1:
            raise TooManyCalls

    def require(self, key: Hashable) -> None:
        """Raises TooManyCalls when the bucket of `key` is empty; counts nothing."""
        if self._now_left(key) < 1:
            raise TooManyCalls

    def _now_left(self, key: Hashable) -> float:
        now = self._now()
        left, seen = self._left.get(key, (self._burst, now))
        return min(self._burst, left + (now - seen) * self._per_second)


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """Rate of the methods that are open to everyone: of each known caller, and of each address without a caller."""

    strangers: RateLimit
    callers: RateLimit

    def count(self, caller: Caller | None, key: str) -> None:
        """Counts one open call. Raises TooManyCalls."""
        (self.strangers if caller is None else self.callers).count(key)


@dataclass(slots=True)
class Places:
    """Places for calls and for streams: a stream keeps its own for minutes and takes none that a call needs."""

    calls: int
    """Calls answered at once."""
    streams: int
    """Streams open at once."""
    streams_per_caller: int
    """Streams that one caller may have open at once."""
    calls_taken: int = field(default=0, init=False)
    streams_taken: Counter[str] = field(default_factory=Counter, init=False)

    def take_call(self) -> None:
        """Takes a place for a call. Raises Overloaded when all are taken."""
        if self.calls_taken >= self.calls:
            raise Overloaded
        self.calls_taken += 1

    def leave_call(self) -> None:
        """Gives the place of a call back."""
        self.calls_taken -= 1

    def take_stream(self, key: str) -> None:
        """Takes a place for a stream of a caller. Raises TooManyStreams beyond the caller's share, else Overloaded."""
        if self.streams_taken[key] >= self.streams_per_caller:
            raise TooManyStreams(metadata={"limit": str(self.streams_per_caller)})
        if self.streams_taken.total() >= self.streams:
            raise Overloaded
        self.streams_taken[key] += 1

    def leave_stream(self, key: str) -> None:
        """Gives the place of a stream back."""
        self.streams_taken[key] -= 1
        if self.streams_taken[key] <= 0:
            del self.streams_taken[key]
