"""A leg and its calendars as they are walked, day by day."""

from dataclasses import dataclass, replace
from datetime import date

from law.notices import Notice
from law.workdays import Calendar
from services.approval.domain.case.item import Limit, LimitUnit, Term
from tests.support.day_walk import (
    ONE_DAY,
    DayBook,
    Orders,
    Portion,
    Span,
    WalkedDates,
    WalkedMatter,
    spanned,
    written_notices,
)
from tests.unit.approval.matters import (
    CALENDAR,
)

DIGEST = "0f" * 32
_EARLIER_2027 = Orders(
    2027,
    spanned(
        "2027-01-01..2027-01-03",
        "2027-02-05..2027-02-11",
        "2027-04-03..2027-04-05",
        "2027-05-01..2027-05-05",
        "2027-06-09",
        "2027-09-15",
        "2027-10-01..2027-10-07",
    ),
    spanned("2027-01-31", "2027-02-13", "2027-04-25", "2027-05-08", "2027-09-26", "2027-10-09"),
)
_LATER_2027 = replace(_EARLIER_2027, off=_EARLIER_2027.off | spanned("2027-01-04", "2027-02-12..2027-02-16"))
_LATER_2027 = replace(_LATER_2027, worked=_EARLIER_2027.worked - _LATER_2027.off)


@dataclass(frozen=True)
class Almanac:
    """One calendar, as the product has it and as the walk reads it."""

    calendar: Calendar
    book: DayBook


def _published(orders: Orders, version: str) -> Almanac:
    notice = Notice.read_back(orders.year, version, orders.off, orders.worked)
    return Almanac(CALENDAR.with_notice(notice, version), DayBook((*written_notices(), orders)))


def _before_the_spring_of_2020() -> Almanac:
    notices = tuple(notice for notice in CALENDAR.notices if not (notice.year == 2020 and notice.amends))
    orders = tuple(each for each in written_notices() if not (each.year == 2020 and each.amends))
    assert len(orders) < len(written_notices())
    return Almanac(Calendar("before", notices), DayBook(orders))


SHIPPED = Almanac(CALENDAR, DayBook(written_notices()))
ALMANACS: dict[str, tuple[date, date, tuple[Almanac, ...]]] = {
    "published": (date(2015, 11, 1), date(2017, 2, 28), (SHIPPED,)),
    "spring of 2020": (date(2019, 12, 20), date(2020, 2, 10), (_before_the_spring_of_2020(), SHIPPED)),
    "unpublished": (
        date(2026, 11, 1),
        date(2027, 2, 20),
        (SHIPPED, _published(_EARLIER_2027, "2027-1"), _published(_LATER_2027, "2027-2")),
    ),
}
"""Days of acceptance, and the calendars that are in force one after the other."""


def portion(limit: Limit) -> Portion:
    """A limit as the walk takes it."""
    return Portion(limit.days, limit.unit is LimitUnit.WORKING_DAYS)


@dataclass
class WalkedLeg:
    """A leg as the walk has it: what moved its limits, and the dates as they were last counted."""

    matter: WalkedMatter
    dates: WalkedDates
    whole: WalkedMatter | None = None
    broken: bool = False

    def count(self, book: DayBook) -> None:
        """Count every date anew."""
        own = self.matter.dates(book)
        if self.whole is not None:
            both = self._both().dates(book)
            promised = min(own.promised, both.promised)
            legal = min(own.legal, both.legal)
            warn = min(own.warn, both.warn, promised)
            early = min(own.early, both.early)
            own = WalkedDates(promised, legal, warn, promised + ONE_DAY, legal + ONE_DAY, early)
        self.dates = own

    def _both(self) -> WalkedMatter:
        """The limits of both levels, moved by what moved them before the referral and by what moved this leg."""
        whole, own = self.whole, self.matter
        assert whole is not None
        days = whole.extension.days + own.extension.days
        promise = whole.extension.days * whole.promise_moved + own.extension.days * own.promise_moved
        assert promise in (0, days) or whole.extension.days * own.extension.days, "one extension, or two"
        return replace(
            whole,
            extension=Portion(days, (own if own.extension.days else whole).extension.working),
            promise_days=promise,
            spans=(*whole.spans, *own.spans),
        )

    def extended(self, extension: Portion, today: date) -> None:
        """An extension moves the promise only while that is kept."""
        moved = today <= self.dates.promised
        self.matter = replace(self.matter, extension=extension, promise_moved=moved)

    def stopped(self, first: date, last: date, book: DayBook) -> None:
        """A procedure stops the promise too, where that was not broken before its first day. So may later spans now."""
        judged: list[Span] = []
        for span in sorted((*self.matter.spans, Span(first, last, for_promise=False)), key=lambda each: each.first):
            before = replace(self.matter, spans=tuple(judged)).dates(book)
            later = span.first >= first
            judged.append(replace(span, for_promise=span.for_promise or (later and span.first <= before.promised)))
        self.matter = replace(self.matter, spans=tuple(judged))

    def away(self, referred_on: date, returned_on: date, *, closed: bool) -> None:
        """The days with the district do not count; a promise that passed meanwhile is broken unless it was closed."""
        if returned_on <= referred_on:
            return
        kept = referred_on + ONE_DAY <= self.dates.promised
        self.broken |= not closed and referred_on <= self.dates.promised < returned_on
        span = Span(referred_on + ONE_DAY, returned_on, for_promise=kept)
        self.matter = replace(self.matter, spans=(*self.matter.spans, span))

    def ends(self, on: date, paused_on: date | None = None) -> tuple[bool, bool]:
        """Whether a closing on that day is on time and early; a procedure that still goes on has stopped the days."""
        on = on if paused_on is None else min(on, paused_on - ONE_DAY)
        on_time = on <= self.dates.promised and on <= self.dates.legal and not self.broken
        return on_time, on_time and on < self.dates.early


def stored(term: Term) -> WalkedDates:
    """The dates of a term, as the walk has them."""
    assert term.early_before is not None
    return WalkedDates(
        term.promised_due_on, term.legal_due_on, term.warn_on, term.yellow_on, term.red_on, term.early_before
    )
