"""Extension of the term, once, as the item's law knows it, approved by the head. (行政许可法 42)

Example: a limit of 20 working days may become 30 at most, and only before its last day has passed; a
provisional one has not while a notice may still make it later. A promise that is not broken yet moves by the
same days, so that the lamp follows the date that the applicant was told; a broken one stays broken. The days
count in the unit of the extension's article, also where the limit has another one.

Where organs act together the head of the government of that level approves. A 街道办事处 is no level of government and
the services know no post above the office, so that the head of the leg's place puts the approval on file: the
government, the number of its document, and its day.
"""

from dataclasses import dataclass
from datetime import date

from law.desk import Actor, Post
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import TermExtended, VaultText
from services.approval.domain.case.item import GovernmentApproval
from services.approval.domain.case.stages import (
    AlreadyExtended,
    CaseAct,
    TermIsOver,
    allow,
    extended_ledger,
    require_post,
)
from services.approval.domain.case.state import Case


@dataclass(frozen=True, slots=True)
class Extend:
    """Extension that the head approves; the reason for the applicant by its keyed digest."""

    actor: Actor
    days: int
    reason: str
    approval: GovernmentApproval | None = None
    """None where the head of the office approves alone."""


def extend(case: Case, command: Extend, today: date, calendar: Calendar) -> TermExtended:
    """The extension, with the dates from now on."""
    allow(case, CaseAct.EXTEND)
    require_post(case, command.actor, Post.HEAD)
    if case.extended_by:
        raise AlreadyExtended
    last_on = due_dates.last_legal_day(case, calendar)
    if today > last_on:
        raise TermIsOver(due_on=last_on)
    ledger = extended_ledger(case, command.days, today, command.approval)
    term = due_dates.recomputed_term(case, calendar, ledger)
    reason = VaultText("extension.reason", command.reason)
    return TermExtended(today, case.application_id, command.days, reason, term)
