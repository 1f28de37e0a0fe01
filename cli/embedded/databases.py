"""Four databases with three roles each: the border between the services that PostgreSQL itself keeps."""

import asyncio

import asyncpg

from cli.embedded.errors import StackError
from cli.embedded.postgres import SUPERUSER, Address

SERVICES = ("intake", "approval", "notify", "metrics")
KINDS = ("owner", "rpc", "worker")
"""`owner` migrates, `rpc` answers calls, `worker` relays, hears and sweeps."""
_PAUSE = 0.05


async def connect(address: Address, database: str = SUPERUSER, within: float = 30.0) -> asyncpg.Connection:
    """A superuser's connection. Waits up to `within` seconds while the server starts or recovers."""
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    while True:
        try:
            return await asyncpg.connect(host=str(address.socket), port=address.port, user=SUPERUSER, database=database)
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError) as error:
            if loop.time() > until:
                raise StackError(f"PostgreSQL 在 {within:g} 秒内没有应答：{error}") from error
            await asyncio.sleep(_PAUSE)


async def provide(connection: asyncpg.Connection) -> None:
    """Makes the roles and databases that are missing; a second call changes nothing."""
    await provide_roles(connection)
    for service in SERVICES:
        if not await exists(connection, service):
            await make(connection, service, service)


async def provide_roles(connection: asyncpg.Connection) -> None:
    """Makes the three roles of each service where they are missing."""
    for role in (f"{service}_{kind}" for service in SERVICES for kind in KINDS):
        if not await connection.fetchval("select true from pg_roles where rolname = $1", role):
            await connection.execute(f"create role {role} login nosuperuser nocreatedb nocreaterole nobypassrls")


async def exists(connection: asyncpg.Connection, database: str) -> bool:
    """Whether there is a database of that name."""
    return bool(await connection.fetchval("select true from pg_database where datname = $1", database))


async def make(connection: asyncpg.Connection, service: str, database: str, template: str = "template1") -> None:
    """Makes a database of a service: its owner may change it, its two login roles may enter, nobody else may."""
    await connection.execute(f"create database {database} owner {service}_owner template {template}")
    await connection.execute(f"revoke all on database {database} from public")
    await connection.execute(f"grant connect on database {database} to {service}_rpc, {service}_worker")


async def set_password(connection: asyncpg.Connection, password: str) -> None:
    """The superuser's password on the loopback; the socket needs none."""
    await connection.execute(f"alter role {SUPERUSER} password '{password}'")
