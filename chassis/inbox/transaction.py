"""What an effect may use: the transaction in which its event was admitted."""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg

from chassis.event_store import postgres_store
from chassis.event_store.model import Append, AppendResult, FileKey, Loaded
from chassis.postgres.database import Connection


class Retry(Exception):
    """A file that an effect changes was changed by somebody else: the whole batch is taken again."""


class InboxTransaction:
    """One transaction of the worker: admission, effect and everything the effect writes, or nothing."""

    def __init__(self, connection: Connection, *, rebuilding: bool = False) -> None:
        self.connection = connection
        self.rebuilding = rebuilding
        """Whether projections are being folded again: facts that followed from these events exist already."""
        self._afterwards: list[Callable[[], None]] = []

    async def load_many(self, keys: Sequence[FileKey]) -> list[Loaded]:
        """Own files, in order; one statement."""
        return await postgres_store.load_many(self.connection, keys)

    def after_commit(self, then: Callable[[], None]) -> None:
        """What this process may take for true once the transaction is committed."""
        self._afterwards.append(then)

    def committed(self) -> None:
        """It is: said by whoever held the transaction."""
        for then in self._afterwards:
            then()

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        """Changes of different own files in one statement; a cause that was answered before changes nothing.

        One outcome for each, none where projections are being folded again. Raises Retry when a file has moved on.
        """
        if self.rebuilding:
            return []
        try:
            outcomes = await postgres_store.append_many(self.connection, changes, recorded_at)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in postgres_store.RACES:
                raise Retry from error
            raise
        if AppendResult.STALE in outcomes:
            raise Retry
        return outcomes

    async def execute(self, statement: str, *arguments: object) -> str:
        """Run a statement of the service's own."""
        return await self.connection.execute(statement, *arguments)

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of a query of the service's own."""
        return await self.connection.fetch(statement, *arguments)
