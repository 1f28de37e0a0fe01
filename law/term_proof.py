"""Proof of a due date, day by day: days that counted, days that did not, and the notice each rests on.

Example: five working days from 14 September 2016. The proof lists 15 to 17 September as holidays of 中秋节
with the number of the notice and no day counted, the 18th as a rest day that is worked (day 1), and 19 to
22 September as days 2 to 5. A reader can check each line against the notice without knowing the program.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from law import term_clock
from law.term_clock import Pause, TermClock
from law.terms import Unit
from law.workdays import Calendar, Day, DayKind

_REGULATION = "全国年节及纪念日放假办法2"


class Standing(StrEnum):
    """Standing of a day in the term."""

    COUNTED = "计入"
    RESTED = "不计入"
    PAUSED = "中止计时"
    ROLLED = "期末逢休息日顺延"
    ENDED = "顺延后的最后一日"


@dataclass(frozen=True, slots=True)
class ProvenDay:
    """One day between the act and the end of its term."""

    day: Day
    standing: Standing
    number: int
    """How many days of the term are counted at the end of this day."""

    @property
    def counts(self) -> bool:
        """True when the day is one of the days of the term."""
        return self.standing is Standing.COUNTED

    @property
    def reason(self) -> str:
        """Reason for which the day counts or not, in a clerk's words."""
        if self.standing is Standing.PAUSED:
            return f"{self.standing}（特别程序，行政许可法45）"
        source = _source(self.day)
        return (
            source
            if self.standing in (Standing.COUNTED, Standing.RESTED)
            else f"{source}，{self.standing}（民法典203）"
        )


def proof(term: TermClock, calendar: Calendar) -> tuple[ProvenDay, ...]:
    """Every day from day one to the last day of the term; raises BeforeFirstNotice."""
    counted, last = term_clock.last_counted(term, calendar), term_clock.due_on(term, calendar)
    own_end = term_clock.last_counted(term.unextended, calendar)
    proven, number = [], 0
    for step in range(1, (last - term.from_on).days + 1):
        day = calendar.day(term.from_on + timedelta(days=step))
        unit = term.unit if day.on <= own_end else term.ending_unit
        standing = _standing(day, (unit, term.pauses), counted, last)
        number += standing is Standing.COUNTED
        proven.append(ProvenDay(day, standing, number))
    return tuple(proven)


def _standing(day: Day, counting: tuple[Unit, tuple[Pause, ...]], counted: date, last: date) -> Standing:
    unit, pauses = counting
    if any(day.on in pause for pause in pauses):
        return Standing.PAUSED
    if day.on > counted:
        return Standing.ENDED if day.on == last else Standing.ROLLED
    return Standing.COUNTED if day.works or unit is Unit.CALENDAR else Standing.RESTED


def _source(day: Day) -> str:
    by_law = day.kind is DayKind.HOLIDAY and not day.notice  # no notice can take it away, published or not
    ordered = "，".join(filter(None, (day.holiday, _REGULATION if by_law else day.notice)))
    source = f"（{ordered}）" if ordered else ""
    doubt = "，放假安排未公布，暂按周一至周五推算" if day.provisional and not by_law else ""
    return f"{day.kind}{source}{doubt}"
