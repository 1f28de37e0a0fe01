"""What was laid aside, for whoever decides about it; `onewindow redrive` asks that a letter be tried again."""

from dataclasses import dataclass
from datetime import datetime

from chassis.event_store.model import FileKey
from chassis.postgres.database import Pool


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that could not be applied, and why; its file waits."""

    number: int
    """By which it is redriven, in this service."""
    source: str
    key: FileKey
    revision: int
    kind: str
    error: str
    """The class of what was raised; never the event's content."""
    at: datetime


async def dead_letters(pool: Pool) -> list[DeadLetter]:
    """Those that nobody has redriven, oldest first."""
    rows = await pool.fetch(
        "select id, source, district, street, file_id, revision, kind, error, at from dead_letter"
        " where redriven_at is null order by id"
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
