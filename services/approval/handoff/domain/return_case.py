"""Return of a referral by the district, with reasons: its leg ends, the street's goes on. (退回)"""

from dataclasses import replace
from datetime import date

from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import CaseReturned, VaultText
from services.approval.domain.case.stages import CaseAct, allow_report, require_handed_over
from services.approval.domain.case.state import Case, CaseClosing, CaseStage


class ReturnReasonsMissing(NotAllowed):
    """A return gives its reasons, since the street has to explain it to the applicant."""

    sentence = "区退回转报件，应当说明理由。"


class AlreadyDecided(NotAllowed):
    """The district decided this referral, so that it cannot be sent back."""

    sentence = "该件区已作出决定，不能退回。"


def return_case(case: Case, report_key: str, reasons: str, today: date) -> list[CaseReturned]:
    """The return on the district's own leg, reasons by their keyed digest; none when it is returned already."""
    require_handed_over(case)
    if not reasons:
        raise ReturnReasonsMissing("reasons")
    if case.closing is CaseClosing.RETURNED:
        return []
    if case.closing in (CaseClosing.GRANTED, CaseClosing.REFUSED):
        raise AlreadyDecided
    allow_report(case, CaseAct.RETURN)
    text = VaultText(f"return.{case.referral.attempt}.reasons", reasons)
    return [CaseReturned(today, case.application_id, report_key, text, case.referral.attempt, case.leg)]


def return_on_street_leg(case: Case, returned: CaseReturned) -> list[CaseReturned]:
    """The return on the street's leg, which waits for its head again; none when that leg ended otherwise."""
    waits = case.stage is CaseStage.REFERRED or case.closing is CaseClosing.REFERRED
    if not waits or returned.attempt != case.referral.attempt:
        return []
    return [replace(returned, application_id=case.application_id, leg=case.leg)]
