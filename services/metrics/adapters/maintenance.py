"""Metrics as operators' commands see it: the projections that a rebuild folds again, and the audit's description."""

from chassis.audit import AuditedService
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from services.metrics.adapters.projector import PROJECTORS

TABLES = ["matter", "ticket", "card", "item", "hall_window", "fact_count"]

AUDITED = AuditedService("metrics")
"""Metrics has no facts of its own, only its inbox."""


def projections(_pool: Pool, _district: str) -> Rebuild:
    """Every table, folded again from the inbox, which keeps all that the figures follow from."""
    return Rebuild(TABLES, [projector.subscription() for projector in PROJECTORS])
