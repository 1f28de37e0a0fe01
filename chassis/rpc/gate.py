"""Gate before every method of a service: identity, access, the rate limit of open calls.

`Gate.admit` works in this order: the caller is resolved; the access rule of the method is applied, so that a caller
who may not call learns nothing else; a call of an open method is counted against the limit of its caller, or of its
address where there is none. Deadline and place are checked before (chassis/rpc/call.py): no token need be verified for
a call that cannot end in time. A stream takes its place after the gate, because its share is its caller's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from chassis.refusals import AUTHORIZATION, Unauthenticated
from chassis.rpc.access import NO_CALLER, AccessRule, admit
from chassis.rpc.deadlines import Deadlines, Ends
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import ANY_PLACE, Caller, PlaceRules, set_caller
from chassis.rpc.identity.system_registry import SystemRegistry
from chassis.rpc.identity.tokens import TokenVerifier
from chassis.rpc.limits import OpenCalls, Places, caller_key, network_of
from chassis.telemetry.traces import TRACEPARENT

OPEN = "open"

_BEARER = "bearer "

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


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a call pass or raises a refusal, which `errors` converts for the client."""

    identity: CallerResolver
    rules: Mapping[str, AccessRule]
    deadlines: Deadlines
    open_calls: OpenCalls
    places: Places
    errors: ErrorMap = field(default_factory=ErrorMap)
    caller_places: PlaceRules = ANY_PLACE
    ends: Ends = field(default_factory=Ends)

    def rule(self, method: str) -> AccessRule:
        """Access rule of a method by its full path; a method without a declared rule permits no caller."""
        return self.rules.get(method, NO_CALLER)

    async def admit(
        self, rule: AccessRule, authorization: str | None, context: CallContext, after: str = ""
    ) -> Caller | None:
        """Sets the current caller when `rule` permits it; a call of an open method counts against its limit.

        `after` are the positions that the caller has seen, by its request, which nobody has checked yet.
        """
        caller = await self.identity.caller(authorization, context)
        admit(rule, caller, self.caller_places)
        if rule.open:
            self.open_calls.count(caller, caller_key(caller, context.peer()))
        elif caller is not None and self.caller_places.exists is not None:
            await self.caller_places.exists(caller, after)
        set_caller(caller, network_of(context.peer()) if caller is None else "")
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
