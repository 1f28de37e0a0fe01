"""Recount of open applications after a publication of holidays: the calendars of intake, and the fact in lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onewindow.recount.v1.recount_service_pb2 import RecountedFile

from chassis.event_store import FileRepository
from law.recount import RecountCause
from law.workdays import Calendar, state_council
from protocol.recount import RecountPlan
from protocol.recount_calls import moved_messages
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.facts import ApplicationFact, DatesRecounted
from services.intake.domain.application.recount import recount
from services.intake.domain.application.state import Application
from services.intake.usecases.office import HallOffice


@dataclass(frozen=True, slots=True)
class PublishedCalendars:
    """Calendars by the notices that the district published here."""

    office: HallOffice

    async def current(self) -> Calendar:
        """The calendar by everything that was published before the call. Raises Away."""
        return (await self.office.opened()).due_dates.calendar

    async def at_version(self, version: str) -> Calendar | None:
        """An earlier calendar by its version; None where it is not known any more. Raises Away."""
        current = await self.current()
        return current if current.version == version else self.office.catalogue().at_version(version)


def dates_recount(
    files: FileRepository[Application, ApplicationFact], office: HallOffice, supply_days: int
) -> RecountPlan[Application, ApplicationFact]:
    """The recount of open applications; due dates are computed once for the files of a calendar."""
    due_dates = DueDates(state_council())

    def act(
        application: Application, calendar: Calendar, cause: RecountCause, today: date
    ) -> Sequence[ApplicationFact]:
        nonlocal due_dates
        if due_dates.calendar is not calendar:
            due_dates = DueDates(calendar)
        return recount(application, cause, OfficeDay(today, due_dates, supply_days=supply_days))

    calendars = PublishedCalendars(office)
    return RecountPlan("dates_recounted", files, calendars, act, APPLICATIONS.decode, recounted_file)


def recounted_file(fact: ApplicationFact) -> RecountedFile:
    """The fact as lists show it."""
    assert isinstance(fact, DatesRecounted), "the plan names this kind"
    firm = fact.was_provisional and not fact.provisional
    moved = moved_messages(fact.moved)
    return RecountedFile(number=fact.number, moved=moved, firm=firm, provisional=fact.provisional)
