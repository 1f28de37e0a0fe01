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


@dataclass(frozen=True)
class Entry:
    """An act on the ledger, with its own day; of one day a return comes first and an extension last."""

    day: date
    kind: str
    span: Span | None = None
    extension: Portion | None = None
    ran: bool = False

    def before(self, other: "Entry") -> bool:
        """True for an act that counts when the other is judged."""
        order = ("return", "procedure", "extension")
        return (self.day, order.index(self.kind)) < (other.day, order.index(other.kind))


@dataclass
class WalkedLeg:
    """A leg as the walk has it: the acts that moved its limits, and the dates as they were last counted."""

    matter: WalkedMatter
    dates: WalkedDates
    whole: WalkedMatter | None = None
    broken: bool = False
    entries: tuple[Entry, ...] = ()

    def count(self, book: DayBook) -> None:
        """Count every date anew, and what each act did to the promise on its own day."""
        self.matter, self.dates = self._when(self.entries, book)
        self.broken = any(
            entry.ran and entry.span.first - ONE_DAY <= self._promised_at(entry, book) < entry.span.last
            for entry in self.entries
            if entry.span is not None
        ) or any(self._came_too_late(entry, book) for entry in self.entries)

    def _came_too_late(self, entry: Entry, book: DayBook) -> bool:
        """True for an extension after the promised day which moves it, since the law's day was promised."""
        before = tuple(each for each in self.entries if each.before(entry))
        promised = self._promised_at(entry, book)
        extended = entry.extension is not None and entry.day > promised
        return extended and self._when((*before, entry), book)[1].promised > promised

    def _when(self, entries: tuple[Entry, ...], book: DayBook) -> tuple[WalkedMatter, WalkedDates]:
        """The matter and its dates with these acts alone."""
        extensions = [entry for entry in entries if entry.extension is not None]
        spans = [
            replace(entry.span, for_promise=self._moves(entry, entry.span.first, book))
            for entry in entries
            if entry.span is not None
        ]
        matter = replace(self.matter, extension=Portion(0, working=True), promise_moved=False, spans=tuple(spans))
        for entry in extensions:
            assert entry.extension is not None
            moved = self._moves(entry, entry.day, book)
            matter = replace(matter, extension=entry.extension, promise_moved=moved)
        return matter, self._dates(matter, book)

    def _moves(self, entry: Entry, on: date, book: DayBook) -> bool:
        return on <= self._promised_at(entry, book)

    def _promised_at(self, entry: Entry, book: DayBook) -> date:
        """The promised day as it was when only the acts before this one had been done."""
        return self._when(tuple(each for each in self.entries if each.before(entry)), book)[1].promised

    def _dates(self, matter: WalkedMatter, book: DayBook) -> WalkedDates:
        own = matter.dates(book)
        if self.whole is None:
            return own
        both = self._both(matter).dates(book)
        promised = min(own.promised, both.promised)
        legal = min(own.legal, both.legal)
        warn = min(own.warn, both.warn, promised)
        early = min(own.early, both.early)
        return WalkedDates(promised, legal, warn, promised + ONE_DAY, legal + ONE_DAY, early)

    def _both(self, own: WalkedMatter) -> WalkedMatter:
        """The limits of both levels, moved by what moved them before the referral and by what moved this leg."""
        whole = self.whole
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

    def extended(self, extension: Portion, on: date) -> None:
        """An extension on a day."""
        self.entries += (Entry(on, "extension", extension=extension),)

    def stopped(self, first: date, last: date) -> None:
        """A procedure by its true days, whenever it is entered."""
        self.entries += (Entry(first, "procedure", Span(first, last)),)

    def away(self, referred_on: date, returned_on: date, *, closed: bool, running_from: date | None) -> None:
        """The days with the district do not count; the return ends a procedure that goes on there."""
        if returned_on <= referred_on:
            return
        if running_from is not None and running_from <= returned_on:
            self.stopped(running_from, returned_on)
        self.entries += (Entry(returned_on, "return", Span(referred_on + ONE_DAY, returned_on), ran=not closed),)

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
