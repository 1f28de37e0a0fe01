"""Events of the services' streams: parsed, and checked against the headers they came with.

A consumer trusts the headers for routing and ordering (place, file, revision, kind) and the body for
content. A message whose two halves differ was put together wrongly or changed on its way; applying it to
the file in its headers would spoil that file, so it becomes a dead letter for a person to look at.
"""

from typing import Any

from google.protobuf.message import DecodeError, Message
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.inbox import InboxEvent
from protocol.streams import APPROVAL, INTAKE, NOTIFY

EVENT_TYPES: dict[str, type[Message]] = {INTAKE: IntakeEvent, APPROVAL: ApprovalEvent, NOTIFY: NotifyEvent}
"""The event message of each source."""

_FILE_ID = {INTAKE: "file_id", APPROVAL: "case_id", NOTIFY: "application_id"}


class WrongEvent(Exception):
    """The headers of a message name another event than its body is; it becomes a dead letter."""


def fact_kinds(source: str) -> list[str]:
    """The kinds of fact of a source that this release knows; others stay parked until a newer release."""
    return [field.name for field in EVENT_TYPES[source].DESCRIPTOR.oneofs_by_name["fact"].fields]


def check_headers(received: InboxEvent) -> None:
    """Parse the body and compare it with the headers. Raises WrongEvent."""
    checked_event(received)


def checked_event(received: InboxEvent) -> Any:  # noqa: ANN401 # one of three generated classes, by the source
    """The parsed body of an event whose headers agree with it. Raises WrongEvent."""
    try:
        event: Any = EVENT_TYPES[received.source].FromString(received.body)
    except DecodeError as error:
        raise WrongEvent from error
    require_agreement(received, event)
    return event


def require_agreement(received: InboxEvent, event: Any) -> None:  # noqa: ANN401 # one of three generated classes
    """Pass when the headers name place, file, event, revision and kind of the parsed body. Raises WrongEvent."""
    key = received.key
    headers = (key.district, key.street, str(key.file_id), str(received.event_id), received.revision, received.kind)
    file_id = getattr(event, _FILE_ID[received.source])
    if headers != (
        event.place.district, event.place.street, file_id, event.event_id, event.revision, event.WhichOneof("fact"),
    ):  # fmt: skip # the fields in the order of the headers
        raise WrongEvent
