"""The district publishes the State Council's arrangement of a year; every date names the calendar it comes from."""

from datetime import date

from law.notices import Holiday, Notice, WrongNotice
from services.intake.domain.catalogue import Catalogue, Entry
from services.intake.domain.facts import CalendarPublished
from services.intake.domain.item import HolidayNotice

_HOLIDAYS = "holidays"
"""What the law calls the two lists together."""


def publish_calendar(entry: Entry, notice: HolidayNotice, catalogue: Catalogue, today: date) -> list[CalendarPublished]:
    """The publication with the version of the calendar from now on; nothing when it is equal. Raises WrongNotice."""
    if entry.notice == notice:
        return []
    try:
        calendar = catalogue.calendar_with(notice, entry.revision + 1)
    except WrongNotice as wrong:
        wrong.field = f"notice.{_days(notice) if wrong.field == _HOLIDAYS else wrong.field}"
        raise
    return [CalendarPublished(today, notice, calendar.version)]


def _days(notice: HolidayNotice) -> str:
    """Which of the two lists of days contradicts the notice: the days off by themselves, or the others."""
    try:
        Notice(notice.year, notice.number, (Holiday("", off=notice.days_off),))
    except WrongNotice:
        return "days_off"
    return "makeup_days"
