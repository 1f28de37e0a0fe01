"""The schema of each database: migrations hold tables, sql/ holds functions and views and is applied every time."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from chassis.postgres.schema import WrongSchema, check_schema, folders_of, own_release, sql_files
from embedded import postgres
from operations import migrate as migration
from operations.errors import CommandError
from operations.migrate import migrate
from protocol.streams import SERVICES
from tests.support.servers import Database
from tools import schema_dump

FUNCTIONS = "select oid, proname, xmin::text from pg_proc where pronamespace = 'public'::regnamespace order by oid"


@pytest.fixture
def database(create_database: Callable[..., Database]) -> Database:
    return create_database("intake", f"intake_{uuid4().hex[:8]}")


async def migrate_again(database: Database) -> None:
    owner = postgres.owner(database.service)
    await migrate(database.address.server(), database.service, database.name, owner)


@pytest.mark.parametrize("service", SERVICES)
def test_the_schema_is_the_one_on_file(service: str, create_database: Callable[..., Database]) -> None:
    database = create_database(service, f"{service}_{uuid4().hex[:8]}")
    on_file = schema_dump.file_of(service).read_text(encoding="utf-8")
    found = schema_dump.schema_of(database.address, service, database.name)
    assert found == on_file, "run python -m tools.schema_dump"


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_hold_no_function_or_trigger_and_no_view_but_the_old_name_of_a_table(service: str) -> None:
    code = re.compile(r"^\s*(?:create\b.*\b(?:function|procedure|trigger|policy)\b|do\b)", re.M)
    old_name = re.compile(r"^create view (\w+) with \(security_invoker = true\) as\n", re.M)
    for file in [file for folder in folders_of(service) for file in folder.glob("*.sql")]:
        text = file.read_text(encoding="utf-8")
        assert not code.search(text), file.name
        for name in old_name.findall(text):
            assert re.search(rf"^alter table {name} rename to ", text, re.M), f"{file.name}: {name}"
        assert len(old_name.findall(text)) == len(re.findall(r"\bcreate\b.*\bview\b", text)), file.name


@pytest.mark.parametrize("service", SERVICES)
async def test_a_function_whose_arguments_change_gets_a_new_name(
    service: str, create_database: Callable[..., Database]
) -> None:
    connection = await asyncpg.connect(create_database(service, f"{service}_{uuid4().hex[:8]}").dsn())
    twice = await connection.fetch(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace group by proname having count(*) > 1"
    )
    await connection.close()
    assert [row["proname"] for row in twice] == []


async def test_what_is_so_already_is_applied_again_without_a_lock_that_serving_would_notice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "_TABLE_LOCK_TIMEOUT", "100ms")
    serving = await asyncpg.connect(database.dsn())
    names = await serving.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    )
    tables = ", ".join(row["relname"] for row in names if not row["relname"].startswith("schema_"))
    async with serving.transaction():
        await serving.execute(f"lock table {tables} in row exclusive mode")
        await serving.execute("select count(*) from figures")
        await serving.execute("select count(*) from application_card")
        await migrate_again(database)
    await serving.close()


async def test_a_view_that_is_being_read_is_waited_for_aside_and_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "_TABLE_LOCK_TIMEOUT", "100ms")
    owner, reader = await asyncpg.connect(database.dsn("owner")), await asyncpg.connect(database.dsn("rpc"))
    await owner.execute(
        "drop view figures; create view figures with (security_invoker = true) as select number from application;"
        "grant select on figures to intake_rpc"
    )
    reading = reader.transaction()
    await reading.start()
    await reader.execute("select count(*) from figures")
    migrating = asyncio.create_task(migrate_again(database))
    blocked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    async with asyncio.timeout(20):
        while not await owner.fetchval(blocked):
            await asyncio.sleep(0.02)
    await reading.rollback()
    await migrating
    await owner.close()
    await reader.close()
    found = schema_dump.schema_of(database.address, "intake", database.name)
    assert found == schema_dump.file_of("intake").read_text(encoding="utf-8")


async def test_statements_prepared_before_go_on_after_functions_were_applied_again(database: Database) -> None:
    serving = await asyncpg.connect(database.dsn("rpc"))
    load = await serving.prepare("select * from load_file('d', 's', 'd', 's', gen_random_uuid(), null, null, null)")
    cards = await serving.prepare("select * from application_card")
    await load.fetch()
    await cards.fetch()
    await migrate_again(database)
    assert [row["revision"] for row in await load.fetch()] == [0]
    assert await cards.fetch() == []
    await serving.close()


async def test_files_are_applied_whole_or_not_at_all_and_can_be_applied_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, broken = tmp_path / "01_new.sql", tmp_path / "02_broken.sql"
    new.write_text("create or replace function made_half_way() returns void language sql as 'select'")
    broken.write_text("select nothing_of_the_kind()")
    connection = await asyncpg.connect(database.dsn())
    before = await connection.fetch(FUNCTIONS)
    with monkeypatch.context() as patched:
        patched.setattr(migration, "sql_files", lambda service: [*sql_files(service), new, broken])
        with pytest.raises(CommandError, match=r"02_broken\.sql：.*nothing_of_the_kind"):
            await migrate_again(database)
    assert await connection.fetch(FUNCTIONS) == before
    await migrate_again(database)
    await check_schema(connection, "intake")
    await connection.close()


async def test_a_view_whose_columns_change_is_made_again_with_what_stands_on_it(database: Database) -> None:
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute(
        "drop view application_card cascade;"
        "create view application_card as select 1 as one, 'x' as district;"
        "create function on_the_view() returns setof application_card language sql as 'select * from application_card'"
    )
    await migrate_again(database)
    found = schema_dump.schema_of(database.address, "intake", database.name)
    await owner.close()
    assert found == schema_dump.file_of("intake").read_text(encoding="utf-8")


async def test_rights_and_policies_that_were_changed_by_hand_are_put_right(database: Database) -> None:
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute(
        "grant update on fact to intake_rpc; revoke select on application from intake_worker;"
        "alter policy call on application using (true); drop policy worker on ticket;"
        "alter table serial no force row level security; drop trigger kept on fact"
    )
    await migrate_again(database)
    await owner.close()
    found = schema_dump.schema_of(database.address, "intake", database.name)
    assert found == schema_dump.file_of("intake").read_text(encoding="utf-8")


async def _functions_of(database: Database, digest: str, release: str) -> None:
    """As another release would have left it."""
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute("delete from schema_sql")
    await owner.execute("insert into schema_sql values ($1, $2, now())", digest, release)
    await owner.close()


async def test_a_service_refuses_functions_older_than_its_own(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn("rpc"))
    await _functions_of(database, "of another build", own_release())
    with pytest.raises(WrongSchema, match=r"函数和视图比本版本旧.*onewindow database migrate"):
        await check_schema(connection, "intake")
    await migrate_again(database)
    await check_schema(connection, "intake")
    await connection.close()


async def test_functions_of_a_later_release_serve_this_one_and_are_not_taken_back(database: Database) -> None:
    await _functions_of(database, "of a later release", "99.1")
    connection = await asyncpg.connect(database.dsn())
    await check_schema(connection, "intake")
    before = await connection.fetch(FUNCTIONS)
    await migrate_again(database)
    assert await connection.fetch(FUNCTIONS) == before
    assert await connection.fetchval("select array_agg(release) from schema_sql") == ["99.1"]
    await connection.close()


async def test_a_database_without_functions_is_refused(database: Database) -> None:
    owner = await asyncpg.connect(database.dsn("owner"))
    await owner.execute("drop table schema_sql")
    with pytest.raises(WrongSchema, match="函数和视图比本版本旧"):
        await check_schema(owner, "intake")
    await owner.close()
