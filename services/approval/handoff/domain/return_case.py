"""Return of a referral by the district, with reasons: its leg ends, the street's goes on. (退回)

The days from the day after the referral to the day of the return are out of the street's terms: it has the days that it
had left at the referral, of the promise and of the law. Where the promised day passed meanwhile and the matter was not
closed by its referral, the promise to the applicant is broken, and stays so.

Example: accepted on Tuesday 1 March 2016 with ten working days, referred on the 8th with five left, and returned on the
14th: the five are the 15th to the 21st.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from law.not_allowed import Malformed, NotAllowed
from law.two_clocks import Standstill, StandstillCause
from law.workdays import Calendar
from services.approval.domain.case import due_dates
from services.approval.domain.case.due_dates import with_void_cards
from services.approval.domain.case.facts import CaseReturned, VaultText
from services.approval.domain.case.item import TermLedger
from services.approval.domain.case.stages import CaseAct, allow, reportable_days, require_handed_over
from services.approval.domain.case.state import Case, CaseClosing


class ReturnReasonsMissing(NotAllowed):
    """A return gives its reasons, since the street has to explain it to the applicant."""

    sentence = "区退回转报件，应当说明理由。"


class AlreadyDecided(NotAllowed):
    """The district decided this referral, so that it cannot be sent back."""

    sentence = "该件区已作出决定，不能退回。"


class ReturnedOtherwise(NotAllowed):
    """Other reasons, or another day, of the return are on file for this referral."""

    sentence = "该次转报已由区退回街道，且退回理由或者日期与本次报送不一致。"


class ReturnDateImpossible(Malformed):
    """The district returns a matter on or after the day of the referral, and not on a day to come."""

    sentence = "区退回的日期应在{first}至{last}之间。"


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """Report of a return by the district's system; reasons by their keyed digest, empty without any."""

    report_key: str
    reasons: str
    returned_on: date | None = None
    """None for the day of recording."""


def return_case(case: Case, report: ReturnReport, today: date) -> list[CaseReturned]:
    """The return on the district's own leg; none when the same one is on file.

    Raises NotWithDistrict, ReturnReasonsMissing, ReturnDateImpossible, ReturnedOtherwise, AlreadyDecided,
    AlreadyWithdrawn.
    """
    require_handed_over(case)
    if not report.reasons:
        raise ReturnReasonsMissing("reasons")
    first, last = reportable_days(case, today)
    returned_on = report.returned_on or today
    if not first <= returned_on <= last:
        raise ReturnDateImpossible("returned_on", first=first, last=last)
    if case.closing is CaseClosing.RETURNED:
        _check_repeat(case, report)
        return []
    if case.closing in (CaseClosing.GRANTED, CaseClosing.REFUSED):
        raise AlreadyDecided
    allow(case, CaseAct.RETURN)
    attempt = case.referral.attempt
    text = VaultText(f"return.{attempt}.reasons", report.reasons)
    fact = CaseReturned(today, case.application_id, report.report_key, text, attempt, case.leg, returned_on)
    return with_void_cards(case, [fact])


def return_on_street_leg(case: Case, returned: CaseReturned, calendar: Calendar) -> list[CaseReturned]:
    """The return on the street's leg, which waits for its head again, with its dates from now on.

    None where it is on file already: a leg waits for the return of its newest referral, and nothing but the district's
    answer ends that.
    """
    if not case.at_district or returned.attempt != case.referral.attempt:
        return []
    on = returned.returned_on or returned.occurred_on
    term = due_dates.recomputed_term(case, calendar, _ledger_after(case, on))
    fact = replace(returned, application_id=case.application_id, leg=case.leg, returned_on=on, term=term)
    return with_void_cards(case, [fact])


def _ledger_after(case: Case, returned_on: date) -> TermLedger:
    """The street's ledger with the days that the district had the matter, and with a procedure that the return ended.

    Whether the promise was broken meanwhile is judged when the dates are counted.
    """
    referred_on, paused_on, ledger = case.referral.referred_on, case.paused_on, case.ledger
    if referred_on is None or returned_on <= referred_on:
        return ledger
    if paused_on is not None and paused_on <= returned_on:
        ended = Standstill(paused_on, returned_on, StandstillCause.SPECIAL_PROCEDURE, case.paused_for)
        ledger = ledger.with_standstill(ended)
    first_on, cause = referred_on + timedelta(days=1), StandstillCause.WITH_DISTRICT
    return ledger.with_standstill(Standstill(first_on, returned_on, cause, promise_ran=not case.closed))


def _check_repeat(case: Case, report: ReturnReport) -> None:
    """Passes for the return on file once more; raises ReturnedOtherwise with the first field that differs."""
    if case.answer is None:
        return
    if case.answer.reasons != report.reasons:
        raise ReturnedOtherwise("reasons")
    if report.returned_on not in (None, case.answer.on):
        raise ReturnedOtherwise("returned_on")
