"""Recount of the open day of an application by a later calendar: of its answer, or of its correction.

The five days to answer run from the day on which all was there, those of a correction from the day of its notice; both
days are acts and stay, also where the new calendar makes one of them a day of rest. (行政许可法 32, 82) An application
that was answered, or has ended, has no open day: what was accepted is counted by approval.

Example: handed in whole on Tuesday 29 December 2026, an application was to be answered by Wednesday 6 January, when of
2027 nothing but the holidays of the Regulation was known. The notice gives rest on Monday the 4th as well: it is to be
answered by the 7th.
"""

from law import terms
from law.recount import DateKind, RecountCause, moved_dates
from law.term_clock import Due, TermClock
from law.term_proof import StoredDay
from law.terms import Unit
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import DatesRecounted
from services.intake.domain.application.state import Application, ApplicationStage, ComputedDay


def recount(application: Application, cause: RecountCause, day: OfficeDay) -> list[DatesRecounted]:
    """The open day by the calendar of the day; none for an application that stays as it is, or has none.

    Notices of releases up to 0.2, which did not say their days, have those of the day.
    """
    answer, supply = _answer(application, day), _supply(application, day)
    due, submission, correction = answer or supply, application.submission, application.correction
    if due is None or submission is None:
        return []
    moved = moved_dates(
        [
            (DateKind.ANSWER, application.answer_due_on, answer.due_on if answer else None),
            (DateKind.SUPPLY, correction.supply_by if correction else None, supply.due_on if supply else None),
        ]
    )
    if not moved and due.provisional == application.provisional:
        return []
    return [
        DatesRecounted(
            day.on,
            cause,
            moved,
            answer_due_on=answer.due_on if answer else None,
            supply_by=supply.due_on if supply else None,
            provisional=due.provisional,
            was_provisional=application.provisional,
            number=submission.serial_number,
        )
    ]


def stored_days(application: Application, supply_days: int) -> list[StoredDay]:
    """The last day to answer and that of the correction as they stand on file, with the terms that they end.

    Notices of releases up to 0.2, which did not say their days, had `supply_days`.
    """
    days, answer, supply = [], application.answer_day, application.supply_day
    if answer is not None and application.whole_since is not None:
        days.append(_stored(DateKind.ANSWER, TermClock.of(terms.ANSWER, application.whole_since), answer))
    if supply is not None and application.correction is not None:
        correction = application.correction
        term = TermClock(correction.occurred_on, correction.supply_days or supply_days, Unit.CALENDAR)
        days.append(_stored(DateKind.SUPPLY, term, supply))
    return days


def _stored(kind: DateKind, term: TermClock, day: ComputedDay) -> StoredDay:
    return StoredDay(kind, term, day.due_on, day.provisional, day.calendar_version)


def _answer(application: Application, day: OfficeDay) -> Due | None:
    if application.stage is not ApplicationStage.SUBMITTED or application.whole_since is None:
        return None
    return day.due_dates.due(application.whole_since, terms.ANSWER.days)


def _supply(application: Application, day: OfficeDay) -> Due | None:
    correction = application.correction
    if application.stage is not ApplicationStage.CORRECTION or correction is None:
        return None
    return day.due_dates.due(correction.occurred_on, correction.supply_days or day.supply_days, Unit.CALENDAR)
