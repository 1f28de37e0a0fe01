"""Pool and connections of a database in memory, as the services use those of asyncpg.

Each statement is executed at one instant, between two ways: that of the request and that of the answer. On both the
process may be killed: what it did is then committed, and it never hears of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
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
        self.pool = pool
        self.transaction_open: Transaction | None = None

    async def __aenter__(self) -> "MemoryConnection":
        return self

    async def __aexit__(self, *_error: object) -> None:
        """It goes back to the pool."""

    async def fetch(self, statement: str, *arguments: Any) -> list[Row]:
        """Rows of a statement."""
        return list(await self.pool.execute_in(self.transaction_open, statement, arguments))

    async def fetchrow(self, statement: str, *arguments: Any) -> Row | None:
        """The first row, None without one."""
        rows = await self.pool.execute_in(self.transaction_open, statement, arguments)
        return rows[0] if rows else None

    async def fetchval(self, statement: str, *arguments: Any) -> Any:
        """The first value of the first row, None without one."""
        rows = await self.pool.execute_in(self.transaction_open, statement, arguments)
        return next(iter(rows[0].values())) if rows else None

    async def execute(self, statement: str, *arguments: Any) -> str:
        """Execute a statement for its effect."""
        await self.pool.execute_in(self.transaction_open, statement, arguments)
        return ""

    def transaction(self, *, isolation: str = "read_committed", readonly: bool = False) -> "OpenTransaction":
        """A transaction; an error undoes it."""
        return OpenTransaction(self, readonly=readonly)


class OpenTransaction:
    """The block of a transaction."""

    def __init__(self, connection: MemoryConnection, *, readonly: bool) -> None:
        self._connection = connection
        self._readonly = readonly

    async def __aenter__(self) -> None:
        connection = self._connection
        assert connection.transaction_open is None, "no transaction inside another"
        connection.transaction_open = connection.pool.begin_open()

    async def __aexit__(self, kind: object, *_error: object) -> None:
        connection, pool = self._connection, self._connection.pool
        transaction, connection.transaction_open = connection.transaction_open, None
        assert transaction is not None
        if kind is not None or self._readonly:
            pool.roll_back(transaction)
            return
        if (way := pool.travel()) is not None:
            await way
        pool.commit(transaction)
        if (way := pool.travel()) is not None:
            await way


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
        self._district = district if worker else ""
        self.travel = travel
        """The way of a request or of an answer."""
        self.dry = False
        """True where nothing is committed: for the answer that a process would give."""
        self._open: dict[Transaction, None] = {}
        self.log: Listener | None = None
        """Is told of each statement that was executed, for a comparison with PostgreSQL."""

    def acquire(self) -> MemoryConnection:
        """A connection for several statements."""
        return MemoryConnection(self)

    async def fetch(self, statement: str, *arguments: Any) -> list[Row]:
        """Rows of one statement."""
        return list(await self.execute_in(None, statement, arguments))

    async def fetchrow(self, statement: str, *arguments: Any) -> Row | None:
        """The first row of one statement."""
        rows = await self.execute_in(None, statement, arguments)
        return rows[0] if rows else None

    async def fetchval(self, statement: str, *arguments: Any) -> Any:
        """The first value of one statement."""
        rows = await self.execute_in(None, statement, arguments)
        return next(iter(rows[0].values())) if rows else None

    async def execute(self, statement: str, *arguments: Any) -> str:
        """Execute one statement."""
        await self.execute_in(None, statement, arguments)
        return ""

    async def close(self) -> None:
        """Nothing is open."""

    async def execute_in(
        self, transaction: Transaction | None, statement: str, arguments: tuple[Any, ...]
    ) -> Sequence[Row]:
        """Execute a statement between two ways, in a transaction or in one of its own."""
        twin = self.twins.get(statement)
        if twin is None:
            raise UnknownStatement(statement[:200])
        if (way := self.travel()) is not None:
            await way
        while True:
            try:
                if transaction is None:
                    rows = self._run_alone(twin, statement, arguments)
                else:
                    rows = self._run(twin, statement, arguments, transaction)
            except MustWait as wait:
                await self.wait(transaction, wait.holder)
            else:
                break
        if (way := self.travel()) is not None:
            await way
        return rows

    def begin_open(self) -> Transaction:
        """A transaction that stays open; it is undone when the process is killed."""
        transaction = self._begin()
        self._open[transaction] = None
        return transaction

    def _begin(self) -> Transaction:
        return Transaction(self.database, worker=self._worker, district=self._district)

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

    def _run_alone(self, twin: Twin, statement: str, arguments: tuple[Any, ...]) -> Sequence[Row]:
        """Execute a statement at this instant and commit it. Raises MustWait, after which nothing of it is left."""
        tx = self._begin()
        try:
            rows = twin(tx, *arguments)
        except BaseException as error:
            tx.end()
            self._note(0, statement, arguments, error)
            raise
        if self.log is not None:
            self.log(0, statement, arguments, rows)
        if self.dry:
            tx.end()
        else:
            tx.commit()
        return rows

    def _run(self, twin: Twin, statement: str, arguments: tuple[Any, ...], tx: Transaction) -> Sequence[Row]:
        """Execute a statement of an open transaction. Raises MustWait, after which nothing of it is left."""
        if not tx.open:
            raise asyncpg.InterfaceError("the transaction has ended")
        before = {table: rows.copy() for table, rows in tx.writes.items()}
        try:
            rows = twin(tx, *arguments)
        except BaseException as error:
            tx.writes = before
            self._note(id(tx), statement, arguments, error)
            raise
        if self.log is not None:
            self.log(id(tx), statement, arguments, rows)
        return rows

    def _note(self, transaction: int, statement: str, arguments: tuple[Any, ...], error: BaseException) -> None:
        if self.log is not None and not isinstance(error, MustWait):
            self.log(transaction, statement, arguments, error)

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
