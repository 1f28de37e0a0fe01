"""The district sends a referral back with reasons: its leg ends, the street takes the matter up again. (退回)"""

from datetime import date

from law.not_allowed import NotAllowed
from services.approval.domain.case import Case, Closing, Stage
from services.approval.domain.facts import CaseReturned, VaultText
from services.approval.domain.stages import Act, allow_report, require_handed_over


class ReturnReasonsMissing(NotAllowed):
    """The district says why it sends a referral back: the street has to answer for it to the applicant."""

    sentence = "区退回转报件，应当说明理由。"


class AlreadyDecided(NotAllowed):
    """The district decided this referral; what is decided cannot be sent back."""

    sentence = "该件区已作出决定，不能退回。"


def return_case(case: Case, report_key: str, reasons: str, today: date) -> list[CaseReturned]:
    """The return on the district's own leg, reasons by their keyed digest; nothing when it is returned already."""
    require_handed_over(case)
    if not reasons:
        raise ReturnReasonsMissing("reasons")
    if case.closing is Closing.RETURNED:
        return []
    if case.closing in (Closing.GRANTED, Closing.REFUSED):
        raise AlreadyDecided
    allow_report(case, Act.RETURN)
    text = VaultText(f"return.{case.referral.attempt}.reasons", reasons)
    return [CaseReturned(today, case.application_id, report_key, text, case.referral.attempt, case.leg)]


def hear_return(case: Case, told: CaseReturned) -> list[CaseReturned]:
    """The return on the street's leg, which waits for its head again; nothing when that leg ended otherwise."""
    waits = case.stage is Stage.REFERRED or case.closing is Closing.REFERRED
    if not waits or told.attempt != case.referral.attempt:
        return []
    return [CaseReturned(told.occurred_on, case.application_id, told.report_key, told.reasons, told.attempt, case.leg)]
