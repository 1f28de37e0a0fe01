"""Events of approval and notify on their streams, in the order of their revisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

import nats
from onewindow.approval.v1 import approval_event_pb2 as approval_pb
from onewindow.desk.v1.desk_pb2 import Actor, Place
from onewindow.notify.v1 import notify_event_pb2 as notify_pb
from uuid_utils.compat import uuid7

from chassis.event_store import FileKey, position_of
from chassis.inbox import InboxEvent
from chassis.outbox.publisher import KIND, POSITION
from tests.service.intake.intake_service import STREET

PLACE = Place(district="440105", street=STREET)
GRANTED = approval_pb.CaseDecided(
    outcome=approval_pb.OUTCOME_GRANTED, on_time=True, early=True, leg=approval_pb.LEG_STREET
)
REFUSED = approval_pb.CaseDecided(outcome=approval_pb.OUTCOME_REFUSED, on_time=True, leg=approval_pb.LEG_STREET)
REFERRED = approval_pb.CaseReferred(closes=True, on_time=True)
RETURNED = approval_pb.CaseReturned(leg=approval_pb.LEG_STREET)
WITHDRAWN = approval_pb.CaseWithdrawn(leg=approval_pb.LEG_STREET)
DISTRICT_GRANTED = approval_pb.DistrictDecided(
    outcome=approval_pb.OUTCOME_GRANTED, closes=True, on_time=True, leg=approval_pb.LEG_STREET
)
DISTRICT_GRANTED_AFTER_REFERRAL = approval_pb.DistrictDecided(
    outcome=approval_pb.OUTCOME_GRANTED, decided_on="2016-09-19", leg=approval_pb.LEG_STREET
)
TOO_LATE = approval_pb.WithdrawalTooLate(
    withdrawn_on="2016-09-20",
    outcome=approval_pb.OUTCOME_GRANTED,
    decided_on="2016-09-19",
    decided_by=approval_pb.LEG_DISTRICT,
    leg=approval_pb.LEG_STREET,
)
EXTENDED = approval_pb.TermExtended(
    days=10, term=approval_pb.Term(promised_due_on="2016-10-21", legal_due_on="2016-11-04", provisional=True)
)

Ending = (
    approval_pb.CaseDecided
    | approval_pb.CaseReferred
    | approval_pb.CaseReturned
    | approval_pb.CaseWithdrawn
    | approval_pb.DistrictDecided
    | approval_pb.CaseOpened
    | approval_pb.StepReleased
    | approval_pb.TermExtended
    | approval_pb.TermResumed
    | approval_pb.WithdrawalTooLate
)
_FIELDS = {
    approval_pb.CaseOpened: "case_opened",
    approval_pb.StepReleased: "step_released",
    approval_pb.CaseDecided: "case_decided",
    approval_pb.CaseReferred: "case_referred",
    approval_pb.CaseReturned: "case_returned",
    approval_pb.CaseWithdrawn: "case_withdrawn",
    approval_pb.DistrictDecided: "district_decided",
    approval_pb.TermExtended: "term_extended",
    approval_pb.TermResumed: "term_resumed",
    approval_pb.WithdrawalTooLate: "withdrawal_too_late",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The street's leg of one application."""

    application_id: str
    leg: str = "street"

    @property
    def key(self) -> FileKey:
        """The case."""
        return FileKey("440105", STREET, uuid5(UUID(self.application_id), self.leg))

    def reports(self, *endings: Ending, on: str = "2016-09-20") -> list[InboxEvent]:
        """Events of the case, from its first revision."""
        return [self._event(revision, ending, on) for revision, ending in enumerate(endings, start=1)]

    def delivered(self, on: str = "2016-09-21") -> InboxEvent:
        """The result is in the applicant's hands."""
        key, event_id = FileKey("440105", STREET, UUID(self.application_id)), uuid7()
        event = notify_pb.NotifyEvent(
            event_id=str(event_id),
            application_id=self.application_id,
            revision=1,
            place=PLACE,
            occurred_on=on,
            actor=Actor(staff_no="10001"),
            result_delivered=notify_pb.ResultDelivered(on_time=True),
        )
        return InboxEvent("notify", key, 1, event_id, "result_delivered", event.SerializeToString())

    def position(self, revision: int) -> str:
        """The value of `after`."""
        return position_of("approval", self.key, revision)

    def _event(self, revision: int, ending: Ending, on: str) -> InboxEvent:
        kind, event_id = _FIELDS[type(ending)], uuid7()
        event = approval_pb.ApprovalEvent(
            event_id=str(event_id),
            case_id=str(self.key.file_id),
            revision=revision,
            place=PLACE,
            occurred_on=on,
            actor=Actor(staff_no="30001"),
            application_id=self.application_id,
        )
        getattr(event, kind).CopyFrom(ending)
        return InboxEvent("approval", self.key, revision, event_id, kind, event.SerializeToString())


async def publish(url: str, events: Iterable[InboxEvent]) -> None:
    """Put events on their streams as the relay of their service would."""
    client = await nats.connect(url)
    jetstream = client.jetstream()
    for event in events:
        headers = {
            KIND: event.kind,
            POSITION: position_of(event.source, event.key, event.revision),
            "Nats-Msg-Id": str(event.event_id),
        }
        subject = f"onewindow.{event.source}.v1.{event.kind}.{event.key.district}.{event.key.street}"
        await jetstream.publish(subject, event.body, headers=headers)
    await client.close()
