"""The projections of approval, for when they are folded again: cases by their facts, the rest by what intake told."""

from chassis.clock import RealClock
from chassis.database import Pool
from chassis.event_store import Files, PostgresStore
from chassis.hearing import Rebuild

from .calendars import HeardCalendars
from .hear_intake import HearIntake
from .streams import hears_intake
from .wire import CaseCodec


def projections(pool: Pool, district: str) -> Rebuild:
    """What is folded again. Of our own facts, heard for the other leg, only facts and obligations follow."""
    files = Files(PostgresStore(pool, pool), CaseCodec(), RealClock())
    hears = hears_intake(HearIntake(files, HeardCalendars(pool, district)))
    return Rebuild(["case_file", "withdrawn", "calendar_notice"], [hears], lambda _kind: files)
