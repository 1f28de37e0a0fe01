"""Projection of notify's facts: the days on which a result was ready, and on which the applicant had it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.event_store import FileKey
from services.metrics.adapters.projector import RowBatch

Projection: TypeAlias = Callable[[RowBatch, FileKey, NotifyEvent], None]


def _opened(batch: RowBatch, key: FileKey, event: NotifyEvent) -> None:
    deliver_by = event.delivery_opened.deliver_by or None
    batch.matter(key, event.application_id, {"delivery_opened_on": event.occurred_on, "deliver_by": deliver_by})


def _delivered(batch: RowBatch, key: FileKey, event: NotifyEvent) -> None:
    on_time = event.result_delivered.on_time
    batch.matter(key, event.application_id, {"delivered_on": event.occurred_on, "delivered_on_time": on_time})


PROJECTIONS: Mapping[str, Projection] = {"delivery_opened": _opened, "result_delivered": _delivered}
"""By kind of fact; every other kind is received and counted, and no figure follows from it."""
