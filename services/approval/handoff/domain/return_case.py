"""Return of a referral by the district, with reasons: its leg ends, the street's goes on. (退回)"""

from dataclasses import replace
from datetime import date

from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import CaseReturned, VaultText
from services.approval.domain.case.stages import CaseAct, allow, require_handed_over
from services.approval.domain.case.state import Case, CaseClosing


class ReturnReasonsMissing(NotAllowed):
    """A return gives its reasons, since the street has to explain it to the applicant."""

    sentence = "区退回转报件，应当说明理由。"


class AlreadyDecided(NotAllowed):
    """The district decided this referral, so that it cannot be sent back."""

    sentence = "该件区已作出决定，不能退回。"


class ReturnedOtherwise(NotAllowed):
    """Other reasons of the return are on file for this referral."""

    sentence = "该次转报已由区退回街道，且退回理由与本次报送不一致。"


def return_case(case: Case, report_key: str, reasons: str, today: date) -> list[CaseReturned]:
    """The return on the district's own leg, reasons by their keyed digest; none when the same one is on file.

    Raises NotWithDistrict, ReturnReasonsMissing, ReturnedOtherwise, AlreadyDecided, AlreadyWithdrawn.
    """
    require_handed_over(case)
    if not reasons:
        raise ReturnReasonsMissing("reasons")
    if case.closing is CaseClosing.RETURNED:
        if case.answer is not None and case.answer.reasons != reasons:
            raise ReturnedOtherwise("reasons")
        return []
    if case.closing in (CaseClosing.GRANTED, CaseClosing.REFUSED):
        raise AlreadyDecided
    allow(case, CaseAct.RETURN)
    text = VaultText(f"return.{case.referral.attempt}.reasons", reasons)
    return [CaseReturned(today, case.application_id, report_key, text, case.referral.attempt, case.leg)]


def return_on_street_leg(case: Case, returned: CaseReturned) -> list[CaseReturned]:
    """The return on the street's leg, which waits for its head again.

    None where it is on file already: a leg waits for the return of its newest referral, and nothing but the district's
    answer ends that.
    """
    if not case.at_district or returned.attempt != case.referral.attempt:
        return []
    return [replace(returned, application_id=case.application_id, leg=case.leg)]
