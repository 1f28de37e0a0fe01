"""Transaction of the worker in which events are admitted and their effects written."""

from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg

from chassis.event_store import postgres_store
from chassis.event_store.model import Append, AppendResult, FileKey, Loaded
from chassis.postgres.database import Connection


class Retry(Exception):
    """A file that an effect changes was changed by another transaction: apply the whole batch again."""


class InboxTransaction:
    """One transaction: admission, effect and everything the effect writes, or nothing."""

    def __init__(self, connection: Connection, *, rebuilding: bool = False) -> None:
        self.connection = connection
        self.rebuilding = rebuilding
        """True when projections are rebuilt: the facts that these events led to exist already."""
        self._afterwards: list[Callable[[], None]] = []

    async def load_many(self, keys: Sequence[FileKey]) -> list[Loaded]:
        """Own files, in the order of `keys`; one statement."""
        return await postgres_store.load_many(self.connection, keys)

    def after_commit(self, then: Callable[[], None]) -> None:
        """Registers a call for the moment after the commit."""
        self._afterwards.append(then)

    def committed(self) -> None:
        """Runs the registered calls; for the owner of the transaction, once it is committed."""
        for then in self._afterwards:
            then()

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        """Appends changes of different own files in one statement; a cause that was answered before changes nothing.

        One result for each change, none during a rebuild. Raises Retry when a file has moved on.
        """
        if self.rebuilding:
            return []
        try:
            results = await postgres_store.append_many(self.connection, changes, recorded_at)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name in postgres_store.RACES:
                raise Retry from error
            raise
        if AppendResult.STALE in results:
            raise Retry
        return results

    async def execute(self, statement: str, *arguments: object) -> str:
        """Executes a statement of the service; returns the command tag of PostgreSQL."""
        return await self.connection.execute(statement, *arguments)

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of a query of the service."""
        return await self.connection.fetch(statement, *arguments)
