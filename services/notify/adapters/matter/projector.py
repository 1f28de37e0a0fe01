"""Events of intake and approval become matters, messages, receipts to issue and open deliveries.

A batch is applied in the transaction that stores its events: the matters that it touches are locked and read once, the
rules of the domain decide, and the differences are written once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field

from chassis.event_store import FileKey, FileRepository, PositionSources
from chassis.inbox import Effect, InboxEvent, InboxTransaction, Subscription, change_many
from chassis.nats.streams import Stream
from law.workdays import Calendar
from protocol import streams
from protocol.calendars import ReceivedCalendars
from protocol.event_headers import fact_kinds
from services.notify.adapters.database import ACTOR, query
from services.notify.adapters.matter import project_approval, project_intake
from services.notify.adapters.matter.project_intake import Projected, PublishedHolidays
from services.notify.adapters.matter.table import (
    NO_ITEM,
    ChangedMatter,
    ItemVersion,
    LockedMatter,
    ReceiptTask,
    lock_matters,
    store_matters,
)
from services.notify.domain.delivery.open_delivery import DecisionToDeliver, decision_to_deliver, open_delivery
from services.notify.domain.document.receipt import receipt_due
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact
from services.notify.domain.message.plan_messages import after_report, settled
from services.notify.domain.message.sending_time import SendingHours
from services.notify.domain.message.state import MatterMessages
from services.notify.domain.stage_reports import AcceptanceStage, PublishedItem, StageReport, SubmissionStage

SOURCES = PositionSources(streams.NOTIFY, received=(streams.INTAKE, streams.APPROVAL))
"""The sources whose positions a caller may show."""


@dataclass(slots=True)
class ReceivedBatch:
    """The events of one batch by their meaning."""

    reports: dict[FileKey, list[StageReport]] = field(default_factory=lambda: defaultdict(list))
    """Stages by dossier, in their order."""
    last_event: dict[FileKey, InboxEvent] = field(default_factory=dict)
    """The last event of each dossier: the cause of a delivery that opens."""
    items: list[tuple[FileKey, PublishedItem]] = field(default_factory=list)
    """Published items with the keys of their files."""
    holidays: list[PublishedHolidays] = field(default_factory=list)

    def add(self, event: InboxEvent, projected: Projected) -> None:
        """Add one event by its meaning."""
        match projected:
            case StageReport():
                key = FileKey(event.key.district, event.key.street, projected.application_id)
                self.reports[key].append(projected)
                self.last_event[key] = event
            case PublishedItem():
                self.items.append((event.key, projected))
            case PublishedHolidays():
                self.holidays.append(projected)

    @property
    def receipts(self) -> list[ReceiptTask]:
        """Receipts that follow from its acceptances."""
        every = [(key, report) for key, reports in self.reports.items() for report in reports]
        return [ReceiptTask(key, report) for key, report in every if receipt_due(report.stage)]


@dataclass(frozen=True, slots=True)
class MatterProjector:
    """Applies the events of one source; `project` gives the meaning of each."""

    project: Callable[[InboxEvent], Projected | None]
    dossiers: FileRepository[Dossier, Fact]
    calendars: ReceivedCalendars
    hours: SendingHours

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Apply a batch in its transaction. Raises WrongEvent, Retry."""
        batch = ReceivedBatch()
        for event in events:
            projected = self.project(event)
            if projected is not None:
                batch.add(event, projected)
        for holidays in batch.holidays:
            await tx.execute(query("store_holidays"), *astuple(holidays))
        if not batch.reports and not batch.items:
            return
        items: dict[ItemVersion, PublishedItem] = {(item.code, item.version): item for _, item in batch.items}
        locked = await lock_matters(tx, _reported_items(batch.reports), [item for _, item in batch.items])
        changes = [ChangedMatter(each, self._after(each, batch.reports.get(each.key, ()), items)) for each in locked]
        await store_matters(tx, changes, batch.items, batch.receipts)
        await self._open_deliveries(tx, changes, batch.last_event)

    def _after(
        self,
        locked: LockedMatter,
        reports: Iterable[StageReport],
        items: Mapping[ItemVersion, PublishedItem],
    ) -> MatterMessages:
        matter = locked.stored
        for report in reports:
            matter = after_report(matter, report, self.hours)
        item = items.get((matter.matter.item_code, matter.matter.item_version), locked.item)
        return settled(matter, item)

    async def _open_deliveries(
        self, tx: InboxTransaction, changes: Sequence[ChangedMatter], events: Mapping[FileKey, InboxEvent]
    ) -> None:
        decisions = [
            (each.locked.key, decision)
            for each in changes
            if each.locked.key in events and not each.locked.delivery_opened
            if (decision := decision_to_deliver(each.after.matter)) is not None
        ]
        if decisions:
            calendar = await self.calendars.seen_by(tx.connection)
            effects = [Effect(events[key], key, _open_by(decision, calendar)) for key, decision in decisions]
            await change_many(tx, self.dossiers, effects, ACTOR)


def intake_subscription(
    dossiers: FileRepository[Dossier, Fact], calendars: ReceivedCalendars, hours: SendingHours
) -> Subscription:
    """Applications up to acceptance, items and calendars."""
    projector = MatterProjector(project_intake.project_intake, dossiers, calendars, hours)
    return _subscription(streams.INTAKE, projector, project_intake.APPLIED_KINDS)


def approval_subscription(
    dossiers: FileRepository[Dossier, Fact], calendars: ReceivedCalendars, hours: SendingHours
) -> Subscription:
    """Cases from acceptance to their end."""
    projector = MatterProjector(project_approval.project_approval, dossiers, calendars, hours)
    return _subscription(streams.APPROVAL, projector, project_approval.APPLIED_KINDS)


def _subscription(source: str, projector: MatterProjector, applied_kinds: frozenset[str]) -> Subscription:
    return Subscription(
        streams.NOTIFY, Stream(source).name, source, projector.apply, fact_kinds(source), applied_kinds=applied_kinds
    )


def _reported_items(reports: Mapping[FileKey, Sequence[StageReport]]) -> dict[FileKey, ItemVersion]:
    """The item version that the batch names for each dossier; without one the stored version counts."""
    found: dict[FileKey, ItemVersion] = dict.fromkeys(reports, NO_ITEM)
    for key, of_matter in reports.items():
        for report in of_matter:
            if isinstance(report.stage, SubmissionStage | AcceptanceStage):
                found[key] = (report.stage.item_code, report.stage.item_version)
    return found


def _open_by(decision: DecisionToDeliver, calendar: Calendar) -> Callable[[Dossier], Sequence[Fact]]:
    return lambda dossier: open_delivery(dossier.delivery, decision, calendar)
