"""The projections of intake, for when they are folded again: own facts, and how matters ended at the desks."""

from collections.abc import Mapping
from typing import Any

from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from services.intake.adapters.hearing import hears_approval, hears_notify
from services.intake.adapters.wire import APPLICATIONS, ENTRIES, TICKETS, IntakeCodec

_BEGINS: Mapping[str, IntakeCodec[Any, Any]] = {
    "application_submitted": APPLICATIONS,
    "ticket_taken": TICKETS,
    "item_published": ENTRIES,
    "calendar_published": ENTRIES,
    "window_published": ENTRIES,
}
"""By the first fact of a file: what kind of file it is."""


def projections(pool: Pool, _district: str) -> Rebuild:
    """What is folded again."""
    store, clock = PostgresStore(pool, pool), RealClock()
    files: Mapping[str, FileRepository[Any, Any]] = {
        kind: FileRepository(store, codec, clock) for kind, codec in _BEGINS.items()
    }
    return Rebuild(["application", "ticket", "catalogue_entry"], [hears_approval(), hears_notify()], files.get)
