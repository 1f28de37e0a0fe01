"""The projections of approval, for when they are folded again: cases by their facts, the rest by what intake told."""

from chassis.clock import RealClock
from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.hear_intake import HearIntake
from services.approval.adapters.streams import hears_intake
from services.approval.adapters.wire import CaseCodec


def projections(pool: Pool, district: str) -> Rebuild:
    """What is folded again. Of our own facts, heard for the other leg, only facts and obligations follow."""
    files = FileRepository(PostgresStore(pool, pool), CaseCodec(), RealClock())
    hears = hears_intake(HearIntake(files, HeardCalendars(pool, district)))
    return Rebuild(["case_file", "withdrawn", "calendar_notice"], [hears], lambda _kind: files)
