"""Indicators of the hall (指标): the matters that each counts, and of which matters, with definition and source.

A matter closes "normally" when it was granted, refused, completed on the spot, referred where that closes it, or closed
by the district's decision: exactly then the desks judged whether it was on time. Withdrawn, declined and lapsed matters
are in no rate of closing. A new indicator is one more entry of INDICATORS, and its test.
"""

from dataclasses import dataclass

from law.not_allowed import Malformed
from services.metrics.domain.indicator.conditions import Condition, During, IsKnown, IsTrue, Within, every

ACCEPTED = During("accepted_on")
"""受理业务量: matters whose acceptance took effect in the period, the deemed ones on their day of receipt."""
APPLIED = During("first_received_on")
"""申请: what came in during office hours of the period."""
CLOSED = every(During("closed_on"), IsKnown("on_time"))
"""办结: closed normally in the period."""

_PROMISED = 2
"""The kind of an item with a promised limit (承诺件), as in the contract."""
_SATISFIED = Within("grade", 1, 3)
"""非常满意, 满意, 基本满意."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate: the matters of `of` for which `counts` holds too, in percent of all matters of `of`."""

    code: str
    """Name in reports, calls and columns; it never changes."""
    name: str
    """Title in a report, Chinese."""
    of: Condition
    """The matters of the denominator."""
    counts: Condition
    """What a matter of the denominator must fulfil to be in the numerator."""
    definition: str
    """Sentence under the figure in a report, Chinese."""
    source: str
    """Article or standard."""


class UnknownIndicator(Malformed):
    """A number is explained by the code of an indicator that the report has."""

    sentence = "没有指标“{code}”，可用：{known}。"


INDICATORS = (
    Indicator(
        "early",
        "提前办结率",
        of=CLOSED,
        counts=IsTrue("early"),
        definition="期内正常办结的办件中，实际用时少于承诺时限和法定时限的所占比例；即办件计为提前办结，撤回、不予受理、补正不来的不计入。",
        source="优化营商环境条例 36",
    ),
    Indicator(
        "on_time",
        "按时办结率",
        of=CLOSED,
        counts=IsTrue("on_time"),
        definition="期内正常办结的办件中，实际用时不超过承诺时限和法定时限的所占比例，含提前办结；撤回、不予受理、补正不来的不计入。",
        source="行政许可法 42、44",
    ),
    Indicator(
        "satisfied",
        "群众满意率",
        of=every(During("rated_on"), IsKnown("on_time")),
        counts=_SATISFIED,
        definition="期内收到的评价中，非常满意、满意、基本满意所占比例；未评价的不计入，评价后被退回续办或者撤回的不计入。",
        source="GB/T 39735-2020",
    ),
    Indicator(
        "instant",
        "即办率",
        of=ACCEPTED,
        counts=IsTrue("instant"),
        definition="期内受理的办件中，在窗口当场办结的所占比例。",
        source="GB/T 39046-2020 附录A.6",
    ),
    Indicator(
        "early_promised",
        "承诺件提前办结率",
        of=every(CLOSED, Within("item_kind", _PROMISED, _PROMISED)),
        counts=IsTrue("early"),
        definition="期内正常办结的承诺件中，实际用时少于承诺时限和法定时限的所占比例；不含即办件和上报件。",
        source="优化营商环境条例 36",
    ),
    Indicator(
        "delivered_on_time",
        "按期送达率",
        of=During("delivered_on"),
        counts=IsTrue("delivered_on_time"),
        definition="期内送达的审批结果中，自决定之日起十个工作日内已告知领取、交邮或者送达的所占比例。",
        source="行政许可法 44",
    ),
)
"""In the order in which a report shows them."""


def indicator(code: str) -> Indicator:
    """The indicator of a code; raises UnknownIndicator."""
    found = next((each for each in INDICATORS if each.code == code), None)
    if found is None:
        raise UnknownIndicator("indicator", code=code, known="、".join(each.code for each in INDICATORS))
    return found


def percent(numerator: int, denominator: int) -> float:
    """Percent with two decimals, half up on exact integers; 0 when there is nothing to count."""
    if denominator == 0:
        return 0.0
    hundredths = (20_000 * numerator + denominator) // (2 * denominator)
    return hundredths / 100
