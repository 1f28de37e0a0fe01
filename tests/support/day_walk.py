"""Walk through the days of a matter one by one, written from the statutes without any code of `law/`.

The notices are read as they are written; a year without one has the days of the Regulation, from the table below. Slow
on purpose: each day is looked at, and none is computed.

Example: ten working days from Tuesday 1 March 2016 are walked one after the other and end on the 15th.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

ONE_DAY = timedelta(days=1)
_NOTICES = Path(__file__).parents[2] / "law" / "notices" / "state_council.toml"
_WEEKEND = 5
_REGULATION = {
    2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
    2028: "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
    2029: "01-01 02-12 02-13 02-14 02-15 04-04 05-01 05-02 06-16 09-22 10-01 10-02 10-03",
}
"""Holidays of the Regulation as it stands since 2025, by year; lunar days from a printed almanac."""


@dataclass(frozen=True)
class Orders:
    """What one notice orders."""

    year: int
    off: frozenset[date]
    worked: frozenset[date] = frozenset()
    ordinary: frozenset[date] = frozenset()
    amends: bool = field(default=False, kw_only=True)


def spanned(*written: str) -> frozenset[date]:
    """The days of days and spans, `2027-02-05..2027-02-12`."""
    days: set[date] = set()
    for each in written:
        first, _, last = each.partition("..")
        days.update(between(date.fromisoformat(first), date.fromisoformat(last or first)))
    return frozenset(days)


def between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    while first <= last:
        yield first
        first += ONE_DAY


@cache
def written_notices() -> tuple[Orders, ...]:
    """The notices of 2007 to 2026 in their order, as the file writes them."""
    read = tomllib.loads(_NOTICES.read_text("utf-8"))["notices"]
    return tuple(
        Orders(
            notice["year"],
            _days(notice, "off"),
            _days(notice, "makeup"),
            _days(notice, "ordinary"),
            amends="amends" in notice,
        )
        for notice in read
    )


def _days(notice: Mapping[str, Any], kind: str) -> frozenset[date]:
    return frozenset(on for holiday in notice["holidays"] for on in spanned(*holiday.get(kind, ())))


@dataclass(frozen=True)
class DayBook:
    """Working days by a row of notices, the last word on a day being the one that holds."""

    orders: tuple[Orders, ...]

    def works(self, on: date) -> bool:
        """True for a working day."""
        for notice in reversed(self.orders):
            if on in notice.off:
                return False
            if on in notice.worked:
                return True
            if on in notice.ordinary:
                break
        if on.weekday() >= _WEEKEND:
            return False
        published = any(notice.year == on.year for notice in self.orders)
        return published or f"{on:%m-%d}" not in _REGULATION[on.year].split()


@dataclass(frozen=True)
class Portion:
    """Days of a limit or of its extension: so many, in working days or in days of the calendar."""

    days: int
    working: bool


@dataclass(frozen=True)
class Span:
    """Days that do not count, both ends with them."""

    first: date
    last: date
    for_promise: bool = True


@dataclass(frozen=True)
class WalkedTerm:
    """One limit, walked: the n-th day that counts, and the last day."""

    counted: date
    last: date


def walk(start: date, portions: Sequence[Portion], spans: Iterable[Span], book: DayBook) -> WalkedTerm:
    """The end of a limit with its extension from day zero, a day at a time."""
    stands = {on for span in spans for on in between(span.first, span.last)}
    on, working = start, True
    for portion in portions:
        left = portion.days
        if left:
            working = portion.working
        while left:
            on += ONE_DAY
            left -= on not in stands and (not portion.working or book.works(on))
    last = on
    while not working and (last in stands or not book.works(last)):
        last += ONE_DAY
    return WalkedTerm(on, last)


@dataclass(frozen=True)
class WalkedDates:
    """Every date of a matter, walked."""

    promised: date
    legal: date
    warn: date
    yellow: date
    red: date
    early: date


@dataclass(frozen=True)
class WalkedMatter:
    """Both limits of a matter with all that moved them."""

    start: date
    promise: Portion
    law: Portion
    extension: Portion = Portion(0, working=True)
    promise_moved: bool = False
    """True where the extension moved the promise as well."""
    spans: tuple[Span, ...] = ()
    promise_days: int | None = None
    """Days of the extension by which the promise moved, where that is neither all nor none of them."""

    def dates(self, book: DayBook) -> WalkedDates:
        """Every date, the earlier last day being promised."""
        whole_or_none = self.extension.days * self.promise_moved
        days = whole_or_none if self.promise_days is None else self.promise_days
        moved = Portion(days, self.extension.working)
        own = [span for span in self.spans if span.for_promise]
        promise = walk(self.start, (self.promise, moved), own, book)
        law = walk(self.start, (self.law, self.extension), self.spans, book)
        promised = min(promise.last, law.last)
        warned = min(self._warned(moved, book), promised)
        return WalkedDates(
            promised,
            law.last,
            warned,
            promised + ONE_DAY,
            law.last + ONE_DAY,
            min(promise.counted, law.counted),
        )

    def _warned(self, moved: Portion, book: DayBook) -> date:
        """The warning: its place among the days is that of the limit which ends first when nothing stands still.

        There it is the day with a fifth of the days left, at the least one working day; short limits warn on the last.
        """
        short = 2
        limits = ((self.promise, moved), (self.law, self.extension))
        lasts = [walk(self.start, portions, (), book).last for portions in limits]
        law_first = lasts[1] < lasts[0]
        limit, more = limits[law_first]
        spans = [span for span in self.spans if law_first or span.for_promise]
        total = limit.days + more.days
        if total <= short:
            return walk(self.start, (limit, more), spans, book).last
        fifth = total // 5 + (total % 5 > 0)
        working = [on for on in between(self.start + ONE_DAY, min(lasts)) if book.works(on)]
        warned = working[max(0, len(working) - fifth - 1)]
        place = sum(not limit.working or book.works(on) for on in between(self.start + ONE_DAY, warned))
        return walk(self.start, (Portion(place, limit.working),), spans, book).last
