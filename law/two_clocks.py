"""The two clocks of a matter, promise and law, and every date that follows from them. (行政许可法 42, 45)

Each limit is counted in its own unit, and the earlier of both last days is promised: a promise later than the law would
be none. What moved the clocks stands in a ledger beside the limits, so that a calendar is all that is needed to compute
every date of the matter anew.

Example: 15 calendar days are promised and the law allows 10 working days. From Wednesday 14 September 2016, before the
Mid-Autumn holiday, the law ends on the 27th and the promise by its own count on the 29th: the 27th is promised. A case
closed on the 26th is early, since both clocks had a day left.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol, Self

from law import term_clock
from law.lamp import lamp_dates
from law.not_allowed import rule
from law.term_clock import Pause, TermClock
from law.terms import StatutoryLimit, Unit
from law.workdays import Calendar

_ONE_DAY = timedelta(days=1)


class StandstillCause(IntEnum):
    """Cause for which a clock stands still; the numbers are those of the contract."""

    SPECIAL_PROCEDURE = 1  # 特别程序 (行政许可法 45)
    WITH_DISTRICT = 2  # 转报后退回: the days from the referral to the return


@dataclass(frozen=True, slots=True)
class Standstill(Pause):
    """A span in which the law's clock stands still, and why."""

    cause: StandstillCause
    procedure: str = ""
    """Code of the special procedure; empty for the days with the district."""
    stops_promise: bool = True
    """False where the promise was broken before the first day: the law's clock alone stands still."""
    promise_ran: bool = False
    """True for days with the district of a matter that its referral had not closed: the applicant's promise ran on."""
    as_entered: bool = False
    """True in spans of releases up to 0.2.0, which stopped both clocks on whatever day: they are not judged anew."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What moved the clocks of a matter."""

    extension_days: int = 0
    """Days by which the law's limit is extended; 0 without an extension."""
    extension_unit: Unit | None = None
    """Their unit; None for each limit's own, as releases up to 0.2.0 counted them."""
    promise_extension_days: int = 0
    """Days by which the promise moved with it; 0 where it was broken before."""
    standstills: tuple[Standstill, ...] = ()
    extended_on: date | None = None
    """The day of the extension; None for one of releases up to 0.2.0, whose days are not judged anew."""
    promise_broken: bool = False
    """True where the promised day passed and the dates do not show it: while the district had the matter, or before an
    extension of the law's limit, whose day was promised."""


NOTHING_MOVED = Ledger()
"""The ledger of a matter that was neither extended nor paused nor returned."""


class Governing(StrEnum):
    """The clock that gives the promised day."""

    PROMISE = "promise"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class TwoClocks:
    """The clocks of one matter, with all that moved them."""

    promised: TermClock
    legal: TermClock

    @classmethod
    def of(
        cls, starts_on: date, promised: StatutoryLimit, legal: StatutoryLimit, ledger: Ledger = NOTHING_MOVED
    ) -> Self:
        """The clocks of two limits from day zero, moved by what the ledger holds."""
        unit, stills = ledger.extension_unit, ledger.standstills
        promised_clock = TermClock.of(promised, starts_on).extended(ledger.promise_extension_days, unit)
        legal_clock = TermClock.of(legal, starts_on).extended(ledger.extension_days, unit)
        for_promise = tuple(still for still in stills if still.stops_promise)
        return cls(replace(promised_clock, pauses=for_promise), replace(legal_clock, pauses=stills))

    def starting(self, on: date) -> Self:
        """The clocks from another day zero."""
        return replace(self, promised=replace(self.promised, from_on=on), legal=replace(self.legal, from_on=on))


class PunctualityDates(Protocol):
    """The dates by which a closing is on time or early, as a computation or a fact has them."""

    @property
    def promised_due_on(self) -> date:
        """Last day of the promise."""
        ...

    @property
    def legal_due_on(self) -> date:
        """Last day in law."""
        ...

    @property
    def early_before(self) -> date | None:
        """Closing before this day is early; None in facts of releases up to 0.2.0, which took the promised day."""
        ...


@dataclass(frozen=True, slots=True)
class TermDates:
    """Every date of a matter, by its clocks and a calendar."""

    promised_due_on: date
    """The earlier of both last days."""
    legal_due_on: date
    warn_on: date
    yellow_on: date
    red_on: date
    early_before: date
    """Closing before this day is early: both clocks have a day left."""
    provisional: bool
    calendar_version: str
    governed_by: Governing = Governing.PROMISE
    """The clock that gives the promised day."""


