"""Extension of the term, once, by at most ten working days, approved by the head. (行政许可法 42)

Example: a limit of 20 working days may become 30 at most, and only before its last day has passed. A
promise that is not broken yet moves by the same days, so that the lamp follows the date that the applicant was told; a
broken one stays broken. The days are working days, also where the limit is in calendar days.
"""

from dataclasses import dataclass, replace
from datetime import date

from law import terms
from law.desk import Actor, Post
from law.not_allowed import NotAllowed
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import TermExtended, VaultText
from services.approval.domain.case.item import LimitUnit
from services.approval.domain.case.stages import CaseAct, allow, require_post
from services.approval.domain.case.state import Case


@dataclass(frozen=True, slots=True)
class Extend:
    """Extension that the head approves; the reason for the applicant by its keyed digest."""

    actor: Actor
    days: int
    reason: str


class AlreadyExtended(NotAllowed):
    """The term of a case can be extended once."""

    sentence = "办理期限只能延长一次。"
    article = terms.EXTENSION.article


class ExtensionTooLong(NotAllowed):
    """An extension has at most ten working days."""

    sentence = f"延长期限不得超过{terms.EXTENSION.days}个工作日。"
    article = terms.EXTENSION.article


class TermIsOver(NotAllowed):
    """A term is extended before its last day in law has passed, not afterwards."""

    sentence = "法定期限已于{due_on}届满，不能再延长。"
    article = terms.EXTENSION.article


def extend(case: Case, command: Extend, today: date, calendar: Calendar) -> TermExtended:
    """The extension, with the dates from now on."""
    allow(case, CaseAct.EXTEND)
    require_post(case, command.actor, Post.HEAD)
    if case.extended_by:
        raise AlreadyExtended
    if command.days > terms.EXTENSION.days:
        raise ExtensionTooLong("days")
    if today > case.term.legal_due_on:
        raise TermIsOver(due_on=case.term.legal_due_on)
    moves = today <= case.term.promised_due_on  # a promise that is broken stays broken
    ledger = replace(
        case.ledger,
        extension_days=command.days,
        extension_unit=LimitUnit.WORKING_DAYS,
        promise_extension_days=command.days if moves else 0,
    )
    term = due_dates.recomputed_term(case, calendar, ledger)
    reason = VaultText("extension.reason", command.reason)
    return TermExtended(today, case.application_id, command.days, reason, term)
