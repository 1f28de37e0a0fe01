"""Jobs of a cluster at PostgreSQL: databases and logins once, the newest schema at every update."""

import asyncio
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from chassis.postgres.schema import folders_of
from chassis.settings.login import Login
from embedded import ports, postgres
from embedded.services import environment
from operations import databases
from operations.databases import verifier
from operations.errors import CommandError
from operations.migrate import migrate
from operations.server import Server
from protocol.streams import SERVICES
from tests.support.servers import Database, PostgresServer, outside_loop

ADMIN = "onewindow_dba"


class Site:
    """The mounted folders of the Jobs, and a server on the loopback that wants passwords."""

    def __init__(self, root: Path, server: PostgresServer) -> None:
        self.root = root
        self.port = server.address.port
        for service in SERVICES:
            self.mount(f"owners/{service}", "owner", f"{service}_migrator", f"owner of {service}")
            for kind in ("rpc", "worker"):
                self.mount(f"services/{service}", kind, f"{service}_{kind}_a", f"{kind} of {service}")
        self.mount("admin", "admin", ADMIN, "p@ss:w/rd %20")

    def mount(self, folder: str, name: str, user: str, password: str) -> None:
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / folder / f"{name}.username").write_text(user)
        (self.root / folder / f"{name}.password").write_text(f"{password}\n")

    def run(self, *words: str, **output: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "DATABASE_HOST": ports.LOOPBACK,
            "DATABASE_PORT": str(self.port),
            "DATABASE_CREDENTIALS_DIR": str(self.root / "admin"),
            "DATABASE_OWNERS_DIR": str(self.root / "owners"),
            "DATABASE_SERVICES_DIR": str(self.root / "services"),
            "DATABASE_WAIT_SECONDS": "1",
        }
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *words],
            env=environment({**settings, **output}),
            capture_output=True,
            text=True,
            check=False,
        )

    async def connect(self, user: str, password: str, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(
            host=ports.LOOPBACK, port=self.port, user=user, password=password, database=database, ssl="disable"
        )


@pytest.fixture(scope="module")
def site(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose administrator may make roles and databases, and is no superuser."""
    site = Site(tmp_path_factory.mktemp("jobs"), postgres_server)

    async def admin(*statements: str) -> None:
        connection = await postgres_server.address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    grants = [f"grant {role} to {ADMIN} with admin option" for role in databases.ROLES]
    made = f"create role {ADMIN} login createdb createrole password '{verifier('p@ss:w/rd %20')}'"
    emptied = [f"drop database if exists {service} with (force)" for service in SERVICES]
    outside_loop(admin(*emptied, made, *grants))
    yield site
    outside_loop(admin(*emptied))


def test_databases_and_logins_are_made_once_and_the_schema_at_every_update(site: Site) -> None:
    early = site.run("database", "migrate")
    assert (early.returncode, "口令不对，或没有这个账号" in early.stderr) == (1, True), early.stderr

    first, again = site.run("database", "provide"), site.run("database", "provide")
    assert first.returncode == 0, first.stderr
    assert "intake_rpc_a" in first.stdout
    assert "metrics" in first.stdout
    assert again.stdout == "数据库、角色与账号都已具备\n"

    first, again = site.run("database", "migrate"), site.run("database", "migrate")
    assert first.returncode == 0, first.stderr
    assert "intake：已升级 0001、" in first.stdout
    assert again.stdout == "".join(f"{service}：已是最新\n" for service in SERVICES)
    outside_loop(_works(site))


async def _works(site: Site) -> None:
    caller = await site.connect("intake_rpc_a", "rpc of intake", "intake")
    assert await caller.fetchval("select count(*) from fact") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await caller.execute("create table mine ()")
    assert await caller.fetchval("select tableowner from pg_tables where tablename = 'fact'") == "intake_owner"
    await caller.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await site.connect("intake_rpc_a", "rpc of intake", "approval")


def test_a_second_login_is_added_so_that_a_password_is_rotated_by_alternating(site: Site) -> None:
    site.mount("services/intake", "rpc", "intake_rpc_b", "another")
    assert site.run("database", "provide").stdout == "已建立：intake_rpc_b\n"

    async def both() -> None:
        for user, password in (("intake_rpc_a", "rpc of intake"), ("intake_rpc_b", "another")):
            connection = await site.connect(user, password, "intake")
            assert await connection.fetchval("select current_setting('is_superuser')") == "off"
            await connection.close()

    outside_loop(both())


@pytest.mark.parametrize(
    "words, output, said",
    [
        (("database", "migrate"), {"DATABASE_PORT": "1"}, "1 秒内没有应答"),
        (("database", "migrate"), {"DATABASE_PORT": "1", "DATABASE_WAIT_SECONDS": "4"}, "还没有应答"),
        (("database", "migrate"), {"DATABASE_OWNERS_DIR": "/nowhere"}, "ONEWINDOW_DATABASE_OWNERS_DIR: "),
        (("database", "migrate"), {"DATABASE_TLS": "verify-full"}, "ONEWINDOW_DATABASE_AUTHORITY_FILE: is needed"),
        (("database", "migrate"), {"DATABASE_TLS": "require"}, "没有开启 TLS"),
        (("database", "provide"), {"DATABASE_ADMIN_DATABASE": "nothing"}, "没有数据库 nothing"),
    ],
    ids=["unreachable", "waits aloud", "no folder", "no authority", "no TLS", "no database"],
)
def test_what_stands_in_the_way_is_said_and_ends_with_one(
    site: Site, words: tuple[str, ...], output: dict[str, str], said: str
) -> None:
    ran = site.run(*words, **output)
    assert (ran.returncode, said in ran.stderr) == (1, True), ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_empty_password_file_is_named(site: Site) -> None:
    file = site.root / "admin" / "admin.password"
    stored = file.read_text()
    file.write_text("")
    try:
        ran = site.run("database", "provide")
        assert (ran.returncode, "admin.password is empty" in ran.stderr) == (1, True), ran.stderr
    finally:
        file.write_text(stored)


async def test_two_migrations_at_once_take_turns(postgres_server: PostgresServer) -> None:
    name = f"intake_{uuid4().hex[:8]}"
    server = postgres_server.address.server()
    connection = await server.connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    await databases.make(connection, "intake", name)
    await connection.close()
    owner = postgres.owner("intake")
    applied = await asyncio.gather(*(migrate(server, "intake", name, owner) for _ in range(3)))
    assert sorted(len(one) for one in applied)[:2] == [0, 0]
    assert sum(len(one) for one in applied) > 0


async def test_a_new_step_of_the_chassis_is_applied_where_the_services_steps_are_already(
    create_database: Callable[..., Database],
) -> None:
    database = create_database("intake", f"intake_{uuid4().hex[:8]}")
    newest = max(folders_of("intake")[0].glob("*.sql"))
    number = newest.name.partition("_")[0]
    owner = await asyncpg.connect(database.dsn())
    down = newest.read_text(encoding="utf-8").partition("-- migrate:down")[2]
    await owner.execute(down.partition("\n")[2])  # behind the line with the step's options
    await owner.execute("delete from schema_migrations where version = $1", number)
    assert await owner.fetchval("select max(version) from schema_migrations") > number
    await owner.close()
    assert await migrate(database.address.server(), "intake", database.name, postgres.owner("intake")) == [number]


async def test_a_migration_whose_table_is_in_use_waits_aside_and_comes_again(
    create_database: Callable[..., Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.migrate._TABLE_LOCK_TIMEOUT", "100ms")
    database = create_database("intake", f"intake_{uuid4().hex[:8]}")
    holder = await asyncpg.connect(database.dsn())
    await holder.execute("delete from schema_migrations where version = '1001'; drop table application cascade")
    begun = holder.transaction()
    await begun.start()
    await holder.execute("lock table schema_migrations")
    migrating = asyncio.create_task(
        migrate(database.address.server(), "intake", database.name, postgres.owner("intake"))
    )
    watcher = await asyncpg.connect(database.dsn())
    waiting = "select count(*) from pg_locks where not granted"
    async with asyncio.timeout(20):
        while not await watcher.fetchval(waiting):
            await asyncio.sleep(0.02)
    await begun.rollback()
    with pytest.raises(CommandError, match="升级失败"):  # the rest of 1001 is there already, and that is said
        await migrating
    await holder.close()
    await watcher.close()


async def test_a_login_that_is_no_owner_is_refused_with_a_reason(
    create_database: Callable[..., Database],
) -> None:
    database = create_database("intake", f"intake_{uuid4().hex[:8]}")
    with pytest.raises(CommandError, match="不能代表 intake_owner"):
        await migrate(Server(database.host, database.port), "intake", database.name, Login("intake_rpc"))


def test_a_password_is_proved_without_being_sent() -> None:
    # RFC 7677, section 3: user "user", password "pencil".
    assert verifier("pencil", b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
        "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
    with pytest.raises(CommandError, match="口令只能用"):
        verifier("密码")
