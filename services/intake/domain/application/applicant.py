"""The applicant and the agent: details that lie in the vault, never in a fact. (行政许可法 29)

They are checked at receipt, masked in lists and documents, and read by a desk that holds a pass. (个人信息保护法 6)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from law import identity
from law.desk import Place
from law.identity import IdentityKind
from law.not_allowed import Malformed, WrongDesk
from services.intake.domain.application.facts import ApplicantKind, ApplicantRead

STAFF = "staff"
"""Kind of a caller that is a person."""

_SHOWN_HEAD, _SHOWN_TAIL = 6, 2
_ORGANISED = (IdentityKind.CREDIT, IdentityKind.ORGANISATION)
_EXPECTED: Mapping[ApplicantKind, tuple[IdentityKind, ...]] = {
    ApplicantKind.PERSON: (IdentityKind.CITIZEN,),
    ApplicantKind.ENTERPRISE: _ORGANISED,
    ApplicantKind.OTHER: (*_ORGANISED, IdentityKind.CITIZEN),
}


class WrongIdentityNumber(Malformed):
    """A person has a citizen's number; an enterprise or organ has a credit code or an organisation code."""

    sentence = "此类申请人应填写{expected}。"


class AgentIsApplicant(Malformed):
    """An agent is another person than the applicant. (行政许可法 29)"""

    article = "行政许可法 29"
    sentence = "代理人与申请人是同一人，本人办理不填写代理人。"


class PassEnded(WrongDesk):
    """A read pass ends when its bearer gives the step back or completes it, and when the matter ends there."""

    article = "个人信息保护法 6"
    sentence = "阅卷凭证已随该环节的退领或办结失效。"


class PassOfAnotherDesk(WrongDesk):
    """A read pass serves its bearer alone, for the application it was given for. (个人信息保护法 6)"""

    article = "个人信息保护法 6"
    sentence = "阅卷凭证不属于本岗位，或不是为此申请签发的。"


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person or body whose matter it is."""

    kind: ApplicantKind
    name: str
    identity_number: str
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """The person who stands at the window in the applicant's place."""

    name: str
    identity_number: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """The applicant, and the agent if one stands at the window. (行政许可法 29)"""

    applicant: Applicant
    agent: Agent | None = None

    def checked(self, today: date) -> "People":
        """The same people with their numbers in normal form.

        Raises WrongIdentityNumber, AgentIsApplicant, ChildAlone, ChildAsAgent, or the refusal of law.identity that says
        what is wrong; each names the field.
        """
        applicant, agent = self.applicant, self.agent
        number = _checked(applicant.identity_number, applicant.kind, today, field="applicant.identity_number")
        if agent is not None:
            agents = _checked(agent.identity_number, ApplicantKind.PERSON, today, field="agent.identity_number")
            agent = replace(agent, identity_number=agents)
            if agents == number:
                raise AgentIsApplicant("agent.identity_number")
            if identity.is_child(agents, today):
                raise identity.ChildAsAgent("agent.identity_number")
        elif applicant.kind is ApplicantKind.PERSON and identity.is_child(number, today):
            raise identity.ChildAlone("agent")
        return People(replace(applicant, identity_number=number), agent)


@dataclass(frozen=True, slots=True)
class ReadPass:
    """Claims of a pass: the application and the case for which it was given, and its bearer."""

    application_id: str
    case_id: UUID
    bearer: str
    """Staff number, or the certificate name of a system."""
    at_district: bool = False
    """True for a pass given at the district's leg."""
    kind: str = ""
    """Kind of the bearer, staff or machine; empty in passes of releases up to 0.2."""
    street: str = ""
    """Place of the bearer; empty for a system, whose name is its own."""
    revision: int = 0
    """Revision of the case with which it was given; 0 in passes of releases up to 0.2."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Caller who shows a pass: kind, place, number."""

    kind: str
    place: Place
    number: str


def mask_name(name: str) -> str:
    """The name as a list may show it: its first sign, and a star for each other one."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def mask_number(number: str) -> str:
    """The identity number as a document may show it: the place it begins with and its last two signs."""
    hidden = max(0, len(number) - _SHOWN_HEAD - _SHOWN_TAIL)
    return number[:_SHOWN_HEAD] + "*" * hidden + number[-_SHOWN_TAIL:] if hidden else "*" * len(number)


def require_bearer(shown: ReadPass, reader: Reader, home: Place) -> None:
    """Passes the bearer of a pass for an application at `home`; raises PassOfAnotherDesk."""
    if shown.bearer != reader.number or not _is_bearer(shown, reader, home):
        raise PassOfAnotherDesk("read_pass")


def read_applicant(shown: ReadPass, ended: int, today: date) -> ApplicantRead:
    """The use of a pass; raises PassEnded. `ended` is the revision of the case by which its earlier passes ended."""
    if 0 < shown.revision < ended:
        raise PassEnded("read_pass")
    return ApplicantRead(today, shown.bearer, str(shown.case_id))


def _is_bearer(shown: ReadPass, reader: Reader, home: Place) -> bool:
    """True where kind and place are the bearer's; in an older pass they follow from its leg."""
    if shown.kind:
        return (shown.kind, shown.street) == (reader.kind, reader.place.street if reader.kind == STAFF else "")
    at = Place.of_district(home.district) if shown.at_district else home
    return reader.place == at if reader.kind == STAFF else shown.at_district


def _checked(number: str, kind: ApplicantKind, today: date, *, field: str) -> str:
    expected = _EXPECTED[kind]
    try:
        found = _parsed(number, expected, today)
    except Malformed as wrong:
        wrong.field = field
        raise
    if found.kind not in expected:
        raise WrongIdentityNumber(field, expected="或".join(expected))
    return found.value


def _parsed(number: str, expected: Sequence[IdentityKind], today: date) -> identity.Identity:
    """The number. A fault is that of the expected kind, whatever other kind the number resembles."""
    try:
        return identity.check(number, today)
    except Malformed:
        if expected != (IdentityKind.CITIZEN,):
            raise
        return identity.Identity(IdentityKind.CITIZEN, identity.citizen(number, today))
