"""Pool and connections of a database in memory, as the services use those of asyncpg.

Each statement is executed at one instant, between two ways: that of the request and that of the answer. On both the
process may be killed: what it did is then committed, and it never hears of it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from tests.simulate.database.schema import Row
from tests.simulate.database.storage import Database, MustWait, Transaction

Twin: TypeAlias = Callable[..., Sequence[Row]]
"""A statement in Python: rows from a transaction and the arguments. A scalar is the one value of the one row."""
Travel: TypeAlias = Callable[[], Awaitable[None] | None]
Listener: TypeAlias = Callable[[int, str, tuple[Any, ...], Any], None]

_SCALAR = "?"


class UnknownStatement(Exception):
    """A statement of the product that has no twin yet: write it in tests/simulate/database."""


def scalar(value: Any) -> Sequence[Row]:
    """The answer of a function that returns one value."""
    return [{_SCALAR: value}]


class MemoryConnection:
    """One connection: statements, each in a transaction of its own or in the one that is open."""

    def __init__(self, pool: "MemoryPool") -> None:
        self._pool = pool
        self._transaction: Transaction | None = None

    async def fetch(self, statement: str, *arguments: Any) -> list[Row]:
        """Rows of a statement."""
        return list(await self._execute(statement, arguments))

    async def fetchrow(self, statement: str, *arguments: Any) -> Row | None:
        """The first row, None without one."""
        rows = await self._execute(statement, arguments)
        return rows[0] if rows else None

    async def fetchval(self, statement: str, *arguments: Any) -> Any:
        """The first value of the first row, None without one."""
        rows = await self._execute(statement, arguments)
        return next(iter(rows[0].values())) if rows else None

    async def execute(self, statement: str, *arguments: Any) -> str:
        """Execute a statement for its effect."""
        await self._execute(statement, arguments)
        return ""

    @asynccontextmanager
    async def transaction(self, *, isolation: str = "read_committed", readonly: bool = False) -> AsyncIterator[None]:
        """A transaction; an error undoes it."""
        assert self._transaction is None, "no transaction inside another"
        transaction = self._transaction = self._pool.begin()
        try:
            yield
        except BaseException:
            self._transaction = None
            self._pool.roll_back(transaction)
            raise
        self._transaction = None
        if readonly:
            self._pool.roll_back(transaction)
            return
        await self._pool.go()
        self._pool.commit(transaction)
        await self._pool.go()

    async def _execute(self, statement: str, arguments: tuple[Any, ...]) -> Sequence[Row]:
        pool = self._pool
        twin = pool.twins.get(statement)
        if twin is None:
            raise UnknownStatement(statement[:200])
        await pool.go()
        transaction = self._transaction
        while True:
            try:
                rows = pool.run(twin, statement, arguments, transaction)
            except MustWait as wait:
                await pool.wait(transaction, wait.holder)
            else:
                break
        await pool.go()
        return rows


class MemoryPool:
    """The pool of one role in one process."""

    def __init__(
        self,
        database: Database,
        twins: dict[str, Twin],
        *,
        worker: bool,
        district: str,
        travel: Travel = lambda: None,
    ) -> None:
        self.database = database
        self.twins = twins
        self._worker = worker
        self._district = district
        self._travel = travel
        self.dry = False
        """True where nothing is committed: for the answer that a process would give."""
        self._open: dict[Transaction, None] = {}
        self.log: Listener | None = None
        """Is told of each statement that was executed, for a comparison with PostgreSQL."""

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[MemoryConnection]:
        """A connection for several statements."""
        yield MemoryConnection(self)

    async def fetch(self, statement: str, *arguments: Any) -> list[Row]:
        """Rows of one statement."""
        return await MemoryConnection(self).fetch(statement, *arguments)

    async def fetchrow(self, statement: str, *arguments: Any) -> Row | None:
        """The first row of one statement."""
        return await MemoryConnection(self).fetchrow(statement, *arguments)

    async def fetchval(self, statement: str, *arguments: Any) -> Any:
        """The first value of one statement."""
        return await MemoryConnection(self).fetchval(statement, *arguments)

    async def execute(self, statement: str, *arguments: Any) -> str:
        """Execute one statement."""
        return await MemoryConnection(self).execute(statement, *arguments)

    async def close(self) -> None:
        """Nothing is open."""

    async def go(self) -> None:
        """The way of a request or of an answer."""
        way = self._travel()
        if way is not None:
            await way

    def begin(self) -> Transaction:
        """A new transaction."""
        transaction = Transaction(self.database, worker=self._worker, district=self._district if self._worker else "")
        self._open[transaction] = None
        return transaction

    def commit(self, transaction: Transaction) -> None:
        """Commit."""
        if self.log is not None:
            self.log(id(transaction), "commit", (), None)
        self._open.pop(transaction, None)
        if self.dry:
            transaction.end()
        else:
            transaction.commit()

    def roll_back(self, transaction: Transaction) -> None:
        """Undo; also one that the server has undone already."""
        if transaction.open:
            if self.log is not None:
                self.log(id(transaction), "rollback", (), None)
            self._open.pop(transaction, None)
            transaction.end()

    def run(
        self, twin: Twin, statement: str, arguments: tuple[Any, ...], transaction: Transaction | None
    ) -> Sequence[Row]:
        """Execute a statement at this instant. Raises MustWait, after which nothing of it is left."""
        own = transaction is None
        tx = self.begin() if transaction is None else transaction
        if not tx.open:
            raise asyncpg.InterfaceError("the transaction has ended")
        before = None if own else {table: dict(rows) for table, rows in tx.writes.items()}
        try:
            rows = twin(tx, *arguments)
        except BaseException as error:
            if before is None:
                self._open.pop(tx, None)
                tx.end()
            else:
                tx.writes = before
            if self.log is not None and not isinstance(error, MustWait):
                self.log(0 if own else id(tx), statement, arguments, error)
            raise
        if self.log is not None:
            self.log(0 if own else id(tx), statement, arguments, rows)
        if own:
            self._open.pop(tx, None)
            if self.dry:
                tx.end()
            else:
                tx.commit()
        return rows

    async def wait(self, waiting: Transaction | None, holder: Transaction) -> None:
        """Wait for the end of a transaction. Raises DeadlockDetectedError."""
        if waiting is not None:
            behind: Transaction | None = holder
            while behind is not None:
                if behind is waiting:
                    raise asyncpg.DeadlockDetectedError("deadlock detected")
                behind = behind.waits_for
            waiting.waits_for = holder
        ended = asyncio.get_running_loop().create_future()
        holder.waiters.append(lambda: None if ended.done() else ended.set_result(None))
        try:
            await ended
        finally:
            if waiting is not None:
                waiting.waits_for = None

    def cut(self) -> None:
        """The process is gone: the server undoes its transactions."""
        transactions, self._open = list(self._open), {}
        for transaction in transactions:
            transaction.end()
