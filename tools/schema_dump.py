"""The schema of each service's database as one file, services/<s>/schema.sql: `python -m tools.schema_dump` writes it.

It is what the migrations and sql/ (the chassis' and the service's) make together, as pg_dump prints it.
"""

import asyncio
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from embedded import ports, postgres
from embedded.data_dir import DataDir
from embedded.readiness import wait_ready
from embedded.supervision.processes import launch
from operations import databases
from operations.migrate import migrate
from protocol.streams import SERVICES

ROOT = Path(__file__).resolve().parent.parent
_READY_WITHIN = 60.0
_HEAD = "-- The schema of {service}'s database: written by `python -m tools.schema_dump`, compared by a test.\n\n"
_NOISE = re.compile(r"^(?:--.*|SET .*|SELECT pg_catalog\..*|\\(?:un)?restrict .*)\n", re.MULTILINE)
_NAMED_NOT_NULL = re.compile(r"CONSTRAINT \w+ NOT NULL")
"""PostgreSQL 18 names them, and a renamed table keeps the names of the old one."""
_GRANTS = re.compile(r"(?:^GRANT .*\n)+", re.MULTILINE)


def file_of(service: str) -> Path:
    """The file of a service."""
    return ROOT / "services" / service / "schema.sql"


def schema_of(address: postgres.PostgresAddress, service: str, database: str) -> str:
    """The text of the file, from a database."""
    dumped = subprocess.run(
        [str(postgres.binary("pg_dump")), "--schema-only", "--no-owner", address.url(database)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    plain = _NAMED_NOT_NULL.sub("NOT NULL", _NOISE.sub("", dumped))
    return _HEAD.format(service=service) + re.sub(r"\n{3,}", "\n\n", _GRANTS.sub(_sorted, plain)).strip() + "\n"


def _sorted(lines: re.Match[str]) -> str:
    """The rights to one table stand in the order in which they were granted, which says nothing."""
    return "".join(sorted(lines.group().splitlines(keepends=True)))


async def _schemas(address: postgres.PostgresAddress) -> dict[str, str]:
    server = address.server(_READY_WITHIN)
    connection = await server.connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    await databases.provide(connection)
    await connection.close()
    for service in SERVICES:
        await migrate(server, service, service, postgres.owner(service))
    return {service: schema_of(address, service, service) for service in SERVICES}


def main() -> None:
    """Starts a PostgreSQL of its own, migrates four empty databases, and writes what they have become."""
    root = Path(tempfile.mkdtemp(prefix="onewindow-schema-"))
    root.chmod(0o755)
    home = DataDir(root)
    home.create()
    port = ports.choose({"postgres": 0})["postgres"]
    postgres.prepare(home)
    program = postgres.program(home, port)
    child = launch(program, home.log(program.name))
    try:
        wait_ready([program], _READY_WITHIN, lambda: child.poll() is None)
        for service, schema in asyncio.run(_schemas(postgres.PostgresAddress(home.socket, port))).items():
            file_of(service).write_text(schema, encoding="utf-8")
    finally:
        child.send_signal(program.stop_signal)
        child.wait(program.grace)
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
