"""Whose matter it is and who stands at the window: for the vault, and sealed for notify, never for a fact."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from services.intake.domain.applicant import Agent, Applicant, checked_number, mask_number
from services.intake.domain.facts import ApplicantKind

APPLICANT = "applicant"
AGENT = "agent"
"""Names of the texts in an application's vault: JSON of the dataclass of the same name."""


@dataclass(frozen=True, slots=True)
class People:
    """The applicant, and the agent where one stands at the window. (行政许可法 29)"""

    applicant: Applicant
    agent: Agent | None = None

    def checked(self, today: date) -> "People":
        """The same with their numbers in normal form; raises a Malformed that names the field."""
        applicant, agent = self.applicant, self.agent
        number = checked_number(
            applicant.identity_number, applicant.kind, today, field="submission.applicant.identity_number"
        )
        if agent is not None:
            agents = checked_number(
                agent.identity_number, ApplicantKind.PERSON, today, field="submission.agent.identity_number"
            )
            agent = replace(agent, identity_number=agents)
        return People(replace(applicant, identity_number=number), agent)


def texts(people: People) -> Mapping[str, str]:
    """The texts of the vault."""
    kept = {APPLICANT: _json(people.applicant)}
    return kept if people.agent is None else {**kept, AGENT: _json(people.agent)}


def people_of(kept: Mapping[str, bytes]) -> People | None:
    """Who they are, by the texts of the vault; None once the file is erased."""
    if APPLICANT not in kept:
        return None
    told = json.loads(kept[APPLICANT])
    applicant = Applicant(**{**told, "kind": ApplicantKind(told["kind"])})
    return People(applicant, Agent(**json.loads(kept[AGENT])) if AGENT in kept else None)


def envelope(people: People, index: str, query_code: str) -> Mapping[str, object]:
    """What notify needs of the person, for documents and messages."""
    applicant = people.applicant
    return {
        "kind": "applicant",
        "name": applicant.name,
        "phone": applicant.phone,
        "address": applicant.address,
        "agent": people.agent.name if people.agent else "",
        "identity_masked": mask_number(applicant.identity_number),
        "identity_index": index,
        "query_code": query_code,
    }


def _json(person: Applicant | Agent) -> str:
    return json.dumps(asdict(person), ensure_ascii=False, separators=(",", ":"))
