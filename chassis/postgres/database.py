"""Pools of a service, for calls and for the worker; its named statements; the errors while PostgreSQL is away.

Statements stand in `queries.sql` of the service, each under a line `-- name: …` with a sentence, and never in Python: a
reader finds every statement of a service on one page, and a reviewer sees a change of SQL as a change of SQL.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import asyncpg

from chassis.postgres.connect import Connector
from chassis.postgres.pool import Connection, Pool
from chassis.refusals import Away
from chassis.scope import EVERY_STREET, Scope
from chassis.settings.login import FixedLogin, Login, LoginSource
from chassis.settings.servers import Tls

__all__ = [
    "AWAY",
    "Connection",
    "Pool",
    "PoolSettings",
    "as_role",
    "away_as_refusal",
    "is_away",
    "open_rpc_pool",
    "open_worker_pool",
    "reached",
    "scoped",
]

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TransactionRollbackError,
)
"""Errors while PostgreSQL restarts, fails over, is full or overloaded, or does not accept the login (yet)."""


_LATE = 2.0
"""Seconds after its limit at which a statement is given up here, because the server itself no longer answers."""
_SET_SCOPE = "select set_config('app.district', $1, true), set_config('app.street', $2, true)"


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Connection settings of one role of a service; every limit is in seconds."""

    host: str
    """Host of PostgreSQL, or the folder of its socket."""
    port: int
    """Port of PostgreSQL."""
    database: str
    """The service's own database."""
    login: LoginSource
    """Login as `<service>_rpc`, `<service>_worker`, or a login role that is a member of it."""
    tls: Tls = "prefer"
    """TLS mode in libpq's words: disable, prefer, require, verify-ca, verify-full."""
    authority: Path | None = None
    """PEM authorities of the server's certificate; read for every new connection."""
    connections: int = 12
    """Most connections; further calls queue for one."""
    connect_timeout: float = 5.0
    """Seconds that a connect may take."""
    acquire_timeout: float = 5.0
    """Seconds a call waits for a free connection before it is refused as UNAVAILABLE."""
    statement_timeout: float = 10.0
    """Seconds one statement may take; PostgreSQL cancels it then."""
    idle_in_transaction_timeout: float = 60.0
    """Seconds a worker's transaction may be idle; PostgreSQL ends it then and frees its locks."""
    keepalive: int = 10
    """Seconds until a TCP keepalive to a silent peer, so that a dead leader's lock is freed."""


def as_role(user: str, password: str | None = None) -> LoginSource:
    """A login that never changes."""
    return FixedLogin(Login(user, password))


def open_rpc_pool(settings: PoolSettings) -> Pool:
    """Pool for calls. It has no scope: every function of the store sets its scope inside its own statement."""
    return _pool(settings, {})


def open_worker_pool(settings: PoolSettings, district: str) -> Pool:
    """Pool for publishers, inbox consumers and sweeps; every connection is scoped to the district from the start."""
    return _pool(settings, {"app.district": district, "app.street": EVERY_STREET})


@asynccontextmanager
async def scoped(pool: Pool, scope: Scope) -> AsyncIterator[Connection]:
    """A connection whose statements see only `scope`: for the lists and counts of a call. Raises Away."""
    with away_as_refusal():
        async with pool.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute(_SET_SCOPE, scope.district, scope.street)
            yield connection


def is_away(error: BaseException) -> bool:
    """True when the same statement may succeed later; an argument of the wrong type never will."""
    return isinstance(error, (*AWAY, Away)) and not isinstance(error, ValueError)


@contextmanager
def away_as_refusal() -> Iterator[None]:
    """Turns every error of `AWAY` into Away."""
    try:
        yield
    except AWAY as error:
        if not is_away(error):
            raise
        raise Away from error


async def reached(pool: Pool) -> bool:
    """True when PostgreSQL answers now."""
    try:
        await pool.fetchval("select 1")
    except AWAY:
        return False
    return True


def _pool(settings: PoolSettings, scope: dict[str, str]) -> Pool:
    connector = Connector(
        settings.login,
        settings.tls,
        settings.authority,
        host=settings.host,
        port=settings.port,
        database=settings.database,
        timeout=settings.connect_timeout,
        command_timeout=settings.statement_timeout + _LATE,
        server_settings={
            "application_name": "onewindow",
            "jit": "off",
            "statement_timeout": _milliseconds(settings.statement_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(settings.idle_in_transaction_timeout),
            "tcp_keepalives_idle": str(settings.keepalive),
            "tcp_keepalives_interval": "5",
            "tcp_keepalives_count": "3",
            **scope,
        },
    )
    return Pool(connector.connect, settings.connections, settings.acquire_timeout, connector.current_login)


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def queries_of(package: str) -> Callable[[str], str]:
    """Lookup of a statement by its name in `queries.sql` of the package; raises KeyError for an unknown name."""
    text = resources.files(package).joinpath("queries.sql").read_text("utf-8")
    parts = _NAMED.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True)).__getitem__