def term_dates(clocks: TwoClocks, calendar: Calendar) -> TermDates:
    """Every date of a matter: a function of its clocks and a calendar alone; raises BeforeFirstNotice."""
    promised, legal = term_clock.due(clocks.promised, calendar), term_clock.due(clocks.legal, calendar)
    counted = (term_clock.last_counted(clock, calendar) for clock in (clocks.promised, clocks.legal))
    lamp = lamp_dates(clocks.promised, clocks.legal, calendar)
    return TermDates(
        promised_due_on=min(promised.due_on, legal.due_on),
        legal_due_on=legal.due_on,
        warn_on=lamp.warn_on,
        yellow_on=lamp.yellow_on,
        red_on=lamp.red_on,
        early_before=min(counted),
        provisional=promised.provisional or legal.provisional,
        calendar_version=calendar.version,
        governed_by=Governing.LAW if legal.due_on < promised.due_on else Governing.PROMISE,
    )


@rule("行政许可法 42, 45")
def judged(ledger: Ledger, promised_by: Callable[[Ledger], date]) -> Ledger:
    """The ledger with every act judged by the promise of its own day: whether it moved it, and whether it was broken.

    A function of the history and of one calendar, in whatever order the acts came on file and whenever somebody looks.
    Each act is judged by those before it: a procedure on its first day, an extension on its own, a return on its day.

    - An extension moves the promise, and a procedure stops it, where that day is not after the promised one.
    - Days with the district stop it where it was not over at the referral. Where it passed before the return, of a
      matter that the referral had not closed, it is broken and stays so.
    - An extension after the promised day leaves the promise broken, also where the law's clock had given that day, so
      that the day itself becomes a later one.

    `promised_by` gives the promised day of a part of the ledger. Example: due on the 15th, extended on the 17th, so
    that the law's clock moves alone. When a hearing from the 14th to the 16th is put on file afterwards, the promise
    was due on the 18th when it was extended: it moves as well.
    """
    so_far = replace(ledger, extension_days=0, promise_extension_days=0, standstills=(), promise_broken=False)
    found: dict[int, Standstill] = {}
    for day, kind, n in _acts_by_day(ledger):
        last_on = promised_by(so_far)
        if kind is _Act.EXTENSION:
            moved = ledger.extension_days if day <= last_on else 0
            days = ledger.promise_extension_days if ledger.extended_on is None else moved
            so_far = replace(so_far, extension_days=ledger.extension_days, promise_extension_days=days)
            broken = ledger.extended_on is not None and not days and promised_by(so_far) > last_on
        else:
            still = ledger.standstills[n]
            found[n] = replace(still, stops_promise=still.as_entered or still.first_on <= last_on)
            broken = still.promise_ran and still.first_on - _ONE_DAY <= last_on < still.last_on
            so_far = replace(so_far, standstills=(*so_far.standstills, found[n]))
        so_far = replace(so_far, promise_broken=so_far.promise_broken or broken)
    return replace(so_far, standstills=tuple(found[n] for n in range(len(ledger.standstills))))


class _Act(IntEnum):
    """Kind of an act in a ledger; of one day the lower is judged first."""

    RETURN = 1
    PROCEDURE = 2
    EXTENSION = 3


def _acts_by_day(ledger: Ledger) -> list[tuple[date, _Act, int]]:
    """The acts in the order of the days by which they are judged, each span with its number in the ledger."""
    acts: list[tuple[date, _Act, int]] = []
    for n, still in enumerate(ledger.standstills):
        returned = still.cause is StandstillCause.WITH_DISTRICT
        acts.append((still.last_on, _Act.RETURN, n) if returned else (still.first_on, _Act.PROCEDURE, n))
    if ledger.extension_days:
        acts.append((ledger.extended_on or date.min, _Act.EXTENSION, 0))
    return sorted(acts)


def dates_on_the_spot(on: date, legal: StatutoryLimit, calendar: Calendar) -> TermDates:
    """The dates of a matter that is promised for the day itself: closing on that day is early. (即办)"""
    due = term_clock.due(TermClock.of(legal, on), calendar) if legal.days else term_clock.Due(on, False, ())
    next_day = on + _ONE_DAY
    return TermDates(on, due.due_on, on, next_day, due.due_on + _ONE_DAY, next_day, due.provisional, calendar.version)


@rule("优化营商环境条例 36")
def on_time_and_early(closed_on: date, dates: PunctualityDates, *, promise_broken: bool = False) -> tuple[bool, bool]:
    """A matter is on time within the promise and the law, and early while both clocks had a day left."""
    last_on = min(dates.promised_due_on, dates.legal_due_on)
    on_time = closed_on <= last_on and not promise_broken
    return on_time, on_time and closed_on < (dates.early_before or last_on)
