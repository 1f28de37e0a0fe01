"""Gate before every method of a service: identity, access, the rate limit of open calls.

`Gate.admit` works in this order: the caller is resolved; the access rule of the method is applied, so that a caller
who may not call learns nothing else; a call without a caller is counted against the limit of its address. The deadline
is checked before the gate (chassis/rpc/call.py), because no token need be verified for a call that cannot end in time.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from chassis.refusals import AUTHORIZATION, TooManyCalls, Unauthenticated
from chassis.rpc.access import NO_CALLER, AccessRule, admit
from chassis.rpc.deadlines import Deadlines
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import Caller, set_caller
from chassis.rpc.identity.system_registry import SystemRegistry
from chassis.rpc.identity.tokens import TokenVerifier
from chassis.telemetry.traces import TRACEPARENT

OPEN = "open"

_BEARER = "bearer "
_ADDRESSES = 10_000

_UNTRACED: Mapping[str, str] = {}


class CallContext(Protocol):
    """Part of grpc.aio's call context that the gate reads."""

    def invocation_metadata(self) -> Iterable[tuple[str, str | bytes]] | None:
        """Headers of the call."""

    def time_remaining(self) -> float | None:
        """Seconds to the client's deadline; None without one."""

    def auth_context(self) -> Mapping[str, Iterable[bytes]]:
        """Properties that the transport has proved, by name."""

    def peer(self) -> str:
        """Address of the client."""


class CallerResolver:
    """Resolves callers; without a registry, certificates identify no caller."""

    def __init__(self, tokens: TokenVerifier, registry: SystemRegistry | None = None) -> None:
        self._tokens = tokens
        self._registry = registry

    async def caller(self, authorization: str | None, context: CallContext) -> Caller | None:
        """The caller; None without a token or certificate. Raises Unauthenticated for an invalid one."""
        if authorization is not None:
            if authorization[: len(_BEARER)].lower() != _BEARER:
                raise Unauthenticated
            return await self._tokens.caller(authorization[len(_BEARER) :].strip())
        return self._registry.caller(context.auth_context()) if self._registry else None


class OpenCalls:
    """Token bucket for each address: `burst` calls at once, `per_minute` over time; the oldest are dropped."""

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


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a call pass or raises a refusal, which `errors` converts for the client."""

    identity: CallerResolver
    rules: Mapping[str, AccessRule]
    deadlines: Deadlines
    open_calls: OpenCalls
    errors: ErrorMap = field(default_factory=ErrorMap)

    def rule(self, method: str) -> AccessRule:
        """Access rule of a method by its full path; a method without a declared rule permits no caller."""
        return self.rules.get(method, NO_CALLER)

    async def admit(self, rule: AccessRule, authorization: str | None, context: CallContext) -> Caller | None:
        """Sets the current caller when `rule` permits it; calls without one count against the limit of open calls."""
        caller = await self.identity.caller(authorization, context)
        admit(rule, caller)
        if caller is None:
            self.open_calls.admit(context.peer())
        set_caller(caller)
        return caller


class Headers:
    """Headers of a call that are read here; of two tokens the first counts."""

    __slots__ = ("authorization", "trace")

    def __init__(self, context: CallContext) -> None:
        self.authorization: str | None = None
        self.trace: Mapping[str, str] = _UNTRACED
        for key, value in context.invocation_metadata() or ():
            if key == AUTHORIZATION and self.authorization is None:
                self.authorization = str(value)
            elif key == TRACEPARENT:
                self.trace = {TRACEPARENT: str(value)}


def kind_of(caller: Caller | None) -> str:
    """Kind of caller in logs: staff, machine, open."""
    if caller is None:
        return OPEN
    return "machine" if caller.machine else "staff"
