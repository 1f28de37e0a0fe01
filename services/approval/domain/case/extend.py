"""Extension of the term, once, as the item's law knows it, approved by the head. (行政许可法 42)

Example: a limit of 20 working days may become 30 at most, and only before its last day has passed. A
promise that is not broken yet moves by the same days, so that the lamp follows the date that the applicant was told; a
broken one stays broken. The days count in the unit of the extension's article, also where the limit has another one.

Where organs act together the head of the government of that level approves. A 街道办事处 is no level of government and
the services know no post above the office, so that the head of the leg's place puts the approval on file.
"""

from dataclasses import dataclass, replace
from datetime import date

from law import terms
from law.desk import Actor, Post
from law.not_allowed import NotAllowed
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.facts import TermExtended, TermLedger, VaultText
from services.approval.domain.case.item import Extension, LimitUnit
from services.approval.domain.case.stages import CaseAct, allow, require_post
from services.approval.domain.case.state import Case

_STATUTORY = Extension(terms.EXTENSION.days, LimitUnit.WORKING_DAYS, terms.EXTENSION.article)
_UNITS = {LimitUnit.WORKING_DAYS: "个工作日", LimitUnit.CALENDAR_DAYS: "日"}


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
    """An extension has at most the days that the item's law allows."""

    sentence = "延长期限不得超过{most}{unit}。"
    article = terms.EXTENSION.article


class NoExtension(NotAllowed):
    """A term is extended only where the item's law knows an extension."""

    sentence = "本事项所依据的法律法规没有规定延期，办理期限不能延长。"
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
    if today > case.term.legal_due_on:
        raise TermIsOver(due_on=case.term.legal_due_on)
    ledger = extended_ledger(case, command.days, today)
    term = due_dates.recomputed_term(case, calendar, ledger)
    reason = VaultText("extension.reason", command.reason)
    return TermExtended(today, case.application_id, command.days, reason, term)


def extended_ledger(case: Case, days: int, on: date) -> TermLedger:
    """The ledger with an extension approved on a day, in the unit of its article; a promise that is broken stays so.

    Raises NoExtension, ExtensionTooLong.
    """
    known = case.item.extension or _STATUTORY
    if not known.days:
        raise NoExtension
    if days > known.days:
        raise ExtensionTooLong("days", most=known.days, unit=_UNITS[known.unit])
    promise_days = days if on <= case.term.promised_due_on else 0
    return replace(case.ledger, extension_days=days, extension_unit=known.unit, promise_extension_days=promise_days)
