"""The schema of intake goes back as it came, so that a failed update can be undone."""

import asyncio
import sysconfig
from collections.abc import Callable
from pathlib import Path

import asyncpg

from chassis.postgres.schema import folders_of
from chassis.settings.login import Login
from tests.support.servers import Database

TABLES = {"application", "ticket", "catalogue_entry"}


async def test_the_last_migrations_can_be_undone_and_done_again(create_database: Callable[..., Database]) -> None:
    database = create_database("intake", "intake_undone")
    applied = len(list(folders_of("intake")[-1].glob("*.sql")))
    steps = [("rollback", TABLES)] * (applied - 1) + [("rollback", set[str]()), ("migrate", TABLES)]
    for step, expected in steps:
        await _dbmate(database, step)
        owner = await asyncpg.connect(database.dsn())
        try:
            rows = await owner.fetch("select tablename from pg_tables where schemaname = 'public'")
        finally:
            await owner.close()
        assert {row["tablename"] for row in rows} & TABLES == expected


async def _dbmate(database: Database, step: str) -> None:
    where = [part for folder in folders_of("intake") for part in ("-d", str(folder))]
    url = database.address.server().dbmate_url(Login(database.role("owner")), database.name, private=False)
    dbmate = str(Path(sysconfig.get_path("scripts")) / "dbmate")
    running = await asyncio.create_subprocess_exec(
        dbmate, "--no-dump-schema", "--url", url, *where, step, stdout=asyncio.subprocess.PIPE, cwd="/"
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said
