"""Proof of a due date, day by day: days that counted, days that did not, the rule of each, and their sum.

Example: five working days from 14 September 2016. The proof lists 15 to 17 September as holidays of 中秋节
with the number of the notice and no day counted, the 18th as a rest day that is worked (day 1), and 19 to
22 September as days 2 to 5. A reader can check each line against the notice without knowing the program.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from law import term_clock
from law.procedures import statutory_procedures
from law.recount import DateKind
from law.term_clock import Pause, TermClock
from law.terms import Unit
from law.two_clocks import Standstill, StandstillCause
from law.workdays import BeforeFirstNotice, Calendar, Day, DayKind

_REGULATION = "全国年节及纪念日放假办法2"
_PROCEDURE, _RETURN = "特别程序，行政许可法45", "转报后退回，区办理的日子"
NO_NAMES: Mapping[str, str] = {}
"""No other kinds of special procedures than those of the law."""


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
    stopped_by: str = ""
    """Why the clock stood still, in the office's words; empty where it ran."""
    extended: bool = False
    """True for a counted day of the extension."""

    @property
    def counts(self) -> bool:
        """True when the day is one of the days of the term."""
        return self.standing is Standing.COUNTED

    @property
    def reason(self) -> str:
        """Reason for which the day counts or not, in a clerk's words."""
        if self.standing is Standing.PAUSED:
            return f"{self.standing}（{self.stopped_by}）"
        source = _source(self.day)
        if self.standing in (Standing.COUNTED, Standing.RESTED):
            return f"{source}，延长的期限（行政许可法42）" if self.extended else source
        return f"{source}，{self.standing}（民法典203）"


@dataclass(frozen=True, slots=True)
class ProofSum:
    """Sum of a proof: every day of it is counted once here."""

    counted: int
    extended: int
    """Those of the counted days that the extension gave."""
    rested: int
    """Rest days and holidays that a term in working days does not count."""
    paused: int
    rolled: int
    """Days behind the last counted one, up to the last day."""

    @property
    def sentence(self) -> str:
        """The sum as it stands under the days."""
        parts = [f"计入{self.counted}日"]
        if self.extended:
            parts[0] += f"（其中延长{self.extended}日）"
        parts += [
            f"{words}{days}日"
            for words, days in (("休息日和节假日", self.rested), ("中止计时", self.paused), ("期末顺延", self.rolled))
            if days
        ]
        return "，".join(parts) + f"，共经过{self.counted + self.rested + self.paused + self.rolled}日"


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A last day as a file has it: the term that it ends, and the calendar by which it was computed."""

    kind: DateKind
    term: TermClock
    due_on: date
    provisional: bool
    calendar_version: str
    """Empty where a release up to 0.2 did not store one."""


@dataclass(frozen=True, slots=True)
class StoredDayProof:
    """Proof of a stored day; without days where no calendar that is known gives that day."""

    stored: StoredDay
    days: tuple[ProvenDay, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def unproven(self) -> str:
        """Why no days are listed, as a clerk would say it; empty where they are."""
        if self.days:
            return ""
        version = self.stored.calendar_version
        computed_by = f"日历版本{version}" if version else "当时的日历（没有记载版本）"
        return f"该日期（{self.stored.due_on}）按{computed_by}计算，现已无从逐日列出，以存档日期为准。"


def prove_stored(stored: StoredDay, calendars: Iterable[Calendar]) -> StoredDayProof:
    """The proof by the first of the calendars that gives the stored day; another day is never proven."""
    for calendar in calendars:
        try:
            due = term_clock.due(stored.term, calendar)
        except BeforeFirstNotice:
            continue
        if due.due_on == stored.due_on:
            return StoredDayProof(stored, proof(stored.term, calendar), due.notices)
    return StoredDayProof(stored)


def proof(
    term: TermClock, calendar: Calendar, *, unextended: int = 0, names: Mapping[str, str] = NO_NAMES
) -> tuple[ProvenDay, ...]:
    """Every day from day one to the last day of the term; raises BeforeFirstNotice.

    `unextended` are the days of the limit without its extension, 0 where there is none; `names` are those of special
    procedures by code, beside those of the law.
    """
    counted, last = term_clock.last_counted(term, calendar), term_clock.due_on(term, calendar)
    own_end = term_clock.last_counted(term.unextended, calendar)
    own_days = min(unextended or term.days, term.days)
    proven, number = [], 0
    for step in range(1, (last - term.from_on).days + 1):
        day = calendar.day(term.from_on + timedelta(days=step))
        pause = next((each for each in term.pauses if day.on in each), None)
        unit = term.unit if day.on <= own_end else term.ending_unit
        standing = Standing.PAUSED if pause else _standing(day, unit, counted, last)
        number += standing is Standing.COUNTED
        extended = standing is Standing.COUNTED and number > own_days
        proven.append(ProvenDay(day, standing, number, _stopped_by(pause, names) if pause else "", extended))
    return tuple(proven)


def proof_sum(proven: Sequence[ProvenDay]) -> ProofSum:
    """The sum of a proof."""
    by_standing = Counter(each.standing for each in proven)
    return ProofSum(
        counted=by_standing[Standing.COUNTED],
        extended=sum(each.extended for each in proven),
        rested=by_standing[Standing.RESTED],
        paused=by_standing[Standing.PAUSED],
        rolled=by_standing[Standing.ROLLED] + by_standing[Standing.ENDED],
    )


def _standing(day: Day, unit: Unit, counted: date, last: date) -> Standing:
    if day.on > counted:
        return Standing.ENDED if day.on == last else Standing.ROLLED
    return Standing.COUNTED if day.works or unit is Unit.CALENDAR else Standing.RESTED


def _stopped_by(pause: Pause, names: Mapping[str, str]) -> str:
    if not isinstance(pause, Standstill):
        return _PROCEDURE
    if pause.cause is StandstillCause.WITH_DISTRICT:
        return _RETURN
    known = {kind.code: kind.name for kind in statutory_procedures()} | dict(names)
    return f"{known[pause.procedure]}，{_PROCEDURE}" if pause.procedure in known else _PROCEDURE


def _source(day: Day) -> str:
    by_law = day.kind is DayKind.HOLIDAY and not day.notice  # no notice can take it away, published or not
    ordered = "，".join(filter(None, (day.holiday, _REGULATION if by_law else day.notice)))
    source = f"（{ordered}）" if ordered else ""
    doubt = "，放假安排未公布，暂按周一至周五推算" if day.provisional and not by_law else ""
    return f"{day.kind}{source}{doubt}"
