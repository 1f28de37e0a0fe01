"""Resolves the caller of a call: by its bearer token, else by the certificate of the connection."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from chassis.refusals import Unauthenticated
from chassis.rpc.identity.caller import Caller
from chassis.rpc.identity.certificates import SystemRegistry
from chassis.rpc.identity.tokens import TokenVerifier

_BEARER = "bearer "


class ProvenTransport(Protocol):
    """Part of a call's context that proves a certificate."""

    def auth_context(self) -> Mapping[str, Iterable[bytes]]:
        """Properties that the transport has proved, by name."""


class CallerResolver:
    """Resolves callers; without a registry, certificates identify no caller."""

    def __init__(self, tokens: TokenVerifier, registry: SystemRegistry | None = None) -> None:
        self._tokens = tokens
        self._registry = registry

    async def caller(self, authorization: str | None, connection: ProvenTransport) -> Caller | None:
        """The caller; None without a token or certificate. Raises Unauthenticated for an invalid one."""
        if authorization is not None:
            if authorization[: len(_BEARER)].lower() != _BEARER:
                raise Unauthenticated
            return await self._tokens.caller(authorization[len(_BEARER) :].strip())
        return self._registry.caller(connection.auth_context()) if self._registry else None
