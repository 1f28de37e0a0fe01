"""Comparison with PostgreSQL: the statements of histories, as they were executed in memory, executed there once more.

A history is recorded with every statement of every process in the order of its execution, with its arguments and its
result. Played again on four real databases, each statement has to give the same rows or the same error, and at the end
each table holds the same rows.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from chassis.outbox.publisher import FactOutbox, SealedOutbox
from chassis.postgres.database import _SET_SCOPE, Connection, Pool
from tests.simulate.database.pool import Listener
from tests.simulate.database.schema import Row
from tests.simulate.history import Beginning, History
from tests.simulate.play import Begun, Player, begun, publish_catalogue
from tests.simulate.stage import running
from tests.simulate.world import World

_OF_THE_CLOCK = frozenset(
    {"since", "received_at", "at", "parked_at", "finished_at", "recorded_at", "real_next_at", "seconds"}
)
"""Columns that the clock of the machine fills."""
_OWN = frozenset({"seq", "id"})
"""Columns that each database numbers for itself."""
_SEALED_ID = "event_id"
_WITHOUT_ROWS = frozenset({_SET_SCOPE, FactOutbox.remove, SealedOutbox.remove})
"""Statements whose rows say nothing: two columns of one name, and marks of streams, which are not simulated."""
_SKIPPED_TABLES = frozenset(
    {"schema_migrations", "schema_rule", "schema_sql", "sweep_name", "stream_mark", "stream_loss"}
)


@dataclass(frozen=True, slots=True)
class Executed:
    """One statement, or the end of a transaction."""

    service: str
    worker: bool
    transaction: int
    """0 for a transaction of its own."""
    statement: str
    arguments: tuple[Any, ...]
    result: Any
    """Rows, or the error."""
    at: datetime
    """The clock of the machines."""


@dataclass(slots=True)
class Recording:
    """Statements of worlds that follow each other."""

    executed: list[Executed] = field(default_factory=list)
    world: World | None = None

    def listener(self, service: str, worker: bool) -> Listener:  # as the world calls it
        """Notes the statements of one pool."""

        def note(transaction: int, statement: str, arguments: tuple[Any, ...], result: Any) -> None:
            assert self.world is not None
            kept = result if isinstance(result, BaseException | None) else [dict(row) for row in result]
            at = self.world.machine_time()
            self.executed.append(Executed(service, worker, transaction, statement, arguments, kept, at))

        return note

    def attach(self, world: World) -> None:
        """Note the statements of this world from now on."""
        self.world = world
        world.note_statements(self.listener)


def recorded(histories: Sequence[History]) -> tuple[Recording, World]:
    """The statements of histories, each of which begins where the one before has ended."""
    recording = Recording()
    begins = _with_catalogue(recording)
    world = None
    for history in histories:
        player = Player(History(history.seed, history.conditions, Beginning(), history.steps), recording.attach, begins)
        world = player.world
        with running(world):
            world.scheduler.run(player.whole())
        begins = Begun(world.snapshot(), world.clock.instant, begun(Beginning()).matter, (), {}, (), world.blobs)
    assert world is not None
    return recording, world


def _with_catalogue(recording: Recording) -> Begun:
    world = publish_catalogue(recording.attach)
    return Begun(world.snapshot(), world.clock.instant, begun(Beginning()).matter, (), {}, (), {})


@dataclass(slots=True)
class Replay:
    """The statements on real databases, by service the pools of calls and of the worker."""

    pools: Mapping[str, tuple[Pool, Pool]]
    differences: list[str] = field(default_factory=list)
    _numbers: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Outbox numbers of PostgreSQL by those in memory."""
    _open: dict[tuple[str, int], tuple[Connection, AsyncExitStack, Any]] = field(default_factory=dict)

    async def play(self, recording: Recording) -> None:
        """Execute everything in its order."""
        for one in recording.executed:
            await self._one(one)

    async def _one(self, one: Executed) -> None:
        key = (one.service, one.transaction)
        if one.statement in ("commit", "rollback"):
            if key in self._open:
                connection, stack, transaction = self._open.pop(key)
                await (transaction.commit() if one.statement == "commit" else transaction.rollback())
                await stack.aclose()
            return
        rpc, worker = self.pools[one.service]
        pool = worker if one.worker else rpc
        if not one.transaction:
            async with pool.acquire() as connection:
                await self._execute(connection, one)
            return
        if key not in self._open:
            stack = AsyncExitStack()
            connection = await stack.enter_async_context(pool.acquire())
            transaction = connection.transaction()
            await transaction.start()
            self._open[key] = connection, stack, transaction
        await self._execute(self._open[key][0], one)

    async def _execute(self, connection: Connection, one: Executed) -> None:
        statement = one.statement.replace("clock_timestamp()", f"'{one.at.isoformat()}'::timestamptz")
        arguments = self._translated(one)
        try:
            rows: Any = [dict(row) for row in await connection.fetch(statement, *arguments)]
        except asyncpg.PostgresError as error:
            rows = error
        self._compare(one, rows)

    def _translated(self, one: Executed) -> Sequence[Any]:
        outbox = {FactOutbox.remove: "outbox", SealedOutbox.remove: "sealed_outbox"}.get(one.statement)
        if outbox is None:
            return one.arguments
        numbers = [self._numbers.get((one.service, outbox, number), 0) for number in one.arguments[0]]
        return [numbers, *one.arguments[1:]]

    def _compare(self, one: Executed, rows: Any) -> None:
        expected = one.result
        if isinstance(expected, BaseException) or isinstance(rows, BaseException):
            same = type(expected) is type(rows)
            if isinstance(rows, asyncpg.UniqueViolationError) and isinstance(expected, asyncpg.UniqueViolationError):
                same = rows.constraint_name == expected.constraint_name
            if not same:
                self._differs(one, expected, rows)
            return
        outbox = {FactOutbox.select: "outbox", SealedOutbox.select: "sealed_outbox"}.get(one.statement)
        left_out = _OWN | _OF_THE_CLOCK if outbox else _OF_THE_CLOCK
        if outbox:
            for there, here in zip(expected, rows, strict=False):
                self._numbers[one.service, outbox, there["seq"]] = here["seq"]
            left_out = left_out | ({_SEALED_ID} if outbox == "sealed_outbox" else set())
        if one.statement in _WITHOUT_ROWS:
            return
        if rows and len(rows[0]) == 1 and len(expected) == len(rows) and all(len(row) == 1 for row in expected):
            expected = [dict.fromkeys(rows[0], next(iter(row.values()))) for row in expected]
        if not rows or not set(rows[0]) - left_out:
            if len(rows) != len(expected) and "returning" not in statement_head(one.statement):
                self._differs(one, expected, rows)
            return
        columns = [column for column in rows[0] if column not in left_out]
        if _normal(rows, columns) != _normal(expected, columns):
            self._differs(one, expected, rows)

    def _differs(self, one: Executed, expected: Any, rows: Any) -> None:
        if isinstance(expected, list) and isinstance(rows, list) and len(expected) == len(rows):
            pairs = [
                (name, there.get(name), here[name])
                for there, here in zip(expected, rows, strict=True)
                for name in here
                if _value(there.get(name)) != _value(here[name])
            ]
            what = "\n".join(
                f"  {name}: memory {there!r:.300}, PostgreSQL {here!r:.300}" for name, there, here in pairs
            )
        else:
            what = f"  memory {expected!r:.600}\n  PostgreSQL {rows!r:.600}"
        self.differences.append(f"{one.service}: {one.statement[:80]!r}\n{what}")


