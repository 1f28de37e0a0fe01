"""The figures, for when they are told again: all of them follow from what was heard, and all of it was kept."""

from chassis.database import Pool
from chassis.hearing import Rebuild

from .hearing import TELLERS


def projections(_pool: Pool, _district: str) -> Rebuild:
    """What is told again."""
    tables = ["matter", "ticket", "card", "item", "hall_window", "fact_count"]
    return Rebuild(tables, [teller.hears() for teller in TELLERS])
