"""Four databases with three roles each: the border between the services that PostgreSQL itself enforces.

Passwords never reach the server or its log: it gets their SCRAM-SHA-256 verifiers (RFC 5803), made here.
"""

import hmac
import os
from base64 import b64encode
from collections.abc import Mapping
from hashlib import pbkdf2_hmac, sha256

import asyncpg

from chassis.postgres.pool import Connection
from chassis.settings.login import Login
from operations.errors import CommandError
from protocol.streams import SERVICES

KINDS = ("owner", "rpc", "worker")
"""`owner` migrates, `rpc` answers calls, `worker` publishes, receives and sweeps."""
ROLES = tuple(f"{service}_{kind}" for service in SERVICES for kind in KINDS)

Logins = Mapping[str, Login]
"""By role: the login that uses it, the role itself or a member of it."""

_ROUNDS = 4096


async def provide(connection: Connection, logins: Logins | None = None) -> list[str]:
    """Creates the missing roles and databases; the names of those created. A second call changes nothing.

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
    """Creates the missing roles of each service, and the logins that use them."""
    made = []
    for role in ROLES:
        if await _make_role(connection, role, "nologin" if logins else "login"):
            made.append(role)
        login = (logins or {}).get(role)
        if login is not None:
            made += await _provide_login(connection, role, login)
    return made


async def exists(connection: Connection, database: str) -> bool:
    """True when a database of that name exists."""
    return bool(await connection.fetchval("select true from pg_database where datname = $1", database))


async def make(connection: Connection, service: str, database: str, template: str = "template1") -> None:
    """Creates a database of a service: its owner may change it, its two other roles may connect, no other role may."""
    await connection.execute(f"grant {service}_owner to current_user")  # only a member may give
    await connection.execute(f"create database {database} owner {service}_owner template {template}")
    await connection.execute(f"revoke all on database {database} from public")
    await connection.execute(f"grant connect on database {database} to {service}_rpc, {service}_worker")


def verifier(password: str, salt: bytes = b"") -> str:
    """The SCRAM-SHA-256 verifier of a password. Raises CommandError for characters that would need normalisation."""
    if not (password.isascii() and password.isprintable()):
        raise CommandError("数据库口令只能用可见的英文字母、数字和符号")
    salt = salt or os.urandom(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = sha256(_keyed(salted, b"Client Key")).digest()
    server = _keyed(salted, b"Server Key")
    return f"SCRAM-SHA-256${_ROUNDS}:{_text(salt)}${_text(stored)}:{_text(server)}"


async def _make_role(connection: Connection, role: str, attributes: str) -> bool:
    if await connection.fetchval("select true from pg_roles where rolname = $1", role):
        return False
    await connection.execute(f"create role {_quoted(role)} {attributes} nocreatedb nocreaterole")
    return True


async def _provide_login(connection: Connection, role: str, login: Login) -> list[str]:
    """Sets the verifier each time, so that a changed password takes effect."""
    made = [login.user] if await _make_role(connection, login.user, "login inherit") else []
    password = f" password '{verifier(login.password)}'" if login.password else ""
    await connection.execute(f"alter role {_quoted(login.user)} login{password}")
    if login.user != role:
        await connection.execute(f"grant {role} to {_quoted(login.user)}")
    return made


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'


def _keyed(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, sha256).digest()


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
