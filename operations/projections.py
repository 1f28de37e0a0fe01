"""The projections of each service, for when they are folded again."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from chassis.inbox import Rebuild
from chassis.postgres.database import Pool
from services.approval.adapters import rebuilding as approval
from services.intake.adapters import rebuilding as intake
from services.metrics.adapters import maintenance as metrics
from services.notify.adapters import rebuilding as notify

Projections: TypeAlias = Callable[[Pool, str], Rebuild]

PROJECTIONS: Mapping[str, Projections] = {
    "intake": intake.projections,
    "approval": approval.projections,
    "notify": notify.projections,
    "metrics": metrics.projections,
}
"""By service: from its worker's pool and its district to what is folded again."""
