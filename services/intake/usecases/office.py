"""What every act of the window begins with: who asks and why, the day at the office, a file that must be there."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from chassis.clock import Clock
from chassis.event_store import FileKey, IdempotencyKey
from chassis.refusals import NotFound, NotYetHere
from chassis.scope import Scope
from services.intake.domain.application import Application, Stage
from services.intake.domain.catalogue import Catalogue, Entry
from services.intake.domain.item import Item
from services.intake.domain.office_day import DueDays, OfficeDay
from services.intake.ports import CurrentCatalogue


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that changes something: at which place, by whom, why, and which revision the caller saw."""

    place: Scope
    actor: str
    cause: IdempotencyKey
    revision: int | None = None
    """None where it does not matter."""

    def key(self, file_id: UUID) -> FileKey:
        """A file of the caller's place."""
        return FileKey(self.place.district, self.place.street, file_id)


@dataclass(frozen=True, slots=True)
class Hours:
    """How the hall keeps time."""

    closing_time: time = time(18, 0)
    supply_days: int = 30


class Office:
    """The day as the clock shows it, with the catalogue in force."""

    def __init__(self, clock: Clock, catalogue: CurrentCatalogue, hours: Hours) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._hours = hours
        self._dues: DueDays | None = None

    def day(self) -> OfficeDay:
        """Today at the office."""
        now = self._clock.now()
        after_hours = now.time() >= self._hours.closing_time
        return OfficeDay(now.date(), self.dues(), after_hours, supply_days=self._hours.supply_days)

    def dues(self) -> DueDays:
        """The days of limits by the calendar in force."""
        calendar = self.catalogue().calendar
        if self._dues is None or self._dues.calendar is not calendar:
            self._dues = DueDays(calendar)
        return self._dues

    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self._catalogue.now()

    def entry(self, item_code: str, field: str = "item_code") -> Entry:
        """The entry of an item; raises NotFound."""
        entry = self.catalogue().items.get(item_code)
        if entry is None:
            raise NotFound("目录中没有此事项。", fields=[(field, "目录中没有此事项。")])
        return entry

    def item_of(self, application: Application) -> Item:
        """The item of a matter, in the version under which it was taken; raises NotFound, NotYetHere."""
        submission = existing(application).submission
        assert submission is not None, "what exists was submitted"
        item = self.catalogue().version(submission.item_code, submission.item_version)
        if item is None:  # another replica took the matter under a version that this one has not read yet
            raise NotYetHere
        return item


def existing(application: Application) -> Application:
    """The application, when something is on file; raises NotFound."""
    if application.stage is Stage.UNKNOWN:
        raise NotFound("未找到该申请。")
    return application
