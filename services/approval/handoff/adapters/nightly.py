"""Nightly reconciliation with the district, and once when a replica takes the lead."""

import asyncio
from datetime import datetime, timedelta

import structlog
from prometheus_client import Gauge

from chassis.clock import RealClock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from services.approval.handoff.adapters.client import DistrictRefusal, DistrictUnreachable
from services.approval.handoff.adapters.reconciler import Reconciler
from services.approval.handoff.domain.reconciliation import Verdict

_log = structlog.get_logger()
_unmatched = Gauge(
    "onewindow_district_unmatched",
    "Cases that our files and the district's list have differently, as the last reconciliation found them.",
    ["found"],
)
_HOUR = 2
_UNMATCHED = (Verdict.ONLY_HERE, Verdict.ONLY_THERE, Verdict.DIFFERS)
_RETRY_SECONDS = 600.0
"""Seconds until the next attempt after a district that did not answer."""


class NightlyReconciliation:
    """Reconciles while this replica leads it."""

    def __init__(self, pool: Pool, reconciler: Reconciler) -> None:
        self._pool = pool
        self._reconciler = reconciler

    async def run(self) -> None:
        """Reconcile for ever while leading; the loop that the service supervises."""
        await lead(self._pool, "district_reconciliation", self._every_night)

    async def once(self) -> bool:
        """One comparison, shown by the gauge and the log; False when the district did not answer."""
        try:
            reconciliation = await self._reconciler.reconcile()
        except (DistrictUnreachable, DistrictRefusal) as error:
            _log.warning("district_reconciliation_away", reason=str(error))
            return False
        for verdict in _UNMATCHED:
            _unmatched.labels(verdict.name.lower()).set(len(reconciliation.with_verdict(verdict)))
        counts = {"compared": reconciliation.compared, "read_in": reconciliation.read_in}
        _log.info("district_reconciled", **counts, unmatched=len(reconciliation.unmatched))
        return True

    async def _every_night(self) -> None:
        try:
            while True:
                answered = await self.once()
                # By the machine's clock: an office clock that is moved through a year would start hundreds of them.
                await asyncio.sleep(until_night(RealClock().now()) if answered else _RETRY_SECONDS)
        finally:
            _unmatched.clear()  # from now on the next leader counts


def until_night(now: datetime) -> float:
    """Seconds until the next two o'clock in the morning."""
    night = now.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return (night + timedelta(days=night <= now) - now).total_seconds()
