"""The named queries, and facts of many dossiers with the rows that change with them, in one transaction."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from chassis.event_store import Author, FileKey, FileRepository
from chassis.inbox import InboxTransaction, Retry, write_many
from chassis.postgres.database import Pool, away_as_refusal, queries_of
from chassis.refusals import LostRace
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact

ACTOR = "office"
"""The actor of facts that follow without a member of staff."""

query = queries_of("services.notify")
"""The statement of a name in `queries.sql`."""

Decide: TypeAlias = Callable[[Dossier], Sequence[Fact]]
WriteRows: TypeAlias = Callable[[InboxTransaction], Awaitable[None]]

_AUTHOR = Author(ACTOR, None)


class BulkAppend:
    """Appends facts to many dossiers at once; after a lost race everything is decided again.

    `moved` is called with their keys once they are committed.
    """

    def __init__(
        self,
        pool: Pool,
        dossiers: FileRepository[Dossier, Fact],
        moved: Callable[[Iterable[FileKey]], None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._dossiers = dossiers
        self._moved = moved

    async def write(self, acts: Mapping[FileKey, Decide], rows: WriteRows) -> None:
        """Write the rows, then decide and append for each dossier, all or nothing. Raises LostRace, Away.

        Rows come before facts, as they do when a batch of events is applied: transactions that meet wait for each other
        in the same order.
        """
        for _ in range(self._dossiers.limits.attempts):
            try:
                with away_as_refusal():
                    async with self._pool.acquire() as connection:
                        tx = InboxTransaction(connection)
                        async with connection.transaction():
                            await rows(tx)
                            await self._append(tx, acts)
            except Retry:
                continue
            tx.committed()
            self._moved(acts)
            self._dossiers.wake()
            return
        raise LostRace

    async def _append(self, tx: InboxTransaction, acts: Mapping[FileKey, Decide]) -> None:
        unit_of_work, changes = self._dossiers.unit_of_work, []
        for key, loaded in zip(acts, await tx.load_many(list(acts)), strict=True):
            state = unit_of_work.state(loaded)
            facts = acts[key](state)
            if facts:
                changes.append(unit_of_work.prepare(key, loaded, state, facts, _AUTHOR))
        await write_many(tx, self._dossiers, changes)


def columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """The rows as one array for each column, as `unnest` takes them; empty arrays without rows."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
