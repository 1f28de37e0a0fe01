"""Comparison of our leg with the district's own record of it, and the advice that follows. (对账)"""

from dataclasses import dataclass
from enum import StrEnum

from services.approval.domain.case.state import Case, CaseClosing


class LegEnding(StrEnum):
    """State of a leg in words that both sides have."""

    OPEN = "办理中"
    GRANTED = "准予"
    REFUSED = "不予"
    RETURNED = "已退回"
    WITHDRAWN = "已撤回"
    UNSTATED = "未说明"


class Verdict(StrEnum):
    """Result of the comparison of one leg."""

    MATCHED = "一致"
    UNDER_WAY = "在途"
    """A package or a withdrawal is on its way between the two: no difference yet."""
    CROSSED = "交错"
    """The district ended the leg before it could know of the withdrawal: both sides are right, and stay as they are."""
    ONLY_HERE = "只在本方"
    ONLY_THERE = "只在区里"
    DIFFERS = "不一致"


class Advice(StrEnum):
    """Instruction for the person who settles a difference."""

    NONE = ""
    HAND_OVER_AGAIN = "区里没有此件：请区查找；确已丢失的，加 --send-again 按原键重新送交"
    REFUSED_THERE = "区拒收：按拒收理由补正或与区核对接口，解决后加 --send-again 重新送交"
    ENTER_THERE = "本方已有结果，区里没有此件：请区按本方案卷补录"
    END_THERE = "本方已有结果，区里仍在办：请区补录结果"
    REPORT_AGAIN = "区里已有结果，但所报内容未能登记（见 approval 日志 district_change_refused）：请区更正后重报"
    WITHDRAW_HERE = "区里已按撤回处理，本方没有撤回：向申请人核实，确已撤回的由街道补登"
    WITHDRAW_THERE = "申请人已撤回，区里仍在办：电话告知区停办"
    SETTLE = "两边结果不同：与区核对原件，由登记有误的一方更正，以送达申请人的决定为准"
    CHECK_NUMBER = "区编号不同：与区核对是否同一件"
    CHECK_DAYS = "日期不同：与区核对原件，由登记有误的一方更正"
    REFER_AGAIN = "本方没有此次转报：请街道对该件重新转报，仍是原键，区不会重复收件；随后再对账一次"
    FIND_HERE = "本方没有此件：向区索取材料清单和办件编号，由街道补录"


_DECIDED = (LegEnding.GRANTED, LegEnding.REFUSED)
_ENDINGS = {
    None: LegEnding.OPEN,
    CaseClosing.GRANTED: LegEnding.GRANTED,
    CaseClosing.REFUSED: LegEnding.REFUSED,
    CaseClosing.RETURNED: LegEnding.RETURNED,
    CaseClosing.WITHDRAWN: LegEnding.WITHDRAWN,
}
_ON_ITS_WAY = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class HandoffState:
    """State of the obligations of one leg; an empty state means that none was owed."""

    package: str = ""
    withdrawal: str = ""
    district_number: str = ""
    refusal: str = ""
    """Reason of the district for refusing the package, in its own words."""


@dataclass(frozen=True, slots=True)
class LegRecord:
    """A leg as one side has it; days as YYYY-MM-DD, empty where there is none."""

    district_number: str
    received_on: str
    ending: LegEnding
    decided_on: str
    returned_on: str = ""
    """Empty as well for a district that lists no day of a return."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Verdict on one leg, the fields in which the two sides differ, and the advice."""

    verdict: Verdict
    differing: tuple[str, ...] = ()
    """Fields of LegRecord."""
    advice: Advice = Advice.NONE


@dataclass(frozen=True, slots=True)
class Difference:
    """One leg that does not simply match."""

    key: str
    """Key of the hand-off, as the district knows it: the id of our leg."""
    number: str
    """办件编号; empty when no file of ours is known."""
    street: str
    comparison: Comparison
    ours: LegRecord | None
    theirs: LegRecord | None
    refusal: str = ""
    """Reason of the district for refusing the package, in its own words."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Result of a whole comparison."""

    compared: int
    """Legs of ours that were compared with the district's list."""
    read_in: int
    """Legs on which a report of the district was put on file meanwhile."""
    differences: tuple[Difference, ...]
    """Every leg that does not simply match."""

    def with_verdict(self, *verdicts: Verdict) -> tuple[Difference, ...]:
        """The differences of these kinds."""
        return tuple(each for each in self.differences if each.comparison.verdict in verdicts)

    @property
    def unmatched(self) -> tuple[Difference, ...]:
        """The differences that a person must settle."""
        return self.with_verdict(Verdict.ONLY_HERE, Verdict.ONLY_THERE, Verdict.DIFFERS)

    @property
    def matched(self) -> int:
        """Number of our legs on which both sides agree."""
        return self.compared - len(self.differences) + len(self.with_verdict(Verdict.ONLY_THERE))


