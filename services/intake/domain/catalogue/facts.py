"""Facts of the catalogue: publications by the district, in the past tense. Names are those of the contract."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from services.intake.domain.catalogue.item import CatalogueItem, HolidayNotice, Window


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


EntryFact: TypeAlias = ItemPublished | CalendarPublished | WindowPublished
