"""Repairs of one service's database: facts published again, projections folded again, dead letters applied again."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from chassis.inbox import Rebuild, rebuild
from chassis.outbox.publisher import FactOutbox, SealedOutbox, republish
from chassis.outbox.stream_guard import refill_losses
from chassis.postgres.database import Pool
from operations.workers import ServiceWorker
from protocol.streams import SEALED, published_by
from services.approval.adapters import maintenance as approval
from services.intake.adapters import maintenance as intake
from services.metrics.adapters import subscriptions as metrics
from services.notify.adapters import maintenance as notify

Projections: TypeAlias = Callable[[Pool, str], Rebuild]

PROJECTIONS: Mapping[str, Projections] = {
    "intake": intake.projections,
    "approval": approval.projections,
    "notify": notify.projections,
    "metrics": metrics.projections,
}
"""By service: its projections, from its worker's pool and its district."""

_LOOK_SECONDS = 0.2


async def refill_outbox(worker: ServiceWorker, since: datetime, place: str = "") -> int:
    """Puts a service's facts recorded since then into its outbox again, and what its streams had lost; their number."""
    async with worker.pool() as pool:
        count = await republish(pool, since, place=place)
        outboxes = [
            SealedOutbox() if source == SEALED else FactOutbox(source) for source in published_by(worker.service)
        ]
        return count + sum([await refill_losses(pool, outbox, at_once=True) for outbox in outboxes])


async def rebuild_projections(worker: ServiceWorker, *, repair: bool) -> Mapping[str, int]:
    """Folds the projections of a service again; by table the rows that differed, corrected where `repair` says so."""
    async with worker.pool() as pool:
        return await rebuild(pool, PROJECTIONS[worker.service](pool, worker.district), repair=repair)


async def request_redrive(pool: Pool, letters: Sequence[int], *, everything: bool) -> list[int]:
    """Requests of the receiving service that it applies these dead letters again; the numbers that exist.

    The service itself applies them, as it alone knows the effects of a fact.
    """
    rows = await pool.fetch(
        "update dead_letter set asked_at = clock_timestamp()"
        " where redriven_at is null and ($2 or id = any ($1)) returning id",
        letters,
        everything,
    )
    return [row["id"] for row in rows]


async def redriven(pool: Pool, requested: Sequence[int], within: float) -> int:
    """The number of requested letters that were applied, once each was tried or the seconds are over."""
    until = asyncio.get_running_loop().time() + within
    while True:
        row = await pool.fetchrow(
            "select count(*) filter (where redriven_at is not null) as applied,"
            " count(*) filter (where redriven_at is null and asked_at is not null) as waiting"
            " from dead_letter where id = any ($1)",
            requested,
        )
        assert row is not None, "an aggregate has a row"
        if not row["waiting"] or asyncio.get_running_loop().time() > until:
            return int(row["applied"])
        await asyncio.sleep(_LOOK_SECONDS)
