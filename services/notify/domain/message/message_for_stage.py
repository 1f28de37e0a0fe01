"""The message for each stage of a matter: its template and the values that the stage gives.

To add a message:

1. its text in `services/notify/templates/messages.toml`, with the next free code, and the code in
   `MessageCode` of `domain/facts.py`;
2. a rule below, and its case in `message_for`; a stage that is not reported yet goes into `domain/stage_reports.py` and
   is read from its event in `adapters/matter/project_intake.py` or `project_approval.py`;
3. its line in `tests/unit/notify/test_message_for_stage.py`, then `python -m tools.rules_index`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from law.not_allowed import rule
from law.terms import Unit
from services.notify.domain.facts import MessageCode
from services.notify.domain.stage_reports import (
    AcceptanceStage,
    CorrectionStage,
    DecisionStage,
    ExtensionStage,
    LateWithdrawalStage,
    NonAcceptanceStage,
    PauseStage,
    RecountStage,
    ReferralStage,
    ResumptionStage,
    ReturnStage,
    StageReport,
    WithdrawalStage,
)
from services.notify.domain.template.text import provisional_mark, written_date


@dataclass(frozen=True, slots=True)
class MessageContent:
    """A template by its code, and the values of its placeholders that the stage gives."""

    template: MessageCode
    particulars: Mapping[str, str]


def message_for(report: StageReport) -> MessageContent | None:
    """The message about a stage; None for a stage without one and at the reserved place."""
    if reserved_place_is_silent(report):
        return None
    match report.stage:
        case AcceptanceStage() as accepted:
            return acceptance_message(accepted)
        case CorrectionStage() as correction:
            return correction_message(correction)
        case NonAcceptanceStage() as declined:
            return non_acceptance_message(declined)
        case ReferralStage() as referred:
            return referral_message(referred, written_date(report.occurred_on))
        case ReturnStage() as returned:
            return return_message(returned)
        case PauseStage() as paused:
            return pause_message(paused)
        case ResumptionStage() as resumed:
            return resumption_message(resumed)
        case ExtensionStage() as extended:
            return extension_message(extended)
        case RecountStage() as recounted:
            return recount_message(recounted)
        case DecisionStage():
            return decision_message()
        case WithdrawalStage(date() as withdrawn_on):
            return withdrawal_message(withdrawn_on)
        case LateWithdrawalStage() as late:
            return late_withdrawal_message(late)
    return None


@rule()
def reserved_place_is_silent(report: StageReport) -> bool:
    """At the reserved place, where the cluster tests itself, no message is written."""
    return report.place.synthetic


@rule("行政许可法 32")
def acceptance_message(stage: AcceptanceStage) -> MessageContent:
    """N01: an accepted application is announced with the promised day; the text adds number and query code."""
    return MessageContent(MessageCode.ACCEPTED, _last_day(stage.promised_due_on, provisional=stage.provisional))


@rule("行政许可法 32(4)")
def correction_message(stage: CorrectionStage) -> MessageContent:
    """N02: a request for corrections is announced with the number of materials, the last day and the letter.

    N13: so is a supplement to it, with the materials that are still defective and a last day of its own.
    """
    particulars = {
        "n": str(stage.shortfalls),
        **_last_day(stage.supply_by, provisional=stage.provisional),
        "doc": stage.letter_number,
    }
    code = MessageCode.TO_CORRECT_AGAIN if stage.supplement else MessageCode.TO_CORRECT
    return MessageContent(code, particulars)


@rule("行政许可法 32")
def non_acceptance_message(stage: NonAcceptanceStage) -> MessageContent:
    """N03: non-acceptance is announced with the number of the letter that holds reasons and remedies."""
    return MessageContent(MessageCode.NOT_ACCEPTED, {"doc": f"决定书{stage.letter_number}"})


@rule("行政许可法 35")
def referral_message(stage: ReferralStage, referred_on: str) -> MessageContent:
    """N04: a referral to the district is announced with its day and the organ that decides."""
    return MessageContent(MessageCode.REFERRED, {"date": referred_on, "org": stage.decided_by})


@rule("优化营商环境条例 36")
def return_message(stage: ReturnStage) -> MessageContent:
    """N19: a return by the district is announced with the last day from now on; N20: with regret, once it is too late.

    The promise was for another day, and the applicant does not have to ask what became of it.
    """
    code = MessageCode.RETURNED_LATE if stage.promise_broken else MessageCode.RETURNED
    return MessageContent(code, _last_day(stage.due_on, provisional=stage.provisional))


@rule("行政许可法 45")
def pause_message(stage: PauseStage) -> MessageContent:
    """N15: a special procedure is announced with its kind and its expected end; its days do not count.

    N05: that of a release up to 0.2.0 with the days expected. N16: one of the district, which tells no time.
    """
    if stage.expected_end_on is not None:
        until = written_date(stage.expected_end_on) + provisional_mark(stage.provisional)
        return MessageContent(MessageCode.PAUSED_UNTIL, {"kind": stage.procedure, "until": until})
    if not stage.expected_days:
        return MessageContent(MessageCode.PAUSED_OPEN, {"kind": stage.procedure})
    return MessageContent(MessageCode.PAUSED, {"kind": stage.procedure, "days": str(stage.expected_days)})


@rule("行政许可法 45")
def resumption_message(stage: ResumptionStage) -> MessageContent:
    """N14: the end of a special procedure is announced with its kind and the promised day from now on."""
    last_day = _last_day(stage.promised_due_on, provisional=stage.provisional)
    return MessageContent(MessageCode.RESUMED, {"kind": stage.procedure, **last_day})


@rule("行政许可法 42")
def extension_message(stage: ExtensionStage) -> MessageContent:
    """N06: an extension is announced with its days and the new promised day; N17: that of calendar days.

    N18: one after the promise was broken, with the law's new last day, since the promise stays as it was. N23, N24: the
    same of organs that act together, with the government that approved it and the number of its document.
    """
    in_working, broken = stage.unit is Unit.WORKING, stage.legal_due_on is not None
    span = f"{stage.days}{'个工作日' if in_working else '日'}"
    if stage.approved_by:
        last_day = _last_day(stage.legal_due_on or stage.promised_due_on, provisional=stage.provisional)
        joint = MessageCode.EXTENDED_JOINTLY_IN_LAW if broken else MessageCode.EXTENDED_JOINTLY
        return MessageContent(joint, {"org": stage.approved_by, "doc": stage.approval_number, "days": span, **last_day})
    if stage.legal_due_on is not None:
        last_day = _last_day(stage.legal_due_on, provisional=stage.provisional)
        return MessageContent(MessageCode.EXTENDED_IN_LAW, {"days": span, **last_day})
    last_day = _last_day(stage.promised_due_on, provisional=stage.provisional)
    code = MessageCode.EXTENDED if in_working else MessageCode.EXTENDED_BY_DAYS
    return MessageContent(code, {"days": str(stage.days), **last_day})


@rule("行政许可法 82")
def recount_message(stage: RecountStage) -> MessageContent:
    """N21, N22: a promised day or the last day of a correction that a publication of holidays moved is told anew."""
    template = MessageCode.SUPPLY_MOVED if stage.supply else MessageCode.PROMISE_MOVED
    return MessageContent(template, {"date": written_date(stage.day)})


@rule("行政许可法 44")
def decision_message() -> MessageContent:
    """N07: a decision is announced with place and hours of collection."""
    return MessageContent(MessageCode.DECIDED, {})


@rule()
def withdrawal_message(withdrawn_on: date) -> MessageContent:
    """N11: the end of an accepted matter by the applicant's withdrawal is confirmed with the day of it."""
    return MessageContent(MessageCode.WITHDRAWN, {"date": written_date(withdrawn_on)})


@rule()
def late_withdrawal_message(stage: LateWithdrawalStage) -> MessageContent:
    """N12: a withdrawal that came too late is answered with its day; the decision is announced by its own message."""
    return MessageContent(MessageCode.WITHDRAWAL_TOO_LATE, {"date": written_date(stage.withdrawn_on)})


def _last_day(on: date, *, provisional: bool) -> dict[str, str]:
    mark = provisional_mark(provisional)
    return {"date": written_date(on)} | ({"mark": mark} if mark else {})
