"""Whose matter it is and who stands at the window: details that live in the vault, never in a fact. (行政许可法 29)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from law import identity
from law.identity import IdentityKind
from law.not_allowed import Malformed
from services.intake.domain.facts import ApplicantKind

_SHOWN_HEAD, _SHOWN_TAIL = 6, 2
_ORGANISED = (IdentityKind.CREDIT, IdentityKind.ORGANISATION)
_WANTED: Mapping[ApplicantKind, tuple[IdentityKind, ...]] = {
    ApplicantKind.PERSON: (IdentityKind.CITIZEN,),
    ApplicantKind.ENTERPRISE: _ORGANISED,
    ApplicantKind.OTHER: (*_ORGANISED, IdentityKind.CITIZEN),
}


class WrongIdentityNumber(Malformed):
    """A person has a citizen's number; an enterprise or organ has a credit code or an organisation code."""

    sentence = "此类申请人应填写{wanted}。"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose matter it is."""

    kind: ApplicantKind
    name: str
    identity_number: str
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """Who stands at the window for the applicant."""

    name: str
    identity_number: str
    phone: str = ""


def checked_number(number: str, kind: ApplicantKind, today: date, *, field: str) -> str:
    """The identity number in its normal form.

    Raises WrongIdentityNumber, or the Malformed that tells what is wrong with it; either names the field.
    """
    wanted = _WANTED[kind]
    try:
        found = _read(number, wanted, today)
    except Malformed as wrong:
        wrong.field = field
        raise
    if found.kind not in wanted:
        raise WrongIdentityNumber(field, wanted="或".join(wanted))
    return found.value


def _read(number: str, wanted: Sequence[IdentityKind], today: date) -> identity.Identity:
    """The number; what is wrong with it is told of the kind that is wanted, whatever its shape resembles."""
    try:
        return identity.check(number, today)
    except Malformed:
        if wanted != (IdentityKind.CITIZEN,):
            raise
        return identity.Identity(IdentityKind.CITIZEN, identity.citizen(number, today))


def mask_name(name: str) -> str:
    """The name as a list may show it: the first sign, and a star for each other one."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def mask_number(number: str) -> str:
    """The identity number as a document may show it: the place it begins with and its last two signs."""
    hidden = max(0, len(number) - _SHOWN_HEAD - _SHOWN_TAIL)
    return number[:_SHOWN_HEAD] + "*" * hidden + number[-_SHOWN_TAIL:] if hidden else "*" * len(number)
