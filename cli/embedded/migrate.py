"""Migrations: plain SQL, the chassis' first and then the service's, run as the database's owner."""

import asyncio
import sysconfig
from pathlib import Path

from cli.embedded.databases import SERVICES
from cli.embedded.errors import StackError
from cli.embedded.home import PROJECT
from cli.embedded.postgres import Address


async def migrate_all(address: Address) -> None:
    """Brings the four databases to the newest schema, side by side."""
    await asyncio.gather(*(migrate(address, service, service) for service in SERVICES))


async def migrate(address: Address, service: str, database: str) -> None:
    """Brings one database to the newest schema. Raises StackError with dbmate's own words."""
    folders = [str(folder) for folder in folders_of(service) if folder.is_dir()]
    if not folders:
        return
    where = [part for folder in folders for part in ("-d", folder)]
    url = address.dbmate_url(database, f"{service}_owner")
    dbmate = str(Path(sysconfig.get_path("scripts")) / "dbmate")
    running = await asyncio.create_subprocess_exec(
        dbmate, "--no-dump-schema", "--migration-lock", "--url", url, *where, "migrate", "--strict",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd="/",
    )  # fmt: skip # a command line reads best as one
    told, _ = await running.communicate()
    if running.returncode != 0:
        raise StackError(f"数据库 {database} 升级失败：{told.decode(errors='replace').strip()}")


def folders_of(service: str) -> tuple[Path, Path]:
    """Where the migrations of a service stand, in the order in which they run."""
    return PROJECT / "chassis" / "migrations", PROJECT / "services" / service / "migrations"
