"""Who calls: a member of staff by a token of the single sign-on, or a system by its certificate or token."""

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from google.protobuf.message import Message

from chassis.refusals import Unauthenticated

STREET = "STREET"
DISTRICT = "DISTRICT"
EVERY_STREET = "*"
"""What a system that serves the whole district has in place of a street."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller as the single sign-on or the register of systems knows it."""

    subject: str
    """Staff number, or the certificate name of a system."""
    machine: bool
    """Whether it is a system calling on its own behalf."""
    posts: frozenset[str]
    """Posts by their names in the contract without the enum's prefix: CLERK, HEAD."""
    district: str
    """Six digits."""
    street: str
    """Nine digits; the district itself ends in 000; EVERY_STREET for systems that serve all."""
    level: str
    """STREET or DISTRICT."""
    unit: str = ""
    """Organ or section, as the single sign-on names it."""
    lines: tuple[str, ...] = ()
    """Lines of business the member of staff is appointed to."""
    system: str = ""
    """Which system it is, by its name in the contract without the enum's prefix: PORTAL; empty for staff."""


def current_caller() -> Caller:
    """The caller of the call under way; raises Unauthenticated in a call open to everyone that showed no token."""
    caller = _current.get()
    if caller is None:
        raise Unauthenticated
    return caller


def set_caller(caller: Caller | None) -> None:
    """Make `caller` the current one for the rest of this task: the interceptor's business, and of tests."""
    _current.set(caller)


def level_of(street: str) -> str:
    """The level of the place `street` stands for: the district's own code ends in 000."""
    return DISTRICT if street == EVERY_STREET or street.endswith("000") else STREET


def fingerprint(method: str, request: Message, without: Sequence[str] = ("after",)) -> bytes:
    """SHA-256 over the method and what is asked, the fields `without` left out: equal for a true repeat only."""
    asked = type(request)()
    asked.CopyFrom(request)
    for name in without:
        if name in asked.DESCRIPTOR.fields_by_name:
            asked.ClearField(name)
    return hashlib.sha256(method.encode() + b"\0" + asked.SerializeToString(deterministic=True)).digest()


_current: ContextVar[Caller | None] = ContextVar("current_caller", default=None)
