"""The projections of notify, for when they are folded again: dossiers and documents by their facts, matters as heard.

Messages and documents to come are no projection: how far each went stands nowhere else.
"""

from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from services.notify.adapters import told_by_approval, told_by_intake
from services.notify.adapters.calendars import HeardCalendars
from services.notify.adapters.hearing import Teller
from services.notify.adapters.streams import hears_approval, hears_intake
from services.notify.adapters.wire import DossierCodec
from services.notify.domain.hours import Hours


def projections(pool: Pool, district: str) -> Rebuild:
    """What is folded again."""
    files, calendars = (
        FileRepository(PostgresStore(pool, pool), DossierCodec(), RealClock()),
        HeardCalendars(pool, district),
    )
    return Rebuild(
        ["dossier", "document", "matter", "item_version", "calendar_notice"],
        [
            hears_intake(Teller(told_by_intake.told, files, calendars, _ANY_HOURS)),
            hears_approval(Teller(told_by_approval.told, files, calendars, _ANY_HOURS)),
        ],
        lambda _kind: files,
        scratch_tables=["message", "document_task"],
    )


_ANY_HOURS = Hours()
"""When a message goes out is thrown away with the message."""
