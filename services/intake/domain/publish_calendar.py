"""The district publishes the State Council's arrangement of a year; every date names the calendar it comes from."""

from datetime import date

from .catalogue import Catalogue, Entry
from .facts import CalendarPublished
from .item import HolidayNotice


def publish_calendar(entry: Entry, notice: HolidayNotice, catalogue: Catalogue, today: date) -> list[CalendarPublished]:
    """The publication with the version of the calendar from now on; nothing when it is equal. Raises WrongNotice."""
    if entry.notice == notice:
        return []
    return [CalendarPublished(today, notice, catalogue.calendar_with(notice, entry.revision + 1).version)]
