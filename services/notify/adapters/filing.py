"""Facts of many dossiers and the rows beside them, written by the worker in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from chassis.event_store import Author, FileKey, FileRepository
from chassis.inbox import InboxTransaction, Retry, write_many
from chassis.postgres.database import Pool, away_as_refusal
from chassis.refusals import LostRace
from services.notify.adapters.hearing import ACTOR
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact

Decide: TypeAlias = Callable[[Dossier], Sequence[Fact]]
Beside: TypeAlias = Callable[[InboxTransaction], Awaitable[None]]

_AUTHOR = Author(ACTOR, None)


class Filing:
    """Appends facts to dossiers; who lost the race for one of them decides again."""

    def __init__(self, pool: Pool, files: FileRepository[Dossier, Fact]) -> None:
        self._pool = pool
        self._files = files

    async def put(self, acts: Mapping[FileKey, Decide], beside: Beside) -> None:
        """Decide and append for each dossier, and write `beside`, all or nothing; raises LostRace, Away."""
        for _ in range(self._files.limits.attempts):
            try:
                with away_as_refusal():
                    async with self._pool.acquire() as connection:
                        tx = InboxTransaction(connection)
                        async with connection.transaction():
                            await self._append(tx, acts)
                            await beside(tx)
            except Retry:
                continue
            tx.committed()
            self._files.wake()
            return
        raise LostRace

    async def _append(self, tx: InboxTransaction, acts: Mapping[FileKey, Decide]) -> None:
        unit_of_work, drafts = self._files.unit_of_work, []
        for key, loaded in zip(acts, await tx.load_many(list(acts)), strict=True):
            state = unit_of_work.state(loaded)
            facts = acts[key](state)
            if facts:
                drafts.append(unit_of_work.prepare(key, loaded, state, facts, _AUTHOR))
        await write_many(tx, self._files, drafts)
