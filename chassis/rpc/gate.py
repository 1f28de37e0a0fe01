"""Gate before every method of a service: identity, access, the limit of open calls, deadlines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from chassis.refusals import AUTHORIZATION
from chassis.rpc.access import NO_CALLER, AccessRule, admit
from chassis.rpc.deadlines import Deadlines
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import Caller, set_caller
from chassis.rpc.identity.resolver import CallerResolver
from chassis.rpc.open_calls import OpenCalls
from chassis.telemetry.traces import TRACEPARENT

OPEN = "open"

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
