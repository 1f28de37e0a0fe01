"""Special procedures in the state of a case, and the fold of their facts. (行政许可法 45)"""

from dataclasses import dataclass, replace
from datetime import date

from services.approval.domain.case import facts


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
