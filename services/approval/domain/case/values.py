"""Values in the state of a case: opinions, referral and its answer, decision, special procedures."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from law.desk import Place
from services.approval.domain.case import facts
from services.approval.domain.case.facts import Opinion, Outcome, VaultText


@dataclass(frozen=True, slots=True)
class StepOpinion:
    """An opinion on file."""

    step: str
    staff_no: str
    opinion: Opinion
    given_on: date


@dataclass(frozen=True, slots=True)
class Referral:
    """Link of a leg to the other leg: which referral it is, and its receipt at the district."""

    attempt: int = 0
    case_id: UUID | None = None
    place: Place | None = None
    destination: str = ""
    opinion: VaultText | None = None
    package_digest: str = ""
    referred_on: date | None = None
    acknowledged: bool = False
    received_on: date | None = None
    """The day on which the district received it; after a loss there, the day on which it received it again."""
    district_number: str = ""


NOT_REFERRED = Referral()
"""That of a leg that was not referred."""


@dataclass(frozen=True, slots=True)
class DistrictAnswer:
    """Answer of the district to a referral: its decision, or its return."""

    on: date
    """The day of the decision or of the return."""
    outcome: Outcome | None = None
    """None for a return."""
    reasons: str = ""
    """Keyed digest, hex; empty without any."""


@dataclass(frozen=True, slots=True)
class DecisionOnFile:
    """The decision of the street on file, and the withdrawal that met one."""

    number: str = ""
    """Its letter number; empty without a decision of the street."""
    withdrawal_too_late_on: date | None = None
    """The day of a withdrawal that met the decision of street or district, on the street's leg."""


UNDECIDED = DecisionOnFile()
"""That of a leg without a decision of the street."""


@dataclass(frozen=True, slots=True)
class CaseProcedures:
    """Special procedures of a case: the order that waits for the head, the one for which the clock stands."""

    ordered: int = 0
    """Number of those ordered so far, which names their reasons in the vault."""
    waiting: facts.ProcedureOrdered | None = None
    running: facts.TermPaused | None = None
    overdue: bool = False
    """True when the running one should have ended, and that is on file."""

    @property
    def code(self) -> str:
        """Code of the running one; empty without one."""
        if self.running is None:
            return ""
        return self.running.kind.code if self.running.kind is not None else self.running.procedure.name.lower()

    @property
    def overdue_on(self) -> date | None:
        """The day from which the running one is overdue; None when that is on file, and without an expected end."""
        expected = self.running.expected if self.running is not None else None
        return expected.overdue_on if expected is not None and not self.overdue else None


NO_PROCEDURES = CaseProcedures()
"""Those of a case that has had none."""


def with_procedure(
    of: CaseProcedures,
    fact: facts.TermPaused | facts.ProcedureOrdered | facts.ProcedureDeclined | facts.ProcedureOverdue,
) -> CaseProcedures:
    """The special procedures after one more fact; a resumption ends them with the term."""
    match fact:
        case facts.ProcedureOrdered():
            return replace(of, ordered=of.ordered + 1, waiting=fact)
        case facts.ProcedureDeclined():
            return replace(of, waiting=None)
        case facts.TermPaused():
            ordered = of.ordered if of.waiting is not None else of.ordered + 1
            return replace(of, ordered=ordered, waiting=None, running=fact)
        case facts.ProcedureOverdue():
            return replace(of, overdue=True)
