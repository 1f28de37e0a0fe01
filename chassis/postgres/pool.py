"""Connection pool of one role: last used first, with next to no cost for taking and returning a connection.

The pool of asyncpg wraps every connection in a proxy, shields every release and resets the session after each use: 2.6
to 2.9 times the CPU of a statement, 3.3 to 4.1 times with its default reset (docs/figures.md). None of that is needed
here: a call runs one prepared statement in autocommit, and no setting outlives a transaction. A cancelled statement
needs no care either, since asyncpg lets the next statement on the connection wait until the server has stopped it.

How places are counted. `_free` is the number of connections that may still be made. Example with size 2:
1. Calls A and B take a connection each: `_free` goes 2, 1, 0, and both are in `_out`.
2. Call C finds no idle connection and no free place: it waits in the queue `_waiting`.
3. A returns its connection. It is handed to C directly, never through `_idle`, so no later call can overtake C.
4. B's connection broke: its place is returned (`_free` 1), and the first in the queue is woken to make a new one.
5. C's caller is cancelled while it holds its turn: the connection goes on to the next in the queue, or to `_idle`.

A leader keeps its connection for hours. `uncounted` returns the place meanwhile, so that others still have two; at the
end `_free` may be -1 until the next connection that comes back is closed instead of kept.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import asyncpg

from chassis.settings.watched_file import LOOK_SECONDS
from chassis.telemetry import traces

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection


class Pool:
    """At most `size` connections of one role, made when they are needed, besides the uncounted ones.

    `login` gives the login of new connections. When it changes (a password was rotated), idle connections are renewed
    within a second, those in use after their statement.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        size: int,
        acquire_timeout: float,
        login: Callable[[], object] = lambda: None,
    ) -> None:
        self._connect = connect
        self._login = login
        self._made_with: object = None
        self._generation = 0
        self._old: set[Connection] = set()
        """Connections in use that were made with another login."""
        self._look_next: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._acquire_timeout = acquire_timeout
        self._free = size
        """Connections that may still be made; negative while an uncounted one has come back as one too many."""
        self._idle: list[Connection] = []
        self._out: set[Connection] = set()
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """A connection for several statements. Raises TimeoutError when none is free in time."""
        connection = await self._take()
        try:
            yield connection
        finally:
            self._give(connection)

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Frees the place of a connection that is held for long: meanwhile another one may be made."""
        self._return_place()
        try:
            yield
        finally:
            self._free -= 1

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of one statement in a transaction of its own."""
        with traces.statement(statement):
            async with self.acquire() as connection:
                return await connection.fetch(statement, *arguments)

    async def fetchrow(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """First row of one statement in a transaction of its own."""
        with traces.statement(statement):
            connection = await self._take()
            try:
                return await connection.fetchrow(statement, *arguments)
            finally:
                self._give(connection)

    async def fetchval(self, statement: str, *arguments: object) -> Any:  # noqa: ANN401 # of the type of the column
        """First value of one statement in a transaction of its own."""
        row = await self.fetchrow(statement, *arguments)
        return None if row is None else row[0]

    async def execute(self, statement: str, *arguments: object) -> str:
        """Executes one statement in a transaction of its own; returns the command tag of PostgreSQL."""
        with traces.statement(statement):
            async with self.acquire() as connection:
                return await connection.execute(statement, *arguments)

    def outdated(self, connection: Connection) -> bool:
        """True when a connection in use was made with another login: long holders should return it soon."""
        return connection in self._old

    async def close(self) -> None:
        """Closes every connection, those in use after their statement."""
        self._look_no_more()
        for connection in (*self._idle, *self._out):
            await connection.close()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def terminate(self) -> None:
        """Drops every connection at once."""
        self._look_no_more()
        for connection in (*self._idle, *self._out):
            connection.terminate()

    def __await__(self) -> Generator[None, None, Self]:
        """Ready at once, since connections are made when they are needed."""
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _take(self) -> Connection:
        while True:
            connection = self._idle.pop() if self._idle else await self._make_or_wait()
            if connection is not None and not connection.is_closed():
                self._out.add(connection)
                return connection
            if connection is not None:
                self._free += 1

    async def _make_or_wait(self) -> Connection | None:
        if self._free <= 0:
            return await self._wait()
        self._free -= 1
        generation = self._generation
        try:
            connection = await self._connect()
        except BaseException:
            self._return_place()
            raise
        if self._look_next is None:
            self._made_with = self._login()
            self._look_later()
        if generation != self._generation:
            self._old.add(connection)
        return connection

    def _look_later(self) -> None:
        self._look_next = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look_no_more(self) -> None:
        if self._look_next is not None:
            self._look_next.cancel()

    def _look(self) -> None:
        self._look_later()
        login = self._login()
        if login != self._made_with:
            self._made_with, self._generation = login, self._generation + 1
            self._old = set(self._out)
            idle, self._idle = self._idle, []
            for connection in idle:
                self._retire(connection)

    def _retire(self, connection: Connection) -> None:
        ending = asyncio.create_task(connection.close())
        self._ending.add(ending)
        ending.add_done_callback(self._ended)
        self._return_place()

    def _ended(self, ending: "asyncio.Task[None]") -> None:
        self._ending.discard(ending)
        if not ending.cancelled():
            ending.exception()  # retrieved: a connection that breaks while it is closed is gone all the same

    async def _wait(self) -> Connection | None:
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._acquire_timeout):
                return await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and (given := turn.result()) is not None:
                self._out.add(given)
                self._give(given)
            elif turn.done() and not turn.cancelled():
                self._wake(None)
            raise

    def _give(self, connection: Connection) -> None:
        self._out.discard(connection)
        if not connection.is_closed() and connection.is_in_transaction():
            connection.terminate()  # left in a transaction: even the rollback failed
        if self._old and connection in self._old:
            self._old.discard(connection)
            if not connection.is_closed():
                self._retire(connection)
                return
        if connection.is_closed():
            self._return_place()
        elif self._wake(connection):
            return
        elif self._free < 0:
            self._retire(connection)
        else:
            self._idle.append(connection)

    def _return_place(self) -> None:
        self._free += 1
        if self._free > 0:
            self._wake(None)

    def _wake(self, given: Connection | None) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(given)
                return True
        return False
