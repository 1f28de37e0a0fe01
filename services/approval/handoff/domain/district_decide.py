"""Decision of the district: ends its leg, and the street's matter where the item says so. (行政许可法 38, 43)

It counts on the day on which it was made, whenever its report comes on file. Example: the district decides on Friday 14
October, the last day of the promise, and its report comes on Monday the 17th. Both legs close on the 14th, on time, and
the ten days of delivery count from there. (行政许可法 44)
"""

from dataclasses import dataclass
from datetime import date, timedelta

from law.not_allowed import Malformed, NotAllowed
from services.approval.domain.case.due_dates import with_void_cards
from services.approval.domain.case.facts import CaseDecided, DistrictDecided, Outcome, VaultText
from services.approval.domain.case.stages import CaseAct, allow, reportable_days, require_handed_over
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.values import DistrictAnswer


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """Report of a decision by the district's system; reasons by their keyed digest, empty without any."""

    report_key: str
    outcome: Outcome
    decided_on: date
    reasons: str = ""


class DistrictReasonsMissing(NotAllowed):
    """The district's refusal gives its reasons, as every refusal does."""

    sentence = "区作出不予许可的决定，应当说明理由。"
    article = "行政许可法 38"


class DecidedOtherwise(NotAllowed):
    """Another decision of the district is on file for this leg."""

    sentence = "该件区办理结果已登记，且与本次报送不一致。"


class AlreadyReturned(NotAllowed):
    """The district sent this referral back; its decision can only belong to the next one."""

    sentence = "该次转报已由区退回街道，不能再登记办理结果。"


class DecisionDateImpossible(Malformed):
    """The district decides on or after the day of the referral, and not on a day to come."""

    sentence = "区作出决定的日期应在{first}至{last}之间。"


def district_decide(case: Case, report: DecisionReport, today: date) -> list[DistrictDecided]:
    """The decision on the district's own leg; none when the same one is on file.

    A report may be pushed and pulled, under one key or two: equal contents are one decision. Raises NotWithDistrict,
    DistrictReasonsMissing, DecisionDateImpossible, AlreadyReturned, DecidedOtherwise, AlreadyWithdrawn.
    """
    require_handed_over(case)
    if report.outcome is Outcome.REFUSED and not report.reasons:
        raise DistrictReasonsMissing("reasons")
    first, last = reportable_days(case, today)
    if not first <= report.decided_on <= last:
        raise DecisionDateImpossible("decided_on", first=first, last=last)
    if case.closing is CaseClosing.RETURNED:
        raise AlreadyReturned
    if case.answer is not None:
        _check_repeat(case.answer, report)
        return []
    allow(case, CaseAct.DISTRICT_DECIDE)
    on_time, early = case.punctuality(_counted_day(case, report.decided_on))
    return with_void_cards(case, [_decided(case, report, today, (True, on_time, early))])


def decision_on_street_leg(case: Case, decision: DistrictDecided | CaseDecided) -> list[DistrictDecided]:
    """The district's decision on the street's leg, which closes by it while it waits.

    A leg that the referral has closed stays closed, with the decision on file.
    """
    report = _as_report(decision)
    closes = case.running_stage is CaseStage.REFERRED
    on_time, early = case.punctuality(_counted_day(case, report.decided_on)) if closes else (False, False)
    return with_void_cards(case, [_decided(case, report, decision.occurred_on, (closes, on_time, early))])


def _counted_day(case: Case, decided_on: date) -> date:
    """The day by which a decision is judged: the last one that counts, where a special procedure has not ended."""
    return decided_on if case.paused_on is None else min(decided_on, case.paused_on - timedelta(days=1))


def _as_report(decision: DistrictDecided | CaseDecided) -> DecisionReport:
    digest = decision.reasons.digest if decision.reasons else ""
    if isinstance(decision, DistrictDecided):
        return DecisionReport(decision.report_key, decision.outcome, decision.decided_on, digest)
    return DecisionReport(decision.decision_number, decision.outcome, decision.occurred_on, digest)


def _decided(case: Case, report: DecisionReport, on: date, closing_flags: tuple[bool, bool, bool]) -> DistrictDecided:
    closes, on_time, early = closing_flags
    return DistrictDecided(
        on,
        case.application_id,
        report_key=report.report_key,
        outcome=report.outcome,
        decided_on=report.decided_on,
        reasons=VaultText("district.reasons", report.reasons) if report.reasons else None,
        closes=closes,
        on_time=on_time,
        early=early,
        leg=case.leg,
        closed_on=report.decided_on if closes else None,
    )


def _check_repeat(on_file: DistrictAnswer, report: DecisionReport) -> None:
    """Passes for the decision on file once more; raises DecidedOtherwise with the first field that differs."""
    pairs = {
        "outcome": (on_file.outcome, report.outcome),
        "decided_on": (on_file.on, report.decided_on),
        "reasons": (on_file.reasons, report.reasons),
    }
    for field, (stored, reported) in pairs.items():
        if stored != reported:
            raise DecidedOtherwise(field)
