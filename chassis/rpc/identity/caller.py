"""Callers: members of staff by a token of the single sign-on, systems by certificate or token."""

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from google.protobuf.message import Message

from chassis.refusals import Unauthenticated

STREET = "STREET"
DISTRICT = "DISTRICT"
EVERY_STREET = "*"
"""Street of a system that serves the whole district."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller as known to the single sign-on or the registry of systems."""

    subject: str
    """Staff number, or the certificate name of a system."""
    machine: bool
    """True when the caller is a system on its own behalf."""
    posts: frozenset[str]
    """Posts by their names in the contract, without the prefix of the enum: CLERK, HEAD."""
    district: str
    """Six digits."""
    street: str
    """Nine digits; the district itself ends in 000; EVERY_STREET for systems that serve all."""
    level: str
    """STREET or DISTRICT."""
    unit: str = ""
    """Organ or section, as named by the single sign-on."""
    lines: tuple[str, ...] = ()
    """Lines of business of the member of staff."""
    system: str = ""
    """Name of the system in the contract, without the prefix of the enum: PORTAL; empty for staff."""


_current: ContextVar[Caller | None] = ContextVar("current_caller", default=None)


def current_caller() -> Caller:
    """Caller of the current call; raises Unauthenticated in an open call without a token."""
    caller = _current.get()
    if caller is None:
        raise Unauthenticated
    return caller


def set_caller(caller: Caller | None) -> None:
    """Sets the current caller for the rest of this task; for the interceptor and for tests."""
    _current.set(caller)


def level_of(street: str) -> str:
    """Level of the place with this code: the district's own code ends in 000."""
    return DISTRICT if street == EVERY_STREET or street.endswith("000") else STREET


def fingerprint(method: str, request: Message, without: Sequence[str] = ("after",)) -> bytes:
    """SHA-256 of the method and the request without the fields `without`: equal for a true repeat only."""
    content = type(request)()
    content.CopyFrom(request)
    for name in without:
        if name in content.DESCRIPTOR.fields_by_name:
            content.ClearField(name)
    return hashlib.sha256(method.encode() + b"\0" + content.SerializeToString(deterministic=True)).digest()
