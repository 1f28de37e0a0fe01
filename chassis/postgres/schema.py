"""The schema that code needs, and the code that a schema allows: what makes updating and going back safe.

Each migration says in its head which is the oldest code that may run on it. A service refuses only a schema that
lacks a migration of its own release, or one that excludes it; a newer schema that allows it is fine.
"""

import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import asyncpg

from chassis.postgres.database import Connection

_ROOT = Path(__file__).resolve().parents[2]
_OLDEST = re.compile(r"^-- Oldest code that may run on it: (any|\d+(?:\.\d+)*)\.$", re.MULTILINE)
_NUMBERS = re.compile(r"\d+")

APPLIED = "schema_migrations"
"""dbmate's own table of what was applied."""
RULES = "schema_rule"
"""What each migration said of the oldest code; written before it is applied."""


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
    """Where the migrations of a service stand, in the order in which they run."""
    return _ROOT / "chassis" / "migrations", _ROOT / "services" / service / "migrations"


def migrations_of(service: str) -> list[Migration]:
    """Every step that this release brings, in order. Raises ValueError for one that does not say its oldest code."""
    files = sorted(
        (file for folder in folders_of(service) for file in folder.glob("*.sql")), key=lambda file: file.name
    )
    return [_migration(file) for file in files]


def own_release() -> str:
    """The release of this code."""
    return version("onewindow")


async def check_schema(connection: Connection, service: str, release: str = "") -> None:
    """Whether this code may run on the schema as it is. Raises WrongSchema."""
    try:
        applied = {row[0] for row in await connection.fetch(f"select version from {APPLIED}")}
        rules = await connection.fetch(f"select oldest_code from {RULES} join {APPLIED} using (version)")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError) as error:
        raise WrongSchema(f"数据库还没有 {service} 的表结构，{_MIGRATE}") from error
    needed = [step.version for step in migrations_of(service)]
    if missing := [step for step in needed if step not in applied]:
        raise WrongSchema(f"{service} 的表结构缺少 {'、'.join(missing)}，本版本不能在其上运行，{_MIGRATE}")
    release = release or own_release()
    oldest = max((row[0] for row in rules), key=_order, default="any")
    if _order(oldest) > _order(release):
        raise WrongSchema(
            f"{service} 的表结构只允许 {oldest} 及以上的程序，本程序是 {release}：请升级程序，或先退回表结构"
        )


_MIGRATE = "请先执行 onewindow database migrate（集群中为任务 onewindow-migrate）"


def _migration(file: Path) -> Migration:
    said = _OLDEST.search(file.read_text(encoding="utf-8"))
    number = _NUMBERS.match(file.name)
    if said is None or number is None:
        raise ValueError(f"{file.name} does not say the oldest code that may run on it")
    return Migration(number.group(), said.group(1))


def _order(release: str) -> list[int]:
    return [] if release == "any" else [int(part) for part in _NUMBERS.findall(release)]
