"""Who calls, from what came with the call: a bearer token first, else the certificate of the connection."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from chassis.refusals import Unauthenticated
from chassis.rpc.identity.caller import Caller
from chassis.rpc.identity.certificates import SystemRegistry
from chassis.rpc.identity.tokens import TokenVerifier

_BEARER = "bearer "


class Connection(Protocol):
    """The part of a call's context that proves a certificate."""

    def auth_context(self) -> Mapping[str, Iterable[bytes]]:
        """The properties the transport proved, by name."""


class CallerResolver:
    """Finds the caller; without a register, certificates prove nobody."""

    def __init__(self, tokens: TokenVerifier, register: SystemRegistry | None = None) -> None:
        self._tokens = tokens
        self._register = register

    async def caller(self, authorization: str | None, connection: Connection) -> Caller | None:
        """The caller, None when nothing was shown; raises Unauthenticated when what was shown does not hold."""
        if authorization is not None:
            if authorization[: len(_BEARER)].lower() != _BEARER:
                raise Unauthenticated
            return await self._tokens.caller(authorization[len(_BEARER) :].strip())
        return self._register.caller(connection.auth_context()) if self._register else None
