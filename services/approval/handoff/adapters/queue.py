"""Queue of the obligations towards the district, and the circuit breaker that all replicas share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey
from chassis.postgres.database import Pool, queries_of
from services.approval.handoff.adapters.obligations import district_key

_query = queries_of("services.approval.handoff")


@dataclass(frozen=True, slots=True)
class DueObligation:
    """One obligation taken from the queue."""

    leg: FileKey
    kind: str
    destination: str
    street: FileKey
    application_id: UUID
    owed_on: date
    """The day of the referral or of the withdrawal."""
    attempts: int
    uncertain: bool
    """An earlier attempt may have arrived: look the case up before sending it again."""
    missed_before: bool = False
    """The destination did not answer the last attempt of some obligation."""


@dataclass(frozen=True, slots=True)
class RetryTime:
    """Time of the next attempt: by the office clock, or by the machine's where the office clock stands still."""

    office: datetime
    real_seconds: float


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """Failures in a row that open the breaker of a destination, and the seconds between two probes of it."""

    failures: int = 5
    probe_seconds: float = 60.0


class HandoffQueue:
    """Obligations in order of due date; each step is committed before the next one begins."""

    def __init__(self, pool: Pool, breaker: BreakerSettings) -> None:
        self._pool = pool
        self._breaker = breaker

    async def take(self, limit: int, now: datetime) -> list[DueObligation]:
        """The next obligations, marked as being sent."""
        rows = await self._pool.fetch(_query("take"), limit, now)
        return [_due(row) for row in sorted(rows, key=lambda row: (row["due_on"], row["case_id"]))]

    async def complete(self, answered: Sequence[tuple[DueObligation, str]]) -> None:
        """Mark obligations that the district has answered as done, each with its number where it gave one."""
        if answered:
            legs, kinds = [due.leg.file_id for due, _ in answered], [due.kind for due, _ in answered]
            await self._pool.execute(_query("complete"), legs, kinds, [number for _, number in answered])

    async def retry_later(self, due: DueObligation, at: RetryTime, reason: str) -> None:
        """Put back an obligation whose attempt may have arrived or not."""
        await self._pool.execute(_query("retry_later"), due.leg.file_id, due.kind, at.office, at.real_seconds, reason)

    async def block(self, due: DueObligation, reason: str) -> None:
        """Set an obligation aside that was refused by name, for a person to settle."""
        await self._pool.execute(_query("block"), due.leg.file_id, due.kind, reason)

    async def close_breakers(self, destinations: Sequence[str]) -> None:
        """Close the breakers of destinations that answer again."""
        if destinations:
            await self._pool.execute(_query("close_breakers"), destinations)

    async def count_failures(self, due: DueObligation, failures: int, now: datetime) -> None:
        """Add failures of a destination in a row; enough of them open its breaker."""
        probe = now + timedelta(seconds=self._breaker.probe_seconds)
        await self._pool.execute(
            _query("count_failures"),
            due.leg.district,
            due.destination,
            self._breaker.failures,
            probe,
            self._breaker.probe_seconds,
            failures,
        )

    async def lengths(self) -> list[tuple[str, str, int]]:
        """The number of waiting obligations, by destination and state."""
        rows = await self._pool.fetch(_query("queue_lengths"))
        return [(row["destination"], row["state"], row["obligations"]) for row in rows]


def _due(row: asyncpg.Record) -> DueObligation:
    return DueObligation(
        leg=district_key(row["district"], row["case_id"]),
        kind=row["kind"],
        destination=row["destination"],
        street=FileKey(row["district"], row["street"], row["street_case_id"]),
        application_id=row["application_id"],
        owed_on=row["told_on"],
        attempts=row["attempts"],
        uncertain=row["uncertain"],
        missed_before=row["missed_before"],
    )
