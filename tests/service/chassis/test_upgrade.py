"""A database of the last release upgrades and rolls back: nothing is lost, and both releases run on it.

`tests/golden/database_0_1` holds the four databases as release 0.1 left them after a few matters, and its statements.
"""

import json
import re
import subprocess
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.clock import SHANGHAI
from chassis.postgres.schema import WrongSchema, check_schema, migrations_of
from embedded import postgres
from operations import databases
from operations import migrate as migration
from operations.errors import CommandError
from operations.migrate import migrate
from protocol.streams import SERVICES
from tests.support.servers import Database, PostgresServer
from tools import schema_dump

GOLDEN = Path(__file__).parents[2] / "golden" / "database_0_1"
TABLES = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and relname not like 'schema\\_%' order by 1
"""
Rows = dict[str, list[dict[str, Any]]]


async def _restored(server: PostgresServer, service: str) -> Database:
    """A database as release 0.1 left it."""
    database = Database(service, f"{service}_{uuid4().hex[:8]}", server.address)
    connection = await server.address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    await databases.make(connection, service, database.name)
    await connection.close()
    options = ["--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", f"--file={GOLDEN / service}.sql"]
    subprocess.run([str(postgres.binary("psql")), "--no-psqlrc", *options, database.dsn("owner")], check=True)
    return database


async def _upgrade(database: Database) -> None:
    owner = postgres.owner(database.service)
    await migrate(database.address.server(), database.service, database.name, owner)


async def _rows(database: Database) -> Rows:
    """Every row of every table and view, as the superuser sees them."""
    connection = await asyncpg.connect(database.dsn())
    found: Rows = {}
    for table in [row[0] for row in await connection.fetch(TABLES)]:
        rows = await connection.fetch(f"select row_to_json(t)::text as row from {table} t order by t::text")
        found[table] = [json.loads(row["row"]) for row in rows]
    await connection.close()
    return found


def _values(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """The rows by the order of their columns, whatever these are called."""
    return [list(row.values()) for row in rows]


def _older_columns(rows: list[dict[str, Any]], before: list[dict[str, Any]], *, view: bool) -> list[dict[str, Any]]:
    """The rows by the columns that they had before; a column that came to a table since has no value yet."""
    known = before[0].keys() if before else ()
    added = [value for row in rows for name, value in row.items() if known and name not in known]
    assert view or set(added) <= {None}
    ours = [{name: value for name, value in row.items() if name in known} for row in rows]
    return sorted(ours, key=repr)


def _statements(file: str) -> dict[str, str]:
    """The statements of release 0.1 by name."""
    parts = re.split(r"^-- name: (\w+)\n", (GOLDEN / "statements" / f"{file}.sql").read_text("utf-8"), flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


OLD = _statements("chassis")
DISTRICT, STREET = "440105", "440105008"
DAY = date(2016, 3, 21)


@pytest.fixture(scope="module")
async def upgraded(postgres_server: PostgresServer) -> dict[str, Database]:
    """The four databases after the upgrade."""
    restored = {service: await _restored(postgres_server, service) for service in SERVICES}
    for database in restored.values():
        await _upgrade(database)
    return restored


class Role:
    """A connection of one of the two login roles, scoped to the district as their pools are."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def value(self, statement: str, *arguments: Any) -> Any:
        """One value."""
        return await self._connection.fetchval(statement, *arguments)

    async def rows(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """All rows."""
        return [tuple(row.values()) for row in await self._connection.fetch(statement, *arguments)]

    async def accepts(self, statement: str) -> None:
        """Prepares a statement: every name, type and right in it is looked up."""
        await self._connection.prepare(statement)


@pytest.fixture
async def connect(upgraded: dict[str, Database]) -> AsyncIterator[Any]:
    """`connect(service, kind, district)`: a connection to an upgraded database."""
    opened = []

    async def open_one(service: str, kind: str = "worker", district: str = DISTRICT) -> Role:
        settings = {"app.district": district, "app.street": "*"}
        connection = await asyncpg.connect(upgraded[service].dsn(kind), server_settings=settings)
        opened.append(connection)
        return Role(connection)

    yield open_one
    for connection in opened:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_database_of_the_last_release_becomes_what_a_fresh_one_is(
    service: str, postgres_server: PostgresServer
) -> None:
    database = await _restored(postgres_server, service)
    before = await _rows(database)
    await _upgrade(database)
    found = schema_dump.schema_of(database.address, service, database.name)
    assert found == schema_dump.file_of(service).read_text(encoding="utf-8")
    after = await _rows(database)
    for table, rows in before.items():
        view = f"CREATE VIEW public.{table} " in found
        now = _older_columns(after[table], rows, view=view)
        if table == "sweep_name":  # a release may have further sweeps
            now = [row for row in now if row in rows]
        assert now == sorted(rows, key=repr), table
    renamed = {"inbox": "heard", "inbox_offset": "hearing_mark", "message": "notice"}
    for new, old in renamed.items():
        if old in before:
            assert _values(after[new]) == _values(before[old])


@pytest.mark.parametrize("service", SERVICES)
async def test_both_releases_find_the_schema_they_need(service: str, upgraded: dict[str, Database]) -> None:
    golden = (GOLDEN / f"{service}.sql").read_text(encoding="utf-8")
    needed = re.search(r"^COPY public.schema_migrations .*\n((?:\d+\n)+)", golden, re.MULTILINE)
    assert needed is not None
    connection = await asyncpg.connect(upgraded[service].dsn("rpc"))
    await check_schema(connection, service)
    # What release 0.1 asks: every migration of its own, and none that excludes it.
    applied = {row[0] for row in await connection.fetch("select version from schema_migrations")}
    rules = await connection.fetch("select oldest_code from schema_rule join schema_migrations using (version)")
    await connection.close()
    assert set(needed.group(1).split()) < applied == {step.version for step in migrations_of(service)}
    assert {row[0] for row in rules} == {"any"}


@pytest.mark.parametrize("service", SERVICES)
async def test_every_statement_of_the_last_release_is_accepted(service: str, connect: Any) -> None:
    worker = await connect(service)
    projecting = service in ("intake", "metrics")
    for name, statement in {**OLD, **_statements(service)}.items():
        if "{" not in statement and (projecting or name != "hears_tell"):
            await worker.accepts(statement)
    call = await connect(service, "rpc")
    for name in ("postgres_load", "postgres_change", "postgres_texts", "inbox_has_heard"):
        await call.accepts(OLD[name])


def _batch(file_id: UUID, revisions: Sequence[int], kind: str = "entered") -> tuple[list[Any], ...]:
    """The arrays of the inbox's functions for events of one file."""
    many = len(revisions)
    ids = [uuid4() for _ in revisions]
    return [DISTRICT] * many, [STREET] * many, [file_id] * many, list(revisions), ids, [kind] * many, [b"body"] * many


async def test_services_of_both_releases_fill_one_inbox(connect: Any) -> None:
    worker, call = await connect("approval"), await connect("approval", "rpc")
    file_id, known = uuid4(), ["entered"]
    place = DISTRICT, STREET, file_id
    assert await worker.value(OLD["inbox_hear"], "ledger", known, True, None, *_batch(file_id, [1, 2]))
    new_apply = f"select inbox_apply({', '.join(f'${n}' for n in range(1, 12))})"
    assert await worker.value(new_apply, "ledger", known, True, None, *_batch(file_id, [3]))
    assert await call.value(OLD["inbox_has_heard"], "ledger", *place, 3)
    assert not await call.value(OLD["inbox_has_heard"], "ledger", *place, 4)

    early = _batch(file_id, [5])
    assert not await worker.value(OLD["inbox_hear"], "ledger", known, True, None, *early)
    assert await worker.rows(OLD["inbox_admit"], "ledger", known, True, False, *early) == []
    fourth = await worker.rows(OLD["inbox_admit"], "ledger", known, True, False, *_batch(file_id, [4]))
    assert [(row[0], row[4]) for row in fourth] == [(1, 4), (None, 5)]

    letter = (*place, 6, uuid4(), "entered", b"body")
    await worker.rows(OLD["inbox_bury"], "ledger", *letter, "ValueError")
    assert await worker.value("select state from inbox_offset where file_id = $1", file_id) == "parked"
    waiting = await worker.rows(OLD["consumer_lying"], "ledger")
    await worker.rows(OLD["redrive"], waiting[0][0])
    opened = await worker.rows(OLD["inbox_exhume"], waiting[0][0], "ledger")
    assert opened[0][3] == 6
    assert await worker.value("select state from hearing_mark where file_id = $1", file_id) == "open"
    assert await worker.rows(OLD["inbox_released"], "ledger", known, True, 10) == []
    stored = "select revision from {} where file_id = $1 order by revision"
    for name in ("heard", "inbox"):
        assert [row[0] for row in await worker.rows(stored.format(name), file_id)] == [1, 2, 3, 4, 5]


async def test_the_last_release_serves_on_when_an_upgrade_is_killed_between_tables_and_functions(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = await _restored(postgres_server, "notify")
    killed = tmp_path / "killed.sql"
    killed.write_text("select 1 / 0")
    with monkeypatch.context() as patched:
        patched.setattr(migration, "sql_files", lambda _service: [killed])
        with pytest.raises(CommandError, match="division by zero"):
            await _upgrade(database)

    scope = {"app.district": DISTRICT, "app.street": "*"}
    connection = await asyncpg.connect(database.dsn("worker"), server_settings=scope)
    with pytest.raises(WrongSchema, match="函数和视图比本版本旧"):
        await check_schema(connection, "notify")
    worker, file_id = Role(connection), uuid4()
    assert await worker.value(OLD["inbox_hear"], "ledger", ["entered"], True, None, *_batch(file_id, [1]))
    assert await worker.rows(OLD["inbox_admit"], "ledger", ["entered"], True, False, *_batch(file_id, [3])) == []
    second = await worker.rows(OLD["inbox_admit"], "ledger", ["entered"], True, False, *_batch(file_id, [2]))
    assert [row[4] for row in second] == [2, 3]
    await worker.rows(_statements("notify")["take_notices"], datetime(2016, 3, 21, 10, tzinfo=SHANGHAI), 10)
    await _upgrade(database)
    await check_schema(connection, "notify")
    await connection.close()
    found = schema_dump.schema_of(database.address, "notify", database.name)
    assert found == schema_dump.file_of("notify").read_text(encoding="utf-8")


async def test_row_level_security_and_rights_hold_through_the_old_names(connect: Any) -> None:
    names = {"approval": ("heard", "hearing_mark"), "notify": ("heard", "hearing_mark", "notice")}
    for service, views in names.items():
        worker, stranger, call = await connect(service), await connect(service, "worker", "440106"), None
        for view in views:
            assert await worker.value(f"select count(*) from {view}") > 0
            assert await stranger.value(f"select count(*) from {view}") == 0
        call = await connect(service, "rpc")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await call.value("select count(*) from heard")
        for refused in ("update heard set kind = 'x'", "delete from heard", "delete from hearing_mark"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await worker.value(refused)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stranger.rows("insert into hearing_mark values ('x', $1, $2, gen_random_uuid(), 1)", DISTRICT, STREET)


async def test_a_file_changed_by_the_last_release_is_published_by_either(connect: Any) -> None:
    call, worker = await connect("intake", "rpc"), await connect("intake")
    file_id, scope = uuid4(), (DISTRICT, STREET)
    await call.rows(
        OLD["postgres_change"], *scope, *scope, file_id, 0, b"", [uuid4()], ["ticket_taken"], [DAY], ["office"],
        [b"body"], [b"digest"], datetime(2016, 3, 21, 9, tzinfo=SHANGHAI), "a window", str(file_id), b"print", b"yes",
        json.dumps([{"ticket": {"district": DISTRICT, "street": STREET, "ticket_id": str(file_id), "revision": 1,
                                "number": "A9", "line": 1, "taken_on": "2016-03-21", "window_code": ""}}]),
        ["name"], [b"closed"], b"wrapped", None, False, None,
    )  # fmt: skip # the arguments of a statement, in its order
    assert await worker.value("select number from ticket where ticket_id = $1", file_id) == "A9"
    loaded = await call.rows(OLD["postgres_load"], *scope, *scope, file_id, "a window", str(file_id), None)
    assert loaded[0][0] == 1
    assert await call.rows(OLD["postgres_texts"], *scope, *scope, file_id) == [(b"wrapped", ["name"], [b"closed"])]
    waiting = await worker.rows(OLD["relay_outbox_select"], 10)
    assert len(waiting) == 1
    await worker.rows(OLD["relay_outbox_leave"], [waiting[0][0]])
    assert await worker.rows(OLD["relay_outbox_select"], 10) == []
    drawn = [
        await worker.rows(f"select * from {name}($1, $2, $3)", DISTRICT, ["n"], [2])
        for name in ("draw", "draw_serials")
    ]
    assert drawn == [[("n", 1)], [("n", 3)]]


async def test_messages_of_the_last_release_go_out_by_either(connect: Any) -> None:
    worker, old = await connect("notify"), _statements("notify")
    street, application = (await worker.rows("select street, application_id from matter where number is not null"))[0]
    message, place = uuid4(), (DISTRICT, street, application)
    row = {
        "district": DISTRICT, "street": street, "application_id": str(application), "notice_id": str(message),
        "template": "N07", "phase": 1, "stage_revision": 900, "stage_on": "2016-03-21", "particulars": {},
        "next_at": "2016-03-21T09:00:00+08:00",
    }  # fmt: skip # the columns of one row
    rows = await worker.rows(old["keep_told"], None, None, json.dumps([row]), None, [DISTRICT], [street], [application])
    assert [found[:3] for found in rows] in ([], [place])

    now = datetime(2016, 3, 21, 10, tzinfo=SHANGHAI)
    taken = await worker.rows(old["take_notices"], now, 10)
    assert [found[3] for found in taken] == [message]
    assert await worker.value("select state from message where message_id = $1", message) == 2
    keys = [DISTRICT], [street], [application], [message]
    await worker.rows(old["put_off_notices"], *keys, [False], [now], [0.0])
    await worker.rows(old["hold_notices"], now, now)
    assert [found[3] for found in await worker.rows(old["take_notices"], now, 10)] == [message]
    await worker.rows(old["end_notices"], *keys, [3], [DAY], ["gateway-1"], ["1"])
    listed = {found[0]: found[2] for found in await worker.rows(old["notices"], *place)}
    assert listed[message] == 3
    assert await worker.value("select gateway_id from message where message_id = $1", message) == "gateway-1"
    assert (await worker.rows(old["queue"]))[0][0] == 0


async def test_figures_and_rows_of_metrics_are_written_and_read_as_before(connect: Any) -> None:
    worker, call = await connect("metrics"), await connect("metrics", "rpc")
    statements, application = _statements("metrics"), uuid4()
    matter = {"district": DISTRICT, "street": STREET, "application_id": str(application), "number": "N1"}
    batches: list[dict[str, Any]] = [
        {"matter": [{**matter, "submitted_on": "2016-03-21"}]},
        {"matter": [{**matter, "accepted_on": "2016-03-22"}]},
    ]
    await worker.rows(OLD["hears_tell"], json.dumps(batches[0]))
    await worker.rows("select project_received($1)", json.dumps(batches[1]))
    read = "select submitted_on, accepted_on from matter_figures where application_id = $1"
    assert await call.rows(read, application) == [(DAY, date(2016, 3, 22))]
    assert len(await call.rows(statements["matter"], DISTRICT, "N1")) == 1
    consumed, parked, dead = (await call.rows(statements["facts"]))[0]
    assert (consumed > 0, parked, dead) == (True, 0, 0)
