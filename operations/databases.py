"""Four databases with three roles each: the border between the services that PostgreSQL itself keeps."""

from collections.abc import Mapping

import asyncpg

from chassis.postgres.pool import Connection
from chassis.settings.login import Login
from operations.errors import CommandError
from operations.scram import verifier

SERVICES = ("intake", "approval", "notify", "metrics")
KINDS = ("owner", "rpc", "worker")
"""`owner` migrates, `rpc` answers calls, `worker` relays, hears and sweeps."""
ROLES = tuple(f"{service}_{kind}" for service in SERVICES for kind in KINDS)

Logins = Mapping[str, Login]
"""By role: the login that comes as it, the role itself or a member of it."""


async def provide(connection: Connection, logins: Logins | None = None) -> list[str]:
    """Makes the roles and databases that are missing; what was made now. A second call changes nothing.

    Without `logins` the roles log in themselves, as the operating system vouches for them. Raises CommandError.
    """
    try:
        made = await provide_roles(connection, logins)
        for service in SERVICES:
            if not await exists(connection, service):
                await make(connection, service, service)
                made.append(service)
    except asyncpg.InsufficientPrivilegeError as error:
        raise CommandError(
            f"这个管理员账号无权建库建账号（{error}）：需要 CREATEDB 与 CREATEROLE，或由数据库管理员代建"
        ) from error
    return made


async def provide_roles(connection: Connection, logins: Logins | None = None) -> list[str]:
    """Makes the three roles of each service where they are missing, and who logs in as them."""
    made = []
    for role in ROLES:
        if await _make_role(connection, role, "nologin" if logins else "login"):
            made.append(role)
        login = (logins or {}).get(role)
        if login is not None:
            made += await _let_in(connection, role, login)
    return made


async def exists(connection: Connection, database: str) -> bool:
    """Whether there is a database of that name."""
    return bool(await connection.fetchval("select true from pg_database where datname = $1", database))


async def make(connection: Connection, service: str, database: str, template: str = "template1") -> None:
    """Makes a database of a service: its owner may change it, its two other roles may enter, nobody else may."""
    await connection.execute(f"grant {service}_owner to current_user")  # who is no superuser gives only to its own
    await connection.execute(f"create database {database} owner {service}_owner template {template}")
    await connection.execute(f"revoke all on database {database} from public")
    await connection.execute(f"grant connect on database {database} to {service}_rpc, {service}_worker")


async def _make_role(connection: Connection, role: str, enters: str) -> bool:
    if await connection.fetchval("select true from pg_roles where rolname = $1", role):
        return False
    await connection.execute(f"create role {_quoted(role)} {enters} nocreatedb nocreaterole")
    return True


async def _let_in(connection: Connection, role: str, login: Login) -> list[str]:
    """Its password is set each time: the server is never told it, only what proves it."""
    made = [login.user] if await _make_role(connection, login.user, "login inherit") else []
    password = f" password '{verifier(login.password)}'" if login.password else ""
    await connection.execute(f"alter role {_quoted(login.user)} login{password}")
    if login.user != role:
        await connection.execute(f"grant {role} to {_quoted(login.user)}")
    return made


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
