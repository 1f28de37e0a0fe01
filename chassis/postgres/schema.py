"""Compatibility of a database's schema with this release: what makes upgrades and rollbacks safe.

The head of each migration names the oldest release that may run on it. A service refuses only a schema that lacks a
migration of its own release, or the functions and views (sql/) of its own release or a later one, or that excludes it.
A newer schema that allows it is accepted.
"""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import asyncpg

from chassis.postgres.database import Connection

_ROOT = Path(__file__).resolve().parents[2]
_OLDEST = re.compile(r"^-- Oldest code that may run on it: (any|\d+(?:\.\d+)*)\.$", re.MULTILINE)
_NUMBERS = re.compile(r"\d+")
_MIGRATE = "请先执行 onewindow database migrate（集群中为任务 onewindow-migrate）"

APPLIED = "schema_migrations"
"""dbmate's own table of what was applied."""
RULES = "schema_rule"
"""The oldest code that each migration allows; written before it is applied."""
FUNCTIONS = "schema_sql"
"""The digests of the sql/ files that were applied, each with its release."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of a schema."""

    version: str
    """The digits at the front of its name; steps run in their order."""
    oldest_code: str
    """The oldest release that may run on it, or `any`."""


class WrongSchema(Exception):
    """The schema and this code do not go together; `str` is what the operator reads."""


def folders_of(service: str) -> tuple[Path, Path]:
    """Folders with the migrations of a service, in the order in which they run."""
    return _ROOT / "chassis" / "migrations", _ROOT / "services" / service / "migrations"


def migrations_of(service: str) -> list[Migration]:
    """Every step that this release brings, in order. Raises ValueError for one that does not say its oldest code."""
    files = sorted(
        (file for folder in folders_of(service) for file in folder.glob("*.sql")), key=lambda file: file.name
    )
    return [_migration(file) for file in files]


def sql_files(service: str) -> list[Path]:
    """The files of functions, views and access in the order in which they are applied: the chassis', the service's."""
    folders = [folder.with_name("sql") for folder in folders_of(service)]
    return [file for folder in folders for file in sorted(folder.glob("*.sql"))]


@cache
def sql_digest(service: str) -> str:
    """The digest of these files, by which a database says which of them it has."""
    digest = sha256()
    for file in sql_files(service):
        digest.update(f"{file.name}\n{file.read_text(encoding='utf-8')}".encode())
    return digest.hexdigest()


def is_newer(release: str, other: str) -> bool:
    """True when the first release is later than the second."""
    return _order(release) > _order(other)


def own_release() -> str:
    """The release of this code."""
    return version("onewindow")


async def check_schema(connection: Connection, service: str, release: str = "") -> None:
    """Checks that this code may run on the schema as it is. Raises WrongSchema."""
    try:
        applied = {row[0] for row in await connection.fetch(f"select version from {APPLIED}")}
        rules = await connection.fetch(f"select oldest_code from {RULES} join {APPLIED} using (version)")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError) as error:
        raise WrongSchema(f"数据库还没有 {service} 的表结构，{_MIGRATE}") from error
    needed = [step.version for step in migrations_of(service)]
    if missing := [step for step in needed if step not in applied]:
        raise WrongSchema(f"{service} 的表结构缺少 {'、'.join(missing)}，本版本不能在其上运行，{_MIGRATE}")
    release = release or own_release()
    if not await _has_functions(connection, service, release):
        raise WrongSchema(f"{service} 的函数和视图比本版本旧，本版本不能在其上运行，{_MIGRATE}")
    oldest = max((row[0] for row in rules), key=_order, default="any")
    if _order(oldest) > _order(release):
        raise WrongSchema(
            f"{service} 的表结构只允许 {oldest} 及以上的程序，本程序是 {release}：请升级程序，或先退回表结构"
        )


async def _has_functions(connection: Connection, service: str, release: str) -> bool:
    """A later release's functions are fine: they keep those of the release before it."""
    try:
        applied = await connection.fetch(f"select digest, release from {FUNCTIONS}")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):  # an upgrade is under way, or was ended
        return False
    own = sql_digest(service)
    return any(row["digest"] == own or is_newer(row["release"], release) for row in applied)


def _migration(file: Path) -> Migration:
    oldest = _OLDEST.search(file.read_text(encoding="utf-8"))
    number = _NUMBERS.match(file.name)
    if oldest is None or number is None:
        raise ValueError(f"{file.name} does not say the oldest code that may run on it")
    return Migration(number.group(), oldest.group(1))


def _order(release: str) -> list[int]:
    return [] if release == "any" else [int(part) for part in _NUMBERS.findall(release)]
