"""Projections of notify that a rebuild folds again: dossiers and documents from facts, matters from received events.

Messages and documents to come are no projection: how far each of them went stands nowhere else.
"""

from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from protocol.calendars import ReceivedCalendars
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.inbox.subscriptions import approval_subscription, intake_subscription
from services.notify.domain.message.sending_time import SendingHours

_ANY_HOURS = SendingHours()
"""The hours of messages are thrown away with the messages."""


def projections(pool: Pool, district: str) -> Rebuild:
    """The tables to fold again, and from which events and files."""
    dossiers = FileRepository(PostgresStore(pool, pool), DossierCodec(), RealClock())
    calendars = ReceivedCalendars(pool, district)
    return Rebuild(
        ["dossier", "document", "matter", "item_version", "calendar_notice"],
        [
            intake_subscription(dossiers, calendars, _ANY_HOURS),
            approval_subscription(dossiers, calendars, _ANY_HOURS),
        ],
        lambda _kind: dossiers,
        scratch_tables=["message", "document_task"],
    )
