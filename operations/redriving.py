"""Dead letters are applied again by the service that hears, which alone knows what follows: here one asks and waits."""

import asyncio
from collections.abc import Sequence

from chassis.postgres.database import Pool

_LOOK_SECONDS = 0.2


async def ask(pool: Pool, letters: Sequence[int], *, everything: bool) -> list[int]:
    """Ask for these letters, or for all; those that are there."""
    rows = await pool.fetch(
        "update dead_letter set asked_at = clock_timestamp()"
        " where redriven_at is null and ($2 or id = any ($1)) returning id",
        letters,
        everything,
    )
    return [row["id"] for row in rows]


async def outcome(pool: Pool, asked: Sequence[int], within: float) -> int:
    """How many were applied, once each was tried or the seconds are over."""
    until = asyncio.get_running_loop().time() + within
    while True:
        row = await pool.fetchrow(
            "select count(*) filter (where redriven_at is not null) as applied,"
            " count(*) filter (where redriven_at is null and asked_at is not null) as waiting"
            " from dead_letter where id = any ($1)",
            asked,
        )
        assert row is not None, "an aggregate has a row"
        if not row["waiting"] or asyncio.get_running_loop().time() > until:
            return int(row["applied"])
        await asyncio.sleep(_LOOK_SECONDS)
