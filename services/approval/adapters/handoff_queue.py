"""The queue of what the district is owed, and the breaker that its replicas share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey
from chassis.postgres.database import Pool
from law.desk import Place
from services.approval.adapters.queries import query


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation in hand."""

    leg: FileKey
    kind: str
    destination: str
    street: FileKey
    application_id: UUID
    told_on: date
    attempts: int
    uncertain: bool
    """An attempt before may have arrived: ask before telling again."""
    missed_before: bool = False
    """Whether the destination did not answer the last time: it is told to the others when it does again."""


@dataclass(frozen=True, slots=True)
class Later:
    """When an obligation is tried again: by the office clock, or by the machine's where that one stands."""

    office: datetime
    real_seconds: float


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """When a destination is left alone, and for how long."""

    failures: int = 5
    probe_seconds: float = 60.0


class HandoffQueue:
    """Obligations in order of due date; every step is committed before the next one is taken."""

    def __init__(self, pool: Pool, breaker: BreakerSettings) -> None:
        self._pool = pool
        self._breaker = breaker

    async def take(self, limit: int, now: datetime) -> list[Owed]:
        """The next obligations, marked as being told."""
        rows = await self._pool.fetch(query("take"), limit, now)
        return [_owed(row) for row in sorted(rows, key=lambda row: (row["due_on"], row["case_id"]))]

    async def told(self, answered: Sequence[tuple[Owed, str]]) -> None:
        """The district has answered these, under its numbers where it has given any."""
        if answered:
            legs, kinds = [owed.leg.file_id for owed, _ in answered], [owed.kind for owed, _ in answered]
            await self._pool.execute(query("told"), legs, kinds, [number for _, number in answered])

    async def put_off(self, owed: Owed, later: Later, reason: str) -> None:
        """It may have arrived or not: tried again later."""
        await self._pool.execute(
            query("put_off"), owed.leg.file_id, owed.kind, later.office, later.real_seconds, reason
        )

    async def block(self, owed: Owed, reason: str) -> None:
        """Refused by name: a human's task."""
        await self._pool.execute(query("block"), owed.leg.file_id, owed.kind, reason)

    async def reached(self, destinations: Sequence[str]) -> None:
        """The destinations answer again."""
        if destinations:
            await self._pool.execute(query("reached"), destinations)

    async def missed(self, owed: Owed, times: int, now: datetime) -> None:
        """The destination did not answer so many times; too often in a row, and it is left alone."""
        probe = now + timedelta(seconds=self._breaker.probe_seconds)
        await self._pool.execute(
            query("missed"),
            owed.leg.district,
            owed.destination,
            self._breaker.failures,
            probe,
            self._breaker.probe_seconds,
            times,
        )

    async def lengths(self) -> list[tuple[str, str, int]]:
        """How many obligations wait, by destination and state."""
        rows = await self._pool.fetch(query("queue"))
        return [(row["destination"], row["state"], row["obligations"]) for row in rows]


def _owed(row: asyncpg.Record) -> Owed:
    district = Place.of_district(row["district"])
    return Owed(
        leg=FileKey(district.district, district.street, row["case_id"]),
        kind=row["kind"],
        destination=row["destination"],
        street=FileKey(row["district"], row["street"], row["street_case_id"]),
        application_id=row["application_id"],
        told_on=row["told_on"],
        attempts=row["attempts"],
        uncertain=row["uncertain"],
        missed_before=row["missed_before"],
    )
