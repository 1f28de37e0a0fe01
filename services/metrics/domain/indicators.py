"""The indicators of the hall (指标): what each counts, of what, as conditions over the rows of `matter_figures`.

In a condition $1 and $2 stand for the first and the last day of the period. A matter closes "normally" when it was
granted, refused, completed on the spot, referred where that closes it, or closed by the district's decision: exactly
then the desks judged whether it was on time. Withdrawn, declined and lapsed matters are in no rate of closing.
"""

from dataclasses import dataclass

from law.not_allowed import Malformed

ACCEPTED = "accepted_on between $1 and $2"
"""受理业务量: matters whose acceptance took effect in the period, the deemed ones on their day of receipt."""
APPLIED = "received_on between $1 and $2"
"""申请: what came in during office hours of the period."""
CLOSED = "closed_on between $1 and $2 and on_time is not null"
"""办结: closed normally in the period."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate: those of `of` for which also `counts` holds, in percent of all of `of`."""

    code: str
    name: str
    of: str
    counts: str
    definition: str
    source: str


class UnknownIndicator(Malformed):
    """A number is explained by the code of an indicator that the report has."""

    sentence = "没有指标“{code}”，可用：{known}。"


INDICATORS = (
    Indicator(
        "early",
        "提前办结率",
        of=CLOSED,
        counts="early",
        definition="期内正常办结的办件中，实际用时少于承诺时限的所占比例；即办件计为提前办结，撤回、不予受理、补正不来的不计入。",
        source="优化营商环境条例 36",
    ),
    Indicator(
        "on_time",
        "按时办结率",
        of=CLOSED,
        counts="on_time",
        definition="期内正常办结的办件中，实际用时不超过承诺时限的所占比例，含提前办结；撤回、不予受理、补正不来的不计入。",
        source="行政许可法 42、44",
    ),
    Indicator(
        "satisfied",
        "群众满意率",
        of="rated_on between $1 and $2",
        counts="grade between 1 and 3",
        definition="期内收到的评价中，非常满意、满意、基本满意所占比例；未评价的不计入。",
        source="GB/T 39735-2020",
    ),
    Indicator(
        "instant",
        "即办率",
        of=ACCEPTED,
        counts="instant",
        definition="期内受理的办件中，在窗口当场办结的所占比例。",
        source="GB/T 39046-2020 附录A.6",
    ),
    Indicator(
        "early_promised",
        "承诺件提前办结率",
        of=f"{CLOSED} and item_kind = 2",
        counts="early",
        definition="期内正常办结的承诺件中，实际用时少于承诺时限的所占比例；不含即办件和上报件。",
        source="优化营商环境条例 36",
    ),
    Indicator(
        "delivered_on_time",
        "按期送达率",
        of="delivered_on between $1 and $2",
        counts="delivered_on_time",
        definition="期内送达的审批结果中，自决定之日起十个工作日内送达的所占比例。",
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
