"""The catalogue: published by the district, read by everybody."""

from collections.abc import Callable, Sequence
from datetime import date

from chassis.event_store import Changed, Decision, FileRepository
from chassis.refusals import NotFound
from chassis.scope import Scope
from law.workdays import Calendar
from protocol.identifiers import catalogue_entry_id
from services.intake.domain.catalogue.item import CatalogueItem, Destination, Hall, HolidayNotice, Street, Window
from services.intake.domain.catalogue.offer import require_destination
from services.intake.domain.catalogue.publications import (
    publish_calendar,
    publish_destination,
    publish_hall,
    publish_item,
    publish_street,
    publish_window,
    require_decider,
)
from services.intake.domain.catalogue.state import BLANK, CatalogueEntry, EntryFact
from services.intake.usecases.office import CommandContext, HallOffice, PublishedHall

PUBLISHED = b"published"
"""Answer of a publication that changed something."""


class CataloguePublication:
    """Publishes entries of the catalogue at the district's own place, and reads them."""

    def __init__(self, files: FileRepository[CatalogueEntry, EntryFact], office: HallOffice) -> None:
        self._files = files
        self._office = office

    async def publish_item(self, context: CommandContext, item: CatalogueItem) -> Changed[CatalogueEntry]:
        """Publish the next version of an item; answers PUBLISHED, or nothing for an equal one."""
        today = (await self._office.opened()).on

        def decide(entry: CatalogueEntry) -> Decision[EntryFact]:
            facts = publish_item(entry, item, today)
            require_destination(self._office.catalogue(), item)
            if facts:
                require_decider(self._office.catalogue(), item)
            return _answered(facts)

        return await self._publish(context, "item", item.code, decide)

    async def publish_calendar(self, context: CommandContext, notice: HolidayNotice) -> Changed[CatalogueEntry]:
        """Publish the holidays of a year; answers the version of the calendar from now on."""
        today = (await self._office.opened()).on
        catalogue = self._office.catalogue()

        def decide(entry: CatalogueEntry) -> Decision[EntryFact]:
            facts = publish_calendar(entry, notice, catalogue, today)
            version = facts[0].calendar_version if facts else catalogue.calendar.version
            return Decision(facts, answer=version.encode())

        return await self._publish(context, "calendar", str(notice.year), decide)

    async def calendar_with(self, notice: HolidayNotice) -> Calendar:
        """The calendar after a notice that is not published; raises WrongNotice, Away."""
        today = (await self._office.opened()).on
        catalogue = self._office.catalogue()
        entry = catalogue.years.get(notice.year, BLANK)
        published = publish_calendar(entry, notice, catalogue, today)
        return catalogue.calendar_with(published[0].notice, entry.revision + 1) if published else catalogue.calendar

    async def publish_window(self, context: CommandContext, window: Window) -> Changed[CatalogueEntry]:
        """Publish a window of a hall; answers PUBLISHED, or nothing for an equal one."""
        today, district = (await self._office.opened()).on, context.place.district

        street = await self._office.street(Scope(district, window.street))

        def decide(entry: CatalogueEntry) -> Decision[EntryFact]:
            facts = publish_window(entry, window, district, today)
            street.require("street")
            return _answered(facts)

        return await self._publish(context, "window", f"{window.street}/{window.code}", decide)

    async def publish_hall(self, context: CommandContext, hall: Hall) -> Changed[CatalogueEntry]:
        """Publish hours and closures of a hall; answers PUBLISHED, or nothing for equal ones."""
        today, district = (await self._office.opened()).on, context.place.district
        street = await self._office.street(Scope(district, hall.street))

        def decide(entry: CatalogueEntry) -> Decision[EntryFact]:
            facts = publish_hall(entry, hall, district, today)
            street.require("street")
            return _answered(facts)

        return await self._publish(context, "hall", hall.street, decide)

    async def hall(self, district: str, street: str) -> PublishedHall:
        """Hours of the hall of a street as published, and its next opening.

        Raises UnknownStreet, NoHallHere, WrongPlace, Away.
        """
        await self._office.opened()
        (await self._office.street(Scope(district, street))).require("street")
        return self._office.published_hall(street)

    async def publish_street(self, context: CommandContext, street: Street) -> Changed[CatalogueEntry]:
        """Publish a street of the district; answers PUBLISHED, or nothing for an equal one."""
        today, district = (await self._office.opened()).on, context.place.district

        def decide(entry: CatalogueEntry) -> Decision[EntryFact]:
            return _answered(publish_street(entry, street, district, today))

        return await self._publish(context, "street", street.code, decide)

    async def publish_destination(self, context: CommandContext, destination: Destination) -> Changed[CatalogueEntry]:
        """Publish a destination of referrals; answers PUBLISHED, or nothing for an equal one."""
        today = (await self._office.opened()).on

        def decide(entry: CatalogueEntry) -> Decision[EntryFact]:
            return _answered(publish_destination(entry, destination, today))

        return await self._publish(context, "destination", destination.code, decide)

    async def holidays(self, year: int) -> tuple[HolidayNotice | None, str]:
        """Holidays of a year as they are in force, None while it has no notice; and the calendar's version."""
        await self._office.opened()
        catalogue = self._office.catalogue()
        return catalogue.holidays(year), catalogue.calendar.version

    async def item(self, item_code: str, on: date | None) -> CatalogueItem:
        """The item as it stands on a day, today unless one is named; raises NotFound."""
        today = (await self._office.opened()).on
        item = self._office.entry(item_code).on(on or today)
        if item is None:
            raise NotFound("该日没有施行中的版本。")
        return item

    async def items(self, after_code: str, most: int) -> tuple[list[CatalogueItem], int]:
        """Items in force today with codes after the given one, at most so many; and the count of all in force."""
        today = (await self._office.opened()).on
        versions = [entry.on(today) for entry in self._office.catalogue().items.values()]
        known = [item for item in versions if item is not None]
        return [item for item in known if item.code > after_code][:most], len(known)

    async def _publish(
        self, context: CommandContext, kind: str, code: str, decide: Callable[[CatalogueEntry], Decision[EntryFact]]
    ) -> Changed[CatalogueEntry]:
        key = context.key(catalogue_entry_id(kind, code))
        return await self._files.change(key, context.cause, lambda entry, _: decide(entry), actor=context.actor)


def _answered(facts: Sequence[EntryFact]) -> Decision[EntryFact]:
    return Decision(facts, answer=PUBLISHED if facts else b"")
