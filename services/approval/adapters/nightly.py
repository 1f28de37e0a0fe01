"""Every night, and once when a replica takes the lead, the district's list is held against our legs."""

import asyncio
from datetime import datetime, timedelta

import structlog
from prometheus_client import Gauge

from chassis.clock import RealClock
from chassis.postgres.database import Pool
from chassis.postgres.leader import lead
from services.approval.adapters.district import Refused, Unreached
from services.approval.adapters.reconciling import Reconciler
from services.approval.domain.reconcile import Found

_log = structlog.get_logger()
_unmatched = Gauge(
    "onewindow_district_unmatched",
    "Cases that our files and the district's list have differently, as the last reconciliation found them.",
    ["found"],
)
_HOUR = 2
_PERSISTING = (Found.ONLY_HERE, Found.ONLY_THERE, Found.DIFFERS)
_AGAIN_SECONDS = 600.0
"""Until a district that did not answer is asked again."""


class Nightly:
    """Compares while this replica leads it."""

    def __init__(self, pool: Pool, reconciler: Reconciler) -> None:
        self._pool = pool
        self._reconciler = reconciler

    async def run(self) -> None:
        """Compare for ever while leading; the loop that the service supervises."""
        await lead(self._pool, "district_reconciliation", self._every_night)

    async def once(self) -> bool:
        """One comparison, told by the gauge and the log; False where the district did not answer."""
        try:
            reconciliation = await self._reconciler.reconcile()
        except (Unreached, Refused) as error:
            _log.warning("district_reconciliation_away", reason=str(error))
            return False
        for found in _PERSISTING:
            _unmatched.labels(found.name.lower()).set(len(reconciliation.found(found)))
        told = {"compared": reconciliation.compared, "read_in": reconciliation.read_in}
        _log.info("district_reconciled", **told, unmatched=len(reconciliation.unmatched))
        return True

    async def _every_night(self) -> None:
        try:
            while True:
                answered = await self.once()
                # The machine's own night: an office clock that is moved through a year would ask a thousand times.
                await asyncio.sleep(until_night(RealClock().now()) if answered else _AGAIN_SECONDS)
        finally:
            _unmatched.clear()  # whoever leads next tells


def until_night(now: datetime) -> float:
    """Seconds until the next two o'clock in the morning."""
    night = now.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return (night + timedelta(days=night <= now) - now).total_seconds()
