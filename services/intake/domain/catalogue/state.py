"""State of the catalogue: an entry as the fold of its publications, and all entries as the office uses them."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from law.hall_hours import HallHours
from law.notices import Notice
from law.recount import publications
from law.workdays import Calendar, DayKind
from services.intake.domain.catalogue.item import CatalogueItem, Destination, Hall, HolidayNotice, Street, Window


@dataclass(frozen=True, slots=True)
class ItemPublished:
    """A version of an item is in force from its day on."""

    occurred_on: date
    item: CatalogueItem


@dataclass(frozen=True, slots=True)
class CalendarPublished:
    """The holidays of a year are known; `calendar_version` names the calendar that includes them."""

    occurred_on: date
    notice: HolidayNotice
    calendar_version: str


@dataclass(frozen=True, slots=True)
class WindowPublished:
    """A window of a hall is known."""

    occurred_on: date
    window: Window


@dataclass(frozen=True, slots=True)
class StreetPublished:
    """A street of the district is known."""

    occurred_on: date
    street: Street


@dataclass(frozen=True, slots=True)
class DestinationPublished:
    """A destination of referrals is known."""

    occurred_on: date
    destination: Destination


@dataclass(frozen=True, slots=True)
class HallPublished:
    """Hours and closures of a hall are known."""

    occurred_on: date
    hall: Hall


EntryFact: TypeAlias = (
    ItemPublished | CalendarPublished | WindowPublished | StreetPublished | DestinationPublished | HallPublished
)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """Entry of the catalogue: every version of an item, or a notice, a window, a street, a destination, a hall."""

    items: tuple[CatalogueItem, ...] = ()
    """Versions of an item in the order of their numbers."""
    notice: HolidayNotice | None = None
    notices: tuple[HolidayNotice, ...] = ()
    """Every publication of the notice in its order, for the calendars of earlier days."""
    window: Window | None = None
    street: Street | None = None
    destination: Destination | None = None
    hall: Hall | None = None
    revision: int = 0
    """Number of its publications."""

    def on(self, day: date) -> CatalogueItem | None:
        """Version of the item in force on a day: the last published of those effective by then; None without one."""
        return next((item for item in reversed(self.items) if item.effective_from <= day), None)

    @property
    def latest(self) -> CatalogueItem | None:
        """Version of the item published last, also one that is not effective yet."""
        return self.items[-1] if self.items else None


BLANK = CatalogueEntry()


def fold(state: CatalogueEntry, fact: EntryFact) -> CatalogueEntry:
    """The entry after one more publication."""
    revision = state.revision + 1
    match fact:
        case ItemPublished():
            return replace(state, items=(*state.items, fact.item), revision=revision)
        case CalendarPublished():
            return replace(state, notice=fact.notice, notices=(*state.notices, fact.notice), revision=revision)
        case WindowPublished():
            return replace(state, window=fact.window, revision=revision)
        case StreetPublished():
            return replace(state, street=fact.street, revision=revision)
        case DestinationPublished():
            return replace(state, destination=fact.destination, revision=revision)
        case HallPublished():
            return replace(state, hall=fact.hall, revision=revision)
    assert_never(fact)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries as they are known now, looked up by every act of the window."""

    shipped: Calendar
    """Calendar that comes with the product."""
    calendar: Calendar
    """The shipped one with every notice the district published."""
    years: Mapping[int, CatalogueEntry]
    items: Mapping[str, CatalogueEntry]
    """By code, in the order of codes."""
    windows: Mapping[tuple[str, str], Window]
    """By street and code."""
    streets: Set[str]
    """Codes of streets that were published, or had a window before streets were."""
    destinations: Mapping[str, str]
    """Names by code; empty for a code that was not published, but named by an item before destinations were."""
    halls: Mapping[str, HallHours]
    """Published hours by street."""

    @classmethod
    def of(cls, shipped: Calendar, entries: Iterable[CatalogueEntry]) -> "Catalogue":
        """The catalogue of these entries."""
        known = list(entries)
        years = {entry.notice.year: entry for entry in known if entry.notice}
        items = {entry.items[0].code: entry for entry in known if entry.items}
        windows = {(entry.window.street, entry.window.code): entry.window for entry in known if entry.window}
        streets = {entry.street.code for entry in known if entry.street} | {street for street, _ in windows}
        named = {item.refers_to: "" for entry in known for item in entry.items if item.refers_to}
        destinations = named | {entry.destination.code: entry.destination.name for entry in known if entry.destination}
        halls = {entry.hall.street: entry.hall.hall_hours for entry in known if entry.hall}
        calendar = _calendar(shipped, years)
        return cls(shipped, calendar, years, dict(sorted(items.items())), windows, streets, destinations, halls)

    def version(self, code: str, version: int) -> CatalogueItem | None:
        """One version of an item, in force or not; a running matter keeps its own."""
        entry = self.items.get(code)
        return next((item for item in entry.items if item.version == version), None) if entry else None

    def at_version(self, version: str) -> Calendar | None:
        """An earlier calendar by its version, from the publications; None where these do not give it."""
        shipped, numbers = publications(version)
        calendar = self.shipped
        if shipped != calendar.version:
            return None
        for year, number in sorted(numbers.items()):
            published = self.years.get(year, BLANK).notices
            if not 1 <= number <= len(published):
                return None
            calendar = calendar.with_notice(_read_back(published[number - 1]), f"{calendar.version}+{year}.{number}")
        return calendar if calendar.version == version else None

    def holidays(self, year: int) -> HolidayNotice | None:
        """Days off and make-up days of a year by all its notices together; None while the year has none."""
        notices = [notice for notice in self.calendar.notices if notice.year == year]
        if not notices:
            return None
        ordered = sorted({on for notice in notices for holiday in notice.holidays for on in holiday.days})
        days = [self.calendar.day(on) for on in ordered if on >= self.calendar.first_day]
        off = tuple(day.on for day in days if day.kind is DayKind.HOLIDAY)
        return HolidayNotice(year, notices[-1].number, off, tuple(day.on for day in days if day.kind is DayKind.MAKEUP))

    def calendar_with(self, notice: HolidayNotice, revision: int) -> Calendar:
        """Calendar after this notice is published for the `revision`-th time; raises WrongNotice."""
        return _calendar(self.shipped, {**self.years, notice.year: CatalogueEntry(notice=notice, revision=revision)})


def _calendar(shipped: Calendar, years: Mapping[int, CatalogueEntry]) -> Calendar:
    """The shipped calendar with the published notices; its version names each year and the number of publications."""
    calendar = shipped
    for _, entry in sorted(years.items()):
        if notice := entry.notice:
            version = f"{calendar.version}+{notice.year}.{entry.revision}"
            calendar = calendar.with_notice(_read_back(notice), version)
    return calendar


def _read_back(notice: HolidayNotice) -> Notice:
    return Notice.read_back(notice.year, notice.number, notice.days_off, notice.makeup_days)
