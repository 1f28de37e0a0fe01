"""What notify's facts tell of a matter: when its result waited, and when the applicant had it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey
from services.metrics.adapters.sheet import Sheet

SOURCE = "notify"
Tell: TypeAlias = Callable[[Sheet, FileKey, NotifyEvent], None]


def _opened(sheet: Sheet, key: FileKey, event: NotifyEvent) -> None:
    deliver_by = event.delivery_opened.deliver_by or None
    sheet.matter(key, event.application_id, {"delivery_opened_on": event.occurred_on, "deliver_by": deliver_by})


def _delivered(sheet: Sheet, key: FileKey, event: NotifyEvent) -> None:
    on_time = event.result_delivered.on_time
    sheet.matter(key, event.application_id, {"delivered_on": event.occurred_on, "delivered_on_time": on_time})


TELLS: Mapping[str, Tell] = {"delivery_opened": _opened, "result_delivered": _delivered}
"""By kind of fact; every other kind is heard and counted, and tells no figure."""
