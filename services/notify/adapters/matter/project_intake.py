"""Events of intake as stages of a matter, items of the catalogue and holiday notices."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from onewindow.catalogue.v1.catalogue_pb2 import ITEM_KIND_INSTANT

from chassis.clock import SHANGHAI
from chassis.inbox import InboxEvent
from law.desk import Place
from law.recount import DateKind
from protocol.event_headers import checked_event
from protocol.recount_calls import dates_of
from services.notify.domain.stage_reports import (
    AcceptanceStage,
    CorrectionStage,
    NonAcceptanceStage,
    Phase,
    PublishedItem,
    Stage,
    StageRank,
    StageReport,
    SubmissionStage,
    WithdrawalStage,
    moved_day,
)

APPLIED_KINDS = frozenset(
    {
        *("application_submitted", "correction_requested", "application_accepted", "dates_recounted"),
        *("application_declined", "application_withdrawn", "item_published", "calendar_published"),
    }
)
"""Kinds from which something follows here; the others are stored in the inbox and not read."""


@dataclass(frozen=True, slots=True)
class PublishedHolidays:
    """A year's holidays as the district published them; the fields are the columns of `calendar_notice`."""

    district: str
    year: int
    number: str
    days_off: list[date]
    makeup_days: list[date]
    calendar_version: str
    recorded_at: datetime


Projected: TypeAlias = StageReport | PublishedItem | PublishedHolidays
"""The meaning of one event for notify."""


def project_intake(received: InboxEvent) -> Projected | None:
    """The meaning of an event of intake; None when nothing follows from it. Raises WrongEvent."""
    if received.kind not in APPLIED_KINDS:
        return None
    event = checked_event(received)
    if received.kind == "item_published":
        return _item(event.item_published.item)
    if received.kind == "calendar_published":
        return _holidays(received.key.district, event)
    if received.kind == "application_withdrawn" and event.application_withdrawn.after_acceptance:
        return None  # approval says whether it came in time
    stage = _stage(received.kind, event)
    if stage is None:
        return None
    key = received.key
    return StageReport(
        application_id=key.file_id,
        place=Place(key.district, key.street),
        rank=StageRank(Phase.INTAKE, event.revision),
        occurred_on=date.fromisoformat(event.occurred_on),
        recorded_at=event.recorded_at.ToDatetime(SHANGHAI),
        stage=stage,
    )


def _stage(kind: str, event: Any) -> Stage | None:  # noqa: ANN401 # the generated event
    match kind:
        case "application_submitted":
            submitted = event.application_submitted
            return SubmissionStage(submitted.item_code, submitted.item_version)
        case "correction_requested":
            request = event.correction_requested
            supply_by = date.fromisoformat(request.supply_by)
            letter = (request.letter_number, request.supplement, request.provisional)
            return CorrectionStage(len(request.shortfalls), supply_by, *letter)
        case "dates_recounted":
            return moved_day(dates_of(event.dates_recounted.moved), DateKind.SUPPLY)
        case "application_accepted":
            return _acceptance(event.application_accepted)
        case "application_declined":
            return NonAcceptanceStage(event.application_declined.letter_number)
        case _:
            return WithdrawalStage()


def _acceptance(accepted: Any) -> AcceptanceStage:  # noqa: ANN401 # the generated fact
    item = accepted.item
    return AcceptanceStage(
        item_code=item.code,
        item_version=item.version,
        item_name=item.name,
        sensitive=item.sensitive,
        sms=item.sms,
        instant=item.kind == ITEM_KIND_INSTANT,
        receipt=item.receipt,
        number=accepted.number,
        applicant_index=accepted.applicant_index,
        promised_due_on=date.fromisoformat(accepted.promised_due_on),
        provisional=accepted.provisional,
    )


def _item(item: Any) -> PublishedItem:  # noqa: ANN401 # the generated item
    return PublishedItem(
        code=item.code,
        version=item.version,
        name=item.name,
        sensitive=item.sensitive,
        sms=item.sms,
        instant=item.kind == ITEM_KIND_INSTANT,
        materials={material.code: material.name for material in item.materials},
    )


def _holidays(district: str, event: Any) -> PublishedHolidays:  # noqa: ANN401 # the generated event
    published = event.calendar_published
    notice = published.notice
    return PublishedHolidays(
        district=district,
        year=notice.year,
        number=notice.number,
        days_off=[date.fromisoformat(day) for day in notice.days_off],
        makeup_days=[date.fromisoformat(day) for day in notice.makeup_days],
        calendar_version=published.calendar_version,
        recorded_at=event.recorded_at.ToDatetime(),
    )
