"""The figures, for when they are told again: all of them follow from what was heard, and all of it was kept."""

from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from services.metrics.adapters.hearing import TELLERS


def projections(_pool: Pool, _district: str) -> Rebuild:
    """What is told again."""
    tables = ["matter", "ticket", "card", "item", "hall_window", "fact_count"]
    return Rebuild(tables, [teller.hears() for teller in TELLERS])
