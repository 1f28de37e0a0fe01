"""Callers: members of staff by a token of the single sign-on, systems by certificate or token."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from google.protobuf.message import Message

from chassis.refusals import NotPermitted, Unauthenticated

STREET = "STREET"
DISTRICT = "DISTRICT"
EVERY_STREET = "*"
"""Street of a system that serves the whole district."""
NO_PLACE = ""
"""Street of a system that was registered without one: it acts and reads nowhere."""


class PlaceOfSystem(NotPermitted):
    """Staff claim a place that is reserved to a system, or a system has no place at which it may work."""

    default = "凭证中的地点不能用于办理业务：保留地点只供系统自检，系统须登记办理地点。"


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
    lines: tuple[str, ...] | None = None
    """Lines of business of the member of staff; None, for a token without that claim, means every line."""
    system: str = ""
    """Name of the system in the contract, without the prefix of the enum: PORTAL; empty for staff."""
    destinations: frozenset[str] | None = None
    """Destinations whose referrals a system works on; None where its registration names none."""

    @property
    def whole_name(self) -> str:
        """Kind, place and number in one text: `staff/440105008/NH001`, `machine/*/spiffe://onewindow.local/portal`.

        Two callers never share it, as they may share a number.
        """
        return f"{'machine' if self.machine else 'staff'}/{self.street}/{self.subject}"


PlaceCheck = Callable[[Caller, str], Awaitable[None]]
"""Passes a caller, who has seen the positions of the text (`after` of its request), or raises a refusal."""


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """Rules of callers' places: systems that are bound to one, and the check that a place exists."""

    bound: Mapping[str, str] = field(default_factory=dict)
    """Systems that work at one place alone, whatever their registration says, and the end of its code: nobody else may
    work there."""
    at_street: frozenset[str] = frozenset()
    """Systems that work at the one street that their registration names: never at every street or at the district."""
    exists: PlaceCheck | None = None
    """Passes callers whose place exists; None where no service says so."""

    def street_of(self, system: str, place: str, district: str) -> str:
        """The street of a system: that of its registration, or the one it is bound to."""
        return f"{district}{self.bound[system]}" if system in self.bound else place

    def fits(self, system: str, street: str) -> bool:
        """True unless the system works at one street, and this is none."""
        is_one = street != NO_PLACE and level_of(street) == STREET and not self._reserved(street)
        return is_one or system not in self.at_street

    def require(self, caller: Caller) -> None:
        """Passes a caller whose place is one at which it may work; raises PlaceOfSystem."""
        if caller.street == NO_PLACE or (self._reserved(caller.street) and caller.system not in self.bound):
            raise PlaceOfSystem

    def _reserved(self, street: str) -> bool:
        return street.endswith(tuple(self.bound.values()))


ANY_PLACE = PlaceRules()
"""No system is bound, and no place is reserved."""

_current: ContextVar[Caller | None] = ContextVar("current_caller", default=None)
_network: ContextVar[str] = ContextVar("network_of_stranger", default="")


def current_caller() -> Caller:
    """Caller of the current call; raises Unauthenticated in an open call without a token."""
    caller = _current.get()
    if caller is None:
        raise Unauthenticated
    return caller


def caller_or_network() -> str:
    """Whole name of the caller of the current call; the network of a stranger."""
    caller = _current.get()
    return _network.get() if caller is None else caller.whole_name


def set_caller(caller: Caller | None, network: str = "") -> None:
    """Sets the current caller for the rest of this task, or a stranger's network; for the interceptor and for tests."""
    _current.set(caller)
    _network.set(network)


def is_street(code: str, district: str) -> bool:
    """True for nine plain digits that begin with the district's."""
    return re.fullmatch(r"[0-9]{9}", code) is not None and code.startswith(district)


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
