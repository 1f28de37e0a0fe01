"""Withdrawal by the applicant after acceptance: it ends the leg at which the matter stands. (撤回)

Until the matter is decided the applicant may withdraw, and the leg where it stands is the one place that says which of
the two was first: the street's leg, or the district's while it has the matter. A referral ends the street's part of a
matter, not the matter. A withdrawal that met a decision ends nothing and is answered by a fact of its own.

Example: the street's leg closes by its referral on Monday, the applicant withdraws on Tuesday. The street's leg does
nothing by itself. If the district's leg is open, it ends, and the street's leg ends as withdrawn with it. If the
district has decided on Monday already, the street's leg says that the withdrawal came too late.
"""

from datetime import date

from services.approval.domain.case.due_dates import with_void_cards
from services.approval.domain.case.facts import CaseWithdrawn, Leg, Outcome, WithdrawalTooLate
from services.approval.domain.case.stages import POSSIBLE, CaseAct
from services.approval.domain.case.state import Case, CaseClosing


def withdraw(case: Case, on: date) -> list[CaseWithdrawn | WithdrawalTooLate]:
    """The end of an open leg, or the answer of the street's leg that the decision was first.

    None on a street's leg while the district has the matter, since the district's leg says it, and none on a leg that
    has said it already.
    """
    if case.at_district:
        return []
    if case.decided_on is None and CaseAct.WITHDRAW in POSSIBLE[case.stage]:
        return [*with_void_cards(case, [CaseWithdrawn(on, case.application_id, case.leg)])]
    answered = case.closing is CaseClosing.WITHDRAWN or case.decision.withdrawal_too_late_on is not None
    return [] if answered or case.leg is not Leg.STREET else [_too_late(case, on)]


def withdrawal_on_street_leg(case: Case, withdrawn: CaseWithdrawn) -> list[CaseWithdrawn | WithdrawalTooLate]:
    """The withdrawal of the district's leg on the street's, also where the referral has closed it."""
    if case.at_district:
        return [*with_void_cards(case, [CaseWithdrawn(withdrawn.occurred_on, case.application_id, case.leg)])]
    return withdraw(case, withdrawn.occurred_on)


def unanswered_withdrawal(case: Case, on: date, *, ended_at_district: bool) -> list[CaseWithdrawn | WithdrawalTooLate]:
    """The answer of the street's leg to a withdrawal that earlier releases left without one.

    They told the street nothing when the withdrawal had ended the district's leg, and nothing of one that met a
    decision or a return. None where the answer is on file, or the district has yet to say it.
    """
    if ended_at_district:
        return withdrawal_on_street_leg(case, CaseWithdrawn(on, case.application_id, Leg.DISTRICT))
    return withdraw(case, on)


def _too_late(case: Case, on: date) -> WithdrawalTooLate:
    if case.answer is not None and case.answer.outcome is not None:
        outcome, decided_on, decided_by = case.answer.outcome, case.answer.on, Leg.DISTRICT
    else:
        assert case.closing is not None and case.closed_on is not None, "a leg that nothing ends is closed"
        outcome, decided_on, decided_by = Outcome[case.closing.name], case.closed_on, Leg.STREET
    return WithdrawalTooLate(
        max(on, decided_on),
        case.application_id,
        withdrawn_on=on,
        outcome=outcome,
        decided_on=decided_on,
        decided_by=decided_by,
        leg=case.leg,
    )