def statement_head(statement: str) -> str:
    """The statement without the sentence above it."""
    return "\n".join(line for line in statement.splitlines() if not line.startswith("--"))


async def table_differences(pools: Mapping[str, Any], world: World) -> list[str]:
    """Tables whose rows are not the same in both."""
    found = []
    for service, connection in pools.items():
        database = world.databases[service]
        for name, schema in database.schema.items():
            if name in _SKIPPED_TABLES:
                continue
            rows = [dict(row) for row in await connection.fetch(f"select * from {name}")]
            columns = [
                column
                for column in (*schema.columns, *schema.generated)
                if column not in _OWN | _OF_THE_CLOCK and not (name.startswith("sealed") and column == _SEALED_ID)
            ]
            here, there = _normal(rows, columns), _normal(database.table(name), columns)
            if here != there:
                only = [row for row in there if row not in here][:2], [row for row in here if row not in there][:2]
                found.append(
                    f"{service}.{name}: {len(there)} rows in memory, {len(here)} in PostgreSQL; {only!r:.1500}"
                )
    return found


def _normal(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Rows in one form, in one order: which of equal ones comes first is nobody's promise."""
    return sorted(repr([_value(row.get(column)) for column in columns]) for row in rows)


def _value(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            content = json.loads(value)
            if isinstance(content, list):  # no statement asks for an order of what it gathers
                content = sorted(content, key=repr)
            return json.dumps(content, sort_keys=True, ensure_ascii=False)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, memoryview | bytearray):
        return bytes(value)
    if value == "" or value is None:
        return None
    if isinstance(value, tuple):
        return list(value)
    return json.loads(json.dumps(value)) if isinstance(value, float) else value
