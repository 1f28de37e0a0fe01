"""Our leg held against the district's own record of it: where the two part, and whose turn it is. (对账)"""

from dataclasses import dataclass
from enum import StrEnum

from services.approval.domain.case import Case, Closing


class Ending(StrEnum):
    """How a leg stands on one side, in words that both sides have."""

    OPEN = "办理中"
    GRANTED = "准予"
    REFUSED = "不予"
    RETURNED = "已退回"
    WITHDRAWN = "已撤回"
    UNSTATED = "未说明"


class Found(StrEnum):
    """What came of the comparison."""

    MATCHED = "一致"
    UNDER_WAY = "在途"
    """Something is on its way between the two: no difference yet."""
    CROSSED = "交错"
    """The district ended it before it could hear of the withdrawal, and leaves it so: both are right."""
    ONLY_HERE = "只在本方"
    ONLY_THERE = "只在区里"
    DIFFERS = "不一致"


class Advice(StrEnum):
    """What a person does about it."""

    NONE = ""
    HAND_OVER_AGAIN = "区里没有此件：请区查找；确已丢失的，加 --send-again 按原键重新送交"
    REFUSED_THERE = "区拒收：按拒收理由补正或与区核对接口，解决后加 --send-again 重新送交"
    ENTER_THERE = "本方已有结果，区里没有此件：请区按本方案卷补录"
    END_THERE = "本方已有结果，区里仍在办：请区补录结果"
    REPORT_AGAIN = "区里已有结果，但所报内容未能登记（见 approval 日志 district_change_refused）：请区更正后重报"
    WITHDRAW_HERE = "区里已按撤回处理，本方没有撤回：向申请人核实，确已撤回的由窗口再办一次撤回"
    WITHDRAW_THERE = "申请人已撤回，区里仍在办：电话告知区停办"
    SETTLE = "两边结果不同：与区核对原件，由登记有误的一方更正，以送达申请人的决定为准"
    CHECK_NUMBER = "区编号不同：与区核对是否同一件"
    CHECK_DAYS = "日期不同：与区核对原件，由登记有误的一方更正"
    REFER_AGAIN = "本方没有此次转报：请街道对该件重新转报，仍是原键，区不会重复收件；随后再对账一次"
    FIND_HERE = "本方没有此件：向区索取材料清单，由窗口重新收件（新编号、新期限）"


_DECIDED = (Ending.GRANTED, Ending.REFUSED)
_ENDINGS = {None: Ending.OPEN, Closing.GRANTED: Ending.GRANTED, Closing.REFUSED: Ending.REFUSED,
            Closing.RETURNED: Ending.RETURNED, Closing.WITHDRAWN: Ending.WITHDRAWN}  # fmt: skip # one table
