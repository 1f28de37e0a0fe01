"""The office of the hall: its day and the catalogue in force; the context of a command; reading one's own writes."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from chassis.clock import Clock
from chassis.event_store import FileKey, IdempotencyKey, PositionWaiter, Precondition
from chassis.refusals import NotFound, NotYetHere, Refusal
from chassis.scope import Scope
from law import desk
from law.desk import Place
from law.hall_hours import HallHours, hours_written, next_open_at
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.state import Application, ApplicationStage
from services.intake.domain.catalogue.item import CatalogueItem, Line
from services.intake.domain.catalogue.offer import require_street
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry
from services.intake.ports import CurrentCatalogue, Secrets

_NO_ITEM = "目录中没有此事项。"
_UNPUBLISHED = HallHours()


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Context of a call that changes something: place, actor, idempotency key, and the revision the caller saw."""

    place: Scope
    actor: str
    cause: IdempotencyKey
    revision: int | None = None
    """None where it does not matter."""
    lines: frozenset[str] | None = None
    """Lines of business of the desk, by name; None for every line."""
    portal: bool = False
    """True for the online hall, which is at no window."""
    query_code: str | None = None
    """The code that a system shows for the resident; None where none is asked."""

    def key(self, file_id: UUID) -> FileKey:
        """Key of a file at the place."""
        return FileKey(self.place.district, self.place.street, file_id)

    def require_line(self, line: Line | None, field: str) -> None:
        """Pass when the desk serves the line of a matter, None for what is not on file; raises LineOfAnotherDesk."""
        if line is not None:
            desk.require_line(self.lines, line.name, field)

    def precondition(self, key: FileKey, secrets: Secrets) -> Precondition[Application]:
        """The right to an application, and its revision: a system has shown the code, and the desk serves the line.

        A wrong code counts once for the call, however often the file is read for it.
        """
        refused: Refusal | None = None

        def require(state: Application) -> None:
            nonlocal refused
            if refused is not None:
                raise refused
            if self.query_code is not None:
                try:
                    secrets.require_code(key, self.query_code)
                except Refusal as refusal:
                    refused = refusal
                    raise
            self.require_line(state.submission.line if state.submission else None, "application_id")

        return Precondition(require, self.revision)


@dataclass(frozen=True, slots=True)
class KnownStreet:
    """A street, and whether it exists: it is published, or has files from before streets were."""

    place: Place
    exists: bool

    def require(self, field: str) -> None:
        """Pass a street that exists and the reserved place; raises UnknownStreet, NoHallHere."""
        require_street(self.place, field, exists=self.exists)


@dataclass(frozen=True, slots=True)
class PublishedHall:
    """The hall of a street as it is published, at an instant; without published hours nothing is known of it."""

    hours: HallHours | None
    now: datetime
    opens: datetime | None
    """When the windows open next, `now` while they are open; None where that is not known."""

    @property
    def text(self) -> str:
        """Hours and closures as residents read them; empty without published ones."""
        return hours_written(self.hours, self.now.date()) if self.hours else ""


class HallOffice:
    """The day as the clock shows it, and the catalogue in force."""

    def __init__(
        self, clock: Clock, catalogue: CurrentCatalogue, closing_time: time = time(18, 0), supply_days: int = 30
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._closing_time = closing_time
        self._supply_days = supply_days
        self._due_dates: DueDates | None = None

    async def opened(self, street: str = "") -> OfficeDay:
        """Today at the hall of a street, by everything that was published before the call came, at whatever replica.

        Without a street its day of receipt is that of a hall without published hours.

        Every act and every reading begins with it, so that no answer depends on what this process has read before.
        Raises Away.
        """
        await self._catalogue.refresh()
        return self.day(street)

    def day(self, street: str = "") -> OfficeDay:
        """Today at the hall of a street, by the catalogue as it was read last."""
        now = self._clock.now()
        hours = self._catalogue.now().halls.get(street, _UNPUBLISHED).or_until(self._closing_time)
        return OfficeDay(now.date(), self.due_dates(), now.time(), hours, supply_days=self._supply_days)

    def published_hall(self, street: str) -> PublishedHall:
        """The hall of a street by the catalogue as it was read last; raises Away before that."""
        catalogue, now = self._catalogue.now(), self._clock.now()
        hours = catalogue.halls.get(street)
        opens = next_open_at(now, hours.or_until(self._closing_time), catalogue.calendar) if hours else None
        return PublishedHall(hours, now, opens)

    def due_dates(self) -> DueDates:
        """Due dates by the calendar in force."""
        calendar = self.catalogue().calendar
        if self._due_dates is None or self._due_dates.calendar is not calendar:
            self._due_dates = DueDates(calendar)
        return self._due_dates

    def catalogue(self) -> Catalogue:
        """The catalogue as it was read last; raises Away before that."""
        return self._catalogue.now()

    async def has_street(self, code: str) -> bool:
        """True for a street that exists, by what was published before the call came; raises Away."""
        await self._catalogue.refresh()
        place = Place.of_street(code)
        return (await self.street(Scope(place.district, place.street))).exists

    async def street(self, scope: Scope) -> KnownStreet:
        """A street by the catalogue as it was read last; raises WrongPlace, Away."""
        place = Place(scope.district, scope.street)
        exists = place.street in self.catalogue().streets or await self._catalogue.street_in_use(scope)
        return KnownStreet(place, exists)

    def entry(self, item_code: str) -> CatalogueEntry:
        """The entry of an item; raises NotFound."""
        entry = self.catalogue().items.get(item_code)
        if entry is None:
            raise NotFound(_NO_ITEM, fields=[("item_code", _NO_ITEM)])
        return entry

    def item_of(self, application: Application) -> CatalogueItem:
        """The item of a matter, in the version under which it was taken; raises NotFound, NotYetHere."""
        submission = existing(application).submission
        assert submission is not None, "an existing application was submitted"
        item = self.catalogue().version(submission.item_code, submission.item_version)
        if item is None:  # published, and the matter taken under it, since this call read the catalogue
            raise NotYetHere
        return item


class PositionGate:
    """Holds a call until the inbox of this service has reached the position that its caller saw."""

    def __init__(self, waiter: PositionWaiter) -> None:
        self._waiter = waiter

    async def until_reached(self, after: str) -> None:
        """Wait for the position, at once where there is none; raises NotYetHere, Invalid."""
        if after:
            await self._waiter.until_reached(after)


def existing(application: Application) -> Application:
    """The application, when something is on file; raises NotFound."""
    if application.stage is ApplicationStage.UNKNOWN:
        raise NotFound("未找到该申请。")
    return application
