"""Migrations of one database, run as its owner: tables by dbmate, then functions, views and access from sql/.

Services of the last and of this release serve meanwhile. A migration is a transaction of its own, and so are all files
of sql/ together; either may be ended anywhere and run again. An index that is built concurrently is no transaction: one
that broke off is left behind invalid, and is dropped before it is built again.
"""

import asyncio
import os
import re
import sysconfig
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import asyncpg

from chassis.postgres.pool import Connection
from chassis.postgres.schema import (
    APPLIED,
    FUNCTIONS,
    RULES,
    folders_of,
    is_newer,
    migrations_of,
    own_release,
    sql_digest,
    sql_files,
)
from chassis.settings.login import Login
from operations.errors import CommandError
from operations.server import Server, speaks_tls

_LOCK_NAME = "onewindow migrate"
_LOCK_WITHIN = 300.0
"""Seconds another migration of the same database is waited for."""
_TABLE_LOCK_TIMEOUT = "5s"
"""A statement that waits longer for a table is ended and repeated, because calls wait behind it in the lock queue."""
_LOCKED = ("lock timeout", "deadlock detected")
_ATTEMPTS = 6
_PAUSE = 0.5
_INVALID = """
select relname as name from pg_class join pg_index on indexrelid = oid where not indisvalid and relname = any ($1)
"""


async def migrate(server: Server, service: str, database: str, login: Login) -> Sequence[str]:
    """Brings one database to the newest schema; the steps that were applied now, none when it had them.

    Raises CommandError, with dbmate's own words when a step cannot be applied.
    """
    connection = await server.connect(login, database)
    try:
        await _become_owner(connection, service, login)
        await _alone(connection, database)
        await _say_rules(connection, service)
        before = await _applied(connection)
        private = await speaks_tls(connection)
        url = server.dbmate_url(
            login, database, private=private, role=f"{service}_owner", lock_timeout=_TABLE_LOCK_TIMEOUT
        )
        await _repeat(lambda: _apply_tables(connection, service, url), database)
        await _repeat(lambda: _apply_sql(connection, service), database)
        await connection.execute(f"grant select on {APPLIED}, {RULES}, {FUNCTIONS} to {service}_rpc, {service}_worker")
        return sorted(await _applied(connection) - before)
    finally:
        await connection.close()  # and with it the lock


async def _become_owner(connection: Connection, service: str, login: Login) -> None:
    try:
        await connection.execute(f"set role {service}_owner")
    except (
        asyncpg.InsufficientPrivilegeError,
        asyncpg.InvalidParameterValueError,
        asyncpg.UndefinedObjectError,
    ) as error:
        raise CommandError(
            f"账号 {login.user} 不能代表 {service}_owner：请把它加入角色 {service}_owner"
            "（onewindow database provide 会这样做）"
        ) from error


async def _alone(connection: Connection, database: str) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + _LOCK_WITHIN
    while not await connection.fetchval("select pg_try_advisory_lock(hashtextextended($1, 0))", _LOCK_NAME):
        if loop.time() > until:
            raise CommandError(
                f"数据库 {database} 已有另一次升级在进行，等了 {_LOCK_WITHIN:g} 秒仍未结束：请查看那个任务的日志"
            )
        await asyncio.sleep(_PAUSE)


async def _say_rules(connection: Connection, service: str) -> None:
    """Records the oldest code for each migration before it is applied, so that excluded code cannot start meanwhile."""
    await connection.execute(
        f"create table if not exists {RULES} (version text primary key, oldest_code text not null);"
        f"comment on table {RULES} is 'The oldest code that may run on each migration';"
        f"create table if not exists {FUNCTIONS} (digest text primary key, release text not null,"
        f" applied_at timestamptz not null);"
        f"comment on table {FUNCTIONS} is 'The functions and views (sql/) that were applied, and of which release'"
    )
    await connection.executemany(
        f"insert into {RULES} values ($1, $2) on conflict (version) do update set oldest_code = excluded.oldest_code",
        [(step.version, step.oldest_code) for step in migrations_of(service)],
    )


async def _applied(connection: Connection) -> set[str]:
    if not await connection.fetchval("select to_regclass($1)", APPLIED):
        return set()
    return {row[0] for row in await connection.fetch(f"select version from {APPLIED}")}


async def _repeat(step: Callable[[], Awaitable[str]], database: str) -> None:
    """Repeats a step while a lock prevents it. The step returns its error, empty when it succeeded."""
    for attempt in range(1, _ATTEMPTS + 1):
        refused = await step()
        if not refused:
            return
        if not any(reason in refused for reason in _LOCKED) or attempt == _ATTEMPTS:
            raise CommandError(f"数据库 {database} 升级失败：{refused}")
        await asyncio.sleep(_PAUSE * 2**attempt)


async def _apply_sql(connection: Connection, service: str) -> str:
    """Applies every file of sql/ in one transaction; a database that a later release has migrated keeps its own."""
    if any(is_newer(row[0], own_release()) for row in await connection.fetch(f"select release from {FUNCTIONS}")):
        return ""
    file = None
    try:
        async with connection.transaction():
            await connection.execute(f"set local lock_timeout = '{_TABLE_LOCK_TIMEOUT}'")
            for file in sql_files(service):
                await connection.execute(file.read_text(encoding="utf-8"))
            await connection.execute(
                f"insert into {FUNCTIONS} values ($1, $2, clock_timestamp())"
                " on conflict (digest) do update set release = excluded.release, applied_at = excluded.applied_at",
                sql_digest(service),
                own_release(),
            )
    except asyncpg.PostgresError as error:
        return f"{file.parent.parent.name}/sql/{file.name}：{error}" if file else str(error)
    return ""


async def _apply_tables(connection: Connection, service: str, url: str) -> str:
    """Applies the migrations. A concurrent index whose build broke off is there by its name, and is no index."""
    ours = [name for folder in folders_of(service) for file in folder.glob("*.sql") for name in _indexes(file)]
    for row in await connection.fetch(_INVALID, ours):
        await connection.execute(f"drop index concurrently if exists {row['name']}")
    return await _dbmate(service, url)


def _indexes(file: Path) -> Sequence[str]:
    return re.findall(r"create index concurrently if not exists (\w+)", file.read_text(encoding="utf-8"))


async def _dbmate(service: str, url: str) -> str:
    # Not --strict: it knows one row of numbers, and a new step of the chassis comes before the service's applied ones.
    # The folders are relative, as dbmate divides an option at each comma, and their root may have one in its name.
    folders = [folder for folder in folders_of(service) if folder.is_dir()]
    root = os.path.commonpath([folder.parent for folder in folders])
    where = [part for folder in folders for part in ("-d", os.path.relpath(folder, root))]
    program = str(Path(sysconfig.get_path("scripts")) / "dbmate")
    running = await asyncio.create_subprocess_exec(
        program, "--env-file", os.devnull, "--no-dump-schema", *where, "migrate",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=root, env={"DATABASE_URL": url},
    )  # fmt: skip # a command line reads best as one
    output, _ = await running.communicate()
    # The address has the password in it, which is why it comes by the environment and leaves no trace in the text.
    said = output.decode(errors="replace").strip().replace(url, "…")
    return (said or "dbmate") if running.returncode else ""
