"""What was laid aside, for whoever decides about it; `Hearing.redrive` tries a letter again."""

from dataclasses import dataclass
from datetime import datetime

from chassis.database import Pool
from chassis.event_store.model import FileKey


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that could not be applied, and why; its file waits."""

    letter: int
    """Its number, by which it is redriven."""
    source: str
    key: FileKey
    revision: int
    kind: str
    error: str
    """The class of what was raised; never the event's content."""
    at: datetime


async def dead_letters(pool: Pool, limit: int = 100) -> list[DeadLetter]:
    """The oldest letters that nobody has redriven."""
    rows = await pool.fetch(
        "select id, source, district, street, file_id, revision, kind, error, at from dead_letter"
        " where redriven_at is null order by id limit $1",
        limit,
    )
    return [
        DeadLetter(
            row["id"],
            row["source"],
            FileKey(row["district"], row["street"], row["file_id"]),
            row["revision"],
            row["kind"],
            row["error"],
            row["at"],
        )
        for row in rows
    ]