_MATCHED, _UNDER_WAY = Comparison(Verdict.MATCHED), Comparison(Verdict.UNDER_WAY)


def our_record(leg: Case, handoff: HandoffState) -> LegRecord:
    """The leg as our files have it."""
    referral = leg.referral
    return LegRecord(
        district_number=referral.district_number or handoff.district_number,
        received_on=referral.received_on.isoformat() if referral.received_on else "",
        ending=_ENDINGS.get(leg.closing, LegEnding.UNSTATED),
        decided_on=leg.decided_on.isoformat() if leg.decided_on else "",
        returned_on=leg.closed_on.isoformat() if leg.closing is CaseClosing.RETURNED and leg.closed_on else "",
    )


def compare(leg: Case, handoff: HandoffState, theirs: LegRecord | None) -> Comparison:
    """The comparison of our leg with the district's record; None for a leg that the district does not know."""
    if theirs is None:
        return _unknown_to_district(leg, handoff)
    ours = our_record(leg, handoff)
    differing = tuple(_differing(leg, ours, theirs))
    if not differing:
        return _MATCHED
    # A withdrawal meets the district at any moment, so that it has verdicts of its own.
    if "ending" in differing and leg.closing is CaseClosing.WITHDRAWN:
        return _withdrawn_by_applicant(leg, handoff, theirs, differing)
    if handoff.package in _ON_ITS_WAY and not leg.referral.acknowledged:
        return _UNDER_WAY
    return Comparison(Verdict.DIFFERS, differing, _advice(differing, ours, theirs))


def _unknown_to_district(leg: Case, handoff: HandoffState) -> Comparison:
    if handoff.package in _ON_ITS_WAY:
        return _UNDER_WAY
    if leg.closing is CaseClosing.WITHDRAWN or handoff.package in ("", "withdrawn"):
        return _MATCHED  # the package was never sent, or is no longer needed
    if handoff.package == "blocked":
        advice = Advice.REFUSED_THERE
    else:
        advice = Advice.ENTER_THERE if leg.closed else Advice.HAND_OVER_AGAIN
    return Comparison(Verdict.ONLY_HERE, advice=advice)


def _differing(leg: Case, ours: LegRecord, theirs: LegRecord) -> list[str]:
    """The fields in which the two records differ.

    A receipt before the referral counts from the referral. A leg that ended before its receipt was reported has no day
    of receipt on file.
    """
    fields = []
    if ours.district_number != theirs.district_number:
        fields.append("district_number")
    referred_on = leg.referral.referred_on.isoformat() if leg.referral.referred_on else ""
    counted_from = theirs.received_on and max(theirs.received_on, referred_on)
    if (ours.received_on or not leg.closed) and ours.received_on != counted_from:
        fields.append("received_on")
    if ours.ending != theirs.ending:
        fields.append("ending")
    elif ours.ending in _DECIDED and ours.decided_on != theirs.decided_on:
        fields.append("decided_on")
    elif theirs.returned_on and ours.returned_on != theirs.returned_on:
        fields.append("returned_on")
    return fields


def _withdrawn_by_applicant(
    leg: Case, handoff: HandoffState, theirs: LegRecord, differing: tuple[str, ...]
) -> Comparison:
    withdrawn_on = leg.closed_on.isoformat() if leg.closed_on else ""
    if theirs.ending is LegEnding.RETURNED or (theirs.ending in _DECIDED and theirs.decided_on <= withdrawn_on):
        return Comparison(Verdict.CROSSED, differing)
    if theirs.ending in _DECIDED:
        return Comparison(Verdict.DIFFERS, differing, Advice.SETTLE)
    if handoff.withdrawal in _ON_ITS_WAY:
        return _UNDER_WAY
    return Comparison(Verdict.DIFFERS, differing, Advice.WITHDRAW_THERE)


def _advice(differing: tuple[str, ...], ours: LegRecord, theirs: LegRecord) -> Advice:
    if "ending" not in differing:
        return Advice.CHECK_NUMBER if "district_number" in differing else Advice.CHECK_DAYS
    if ours.ending is LegEnding.OPEN:
        return Advice.WITHDRAW_HERE if theirs.ending is LegEnding.WITHDRAWN else Advice.REPORT_AGAIN
    return Advice.END_THERE if theirs.ending is LegEnding.OPEN else Advice.SETTLE
