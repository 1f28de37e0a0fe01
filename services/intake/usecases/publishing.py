"""The catalogue: what the district publishes, and what everybody reads of it."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID, uuid5

from chassis.event_store import Changed, Decision, FileRepository
from chassis.refusals import NotFound
from services.intake.domain.catalogue import Entry
from services.intake.domain.facts import EntryFact
from services.intake.domain.item import HolidayNotice, Item, Window
from services.intake.domain.publish_calendar import publish_calendar
from services.intake.domain.publish_item import publish_item
from services.intake.domain.publish_window import publish_window
from services.intake.ports import CurrentCatalogue
from services.intake.usecases.office import Asked, Office

CATALOGUE = UUID("6f6e6577-696e-5d6f-8361-74616c6f6775")
"""The namespace of entries: the id of an entry follows from its kind and code."""
PUBLISHED = b"published"
"""What a publication answers that changed something."""


class Publishing:
    """Publishes entries of the catalogue at the district's own place, and reads them."""

    def __init__(self, files: FileRepository[Entry, EntryFact], office: Office, current: CurrentCatalogue) -> None:
        self._files = files
        self._office = office
        self._current = current

    async def publish_item(self, asked: Asked, item: Item) -> Changed[Entry]:
        """Publish the next version of an item; answers PUBLISHED, or nothing for an equal one."""
        today = self._office.day().on

        def decide(entry: Entry) -> Decision[EntryFact]:
            return _answered(publish_item(entry, item, today))

        return await self._publish(asked, f"item/{item.code}", decide)

    async def publish_calendar(self, asked: Asked, notice: HolidayNotice) -> Changed[Entry]:
        """Publish the holidays of a year; answers the version of the calendar from now on."""
        today = self._office.day().on
        await self._current.refresh()
        catalogue = self._office.catalogue()

        def decide(entry: Entry) -> Decision[EntryFact]:
            facts = publish_calendar(entry, notice, catalogue, today)
            version = facts[0].calendar_version if facts else catalogue.calendar.version
            return Decision(facts, answer=version.encode())

        return await self._publish(asked, f"calendar/{notice.year}", decide)

    async def publish_window(self, asked: Asked, window: Window) -> Changed[Entry]:
        """Publish a window of a hall; answers PUBLISHED, or nothing for an equal one."""
        today, district = self._office.day().on, asked.place.district

        def decide(entry: Entry) -> Decision[EntryFact]:
            return _answered(publish_window(entry, window, district, today))

        return await self._publish(asked, f"window/{window.street}/{window.code}", decide)

    def holidays(self, year: int) -> tuple[HolidayNotice | None, str]:
        """The holidays of a year as they are in force, none while it has no notice; and the calendar's version."""
        catalogue = self._office.catalogue()
        return catalogue.holidays(year), catalogue.calendar.version

    def item(self, item_code: str, on: date | None) -> Item:
        """The item as it stands on a day, today unless one is named; raises NotFound."""
        item = self._office.entry(item_code).on(on or self._office.day().on)
        if item is None:
            raise NotFound("该日没有施行中的版本。")
        return item

    def items(self, beyond: str, most: int) -> tuple[list[Item], int]:
        """Items in force today with codes beyond the given one, at most so many; and how many there are at all."""
        today = self._office.day().on
        versions = [entry.on(today) for entry in self._office.catalogue().items.values()]
        known = [item for item in versions if item is not None]
        return [item for item in known if item.code > beyond][:most], len(known)

    async def _publish(self, asked: Asked, name: str, decide: Callable[[Entry], Decision[EntryFact]]) -> Changed[Entry]:
        key = asked.key(uuid5(CATALOGUE, name))
        changed = await self._files.change(key, asked.cause, lambda entry, _: decide(entry), actor=asked.actor)
        await self._current.refresh()
        return changed


def _answered(facts: Sequence[EntryFact]) -> Decision[EntryFact]:
    return Decision(facts, answer=PUBLISHED if facts else b"")
