"""What stands before every method: identity, access, the open calls' limit, the deadline. One object for a service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from chassis.refusals import AUTHORIZATION
from chassis.rpc.access import NOBODY, AccessRule, admit
from chassis.rpc.deadlines import Deadlines
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import Caller, set_caller
from chassis.rpc.identity.resolver import CallerResolver
from chassis.rpc.open_calls import OpenCalls
from chassis.telemetry.traces import TRACEPARENT

ANYBODY = "open"

_UNTRACED: Mapping[str, str] = {}


class Context(Protocol):
    """The part of grpc.aio's call context that the gate reads."""

    def invocation_metadata(self) -> Iterable[tuple[str, str | bytes]] | None:
        """The headers of the call."""

    def time_remaining(self) -> float | None:
        """Seconds to the client's deadline, None without one."""

    def auth_context(self) -> Mapping[str, Iterable[bytes]]:
        """The properties the transport proved."""

    def peer(self) -> str:
        """The address of the client."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a call pass or raises why not; `errors` tells the client."""

    identity: CallerResolver
    rules: Mapping[str, AccessRule]
    deadlines: Deadlines
    open_calls: OpenCalls
    errors: ErrorMap = field(default_factory=ErrorMap)

    def rule(self, method: str) -> AccessRule:
        """The access rule of a method by its full path; nobody may call one that declares none."""
        return self.rules.get(method, NOBODY)

    async def admit(self, rule: AccessRule, authorization: str | None, context: Context) -> Caller | None:
        """Make the caller the current one when `rule` lets it pass; an unknown caller of an open call is counted."""
        caller = await self.identity.caller(authorization, context)
        admit(rule, caller)
        if caller is None:
            self.open_calls.admit(context.peer())
        set_caller(caller)
        return caller


class Headers:
    """The headers of a call that the edge reads; of a token shown twice the first counts."""

    __slots__ = ("authorization", "trace")

    def __init__(self, context: Context) -> None:
        self.authorization: str | None = None
        self.trace: Mapping[str, str] = _UNTRACED
        for key, value in context.invocation_metadata() or ():
            if key == AUTHORIZATION and self.authorization is None:
                self.authorization = str(value)
            elif key == TRACEPARENT:
                self.trace = {TRACEPARENT: str(value)}


def kind_of(caller: Caller | None) -> str:
    """The kind of caller as logs name it: staff, machine, open."""
    if caller is None:
        return ANYBODY
    return "machine" if caller.machine else "staff"