_ON_ITS_WAY = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How far the queue is with a leg; each an obligation's state, empty where none was owed."""

    package: str = ""
    withdrawal: str = ""
    district_number: str = ""
    refusal: str = ""
    """In the district's words, where it refused the package."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one side has a leg; days as YYYY-MM-DD, empty where it has none."""

    district_number: str
    received_on: str
    ending: Ending
    decided_on: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one leg came to, and in which of the four things the sides part."""

    found: Found
    parts: tuple[str, ...] = ()
    """Fields of Standing."""
    advice: Advice = Advice.NONE


_MATCHED, _UNDER_WAY = Comparison(Found.MATCHED), Comparison(Found.UNDER_WAY)


def standing(leg: Case, handed: HandedOver) -> Standing:
    """The leg as it stands here."""
    known = leg.referral
    return Standing(
        district_number=known.district_number or handed.district_number,
        received_on=known.received_on.isoformat() if known.received_on else "",
        ending=_ENDINGS.get(leg.closing, Ending.UNSTATED),
        decided_on=leg.decided_on.isoformat() if leg.decided_on else "",
    )


def compare(leg: Case, handed: HandedOver, there: Standing | None) -> Comparison:
    """The leg against what the district has of it; None where the district does not know it."""
    if there is None:
        return _unknown_there(leg, handed)
    here = standing(leg, handed)
    parts = tuple(_parts(leg, here, there))
    if not parts:
        return _MATCHED
    if "ending" in parts and leg.closing is Closing.WITHDRAWN:
        return _withdrawn_here(leg, handed, there, parts)
    if handed.package in _ON_ITS_WAY and not leg.referral.acknowledged:
        return _UNDER_WAY
    return Comparison(Found.DIFFERS, parts, _advice(parts, here, there))


def _unknown_there(leg: Case, handed: HandedOver) -> Comparison:
    if handed.package in _ON_ITS_WAY:
        return _UNDER_WAY
    if leg.closing is Closing.WITHDRAWN or handed.package in ("", "withdrawn"):
        return _MATCHED  # it never went there, or nobody waits for it any more
    if handed.package == "blocked":
        advice = Advice.REFUSED_THERE
    else:
        advice = Advice.ENTER_THERE if leg.closed else Advice.HAND_OVER_AGAIN
    return Comparison(Found.ONLY_HERE, advice=advice)


def _parts(leg: Case, here: Standing, there: Standing) -> list[str]:
    """A receipt before the referral counts from the referral; a leg that ended before its receipt came has no day."""
    parts = []
    if here.district_number != there.district_number:
        parts.append("district_number")
    first = leg.referral.referred_on.isoformat() if leg.referral.referred_on else ""
    if (here.received_on or not leg.closed) and here.received_on != (
        there.received_on and max(there.received_on, first)
    ):
        parts.append("received_on")
    if here.ending != there.ending:
        parts.append("ending")
    elif here.ending in _DECIDED and here.decided_on != there.decided_on:
        parts.append("decided_on")
    return parts


def _withdrawn_here(leg: Case, handed: HandedOver, there: Standing, parts: tuple[str, ...]) -> Comparison:
    withdrawn_on = leg.closed_on.isoformat() if leg.closed_on else ""
    if there.ending is Ending.RETURNED or (there.ending in _DECIDED and there.decided_on <= withdrawn_on):
        return Comparison(Found.CROSSED, parts)
    if there.ending in _DECIDED:
        return Comparison(Found.DIFFERS, parts, Advice.SETTLE)
    if handed.withdrawal in _ON_ITS_WAY:
        return _UNDER_WAY
    return Comparison(Found.DIFFERS, parts, Advice.WITHDRAW_THERE)


def _advice(parts: tuple[str, ...], here: Standing, there: Standing) -> Advice:
    if "ending" not in parts:
        return Advice.CHECK_NUMBER if "district_number" in parts else Advice.CHECK_DAYS
    if here.ending is Ending.OPEN:
        return Advice.WITHDRAW_HERE if there.ending is Ending.WITHDRAWN else Advice.REPORT_AGAIN
    return Advice.END_THERE if there.ending is Ending.OPEN else Advice.SETTLE


@dataclass(frozen=True, slots=True)
class Line:
    """One leg of which something is to be said."""

    key: str
    """Key of the hand-off, as the district knows it: the id of our leg."""
    number: str
    """办件编号; empty where nothing is known of it here."""
    street: str
    comparison: Comparison
    here: Standing | None
    there: Standing | None
    refusal: str = ""
    """In the district's words, where it refused the package."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a whole comparison came to."""

    compared: int
    """Legs of ours that were held against the district's list."""
    read_in: int
    """Legs on which something was put on file that the district had reported."""
    lines: tuple[Line, ...]
    """Every leg that does not simply match."""

    def found(self, *kinds: Found) -> tuple[Line, ...]:
        """The lines of these kinds."""
        return tuple(line for line in self.lines if line.comparison.found in kinds)

    @property
    def unmatched(self) -> tuple[Line, ...]:
        """What needs a person."""
        return self.found(Found.ONLY_HERE, Found.ONLY_THERE, Found.DIFFERS)

    @property
    def matched(self) -> int:
        """Legs that both sides have alike."""
        return self.compared - len(self.lines) + len(self.found(Found.ONLY_THERE))
