"""Subscriptions of metrics to the three streams of facts, and their description for rebuild and audit."""

from chassis.audit import AuditedService
from chassis.event_store import PositionSources
from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from protocol.streams import APPROVAL, INTAKE, METRICS, NOTIFY, received_by
from services.metrics.adapters import project_desks, project_intake
from services.metrics.adapters.projector import Projector

SOURCES = PositionSources(own="", received=received_by(METRICS))
"""Sources whose positions a caller may pass."""

PROJECTORS = (
    Projector(INTAKE, project_intake.PROJECTIONS),
    Projector(APPROVAL, project_desks.PROJECTIONS),
    Projector(NOTIFY, project_desks.DELIVERIES),
)
"""One for each of the three streams of facts."""

TABLES = ["matter", "ticket", "card", "item", "hall_window", "fact_count"]

AUDITED = AuditedService("metrics")
"""Metrics has no facts of its own, only its inbox."""


def projections(_pool: Pool, _district: str) -> Rebuild:
    """Every table, folded again from the inbox, which keeps all that the figures follow from."""
    return Rebuild(TABLES, [projector.subscription() for projector in PROJECTORS])
