"""Connection of the commands to PostgreSQL: waits within a limit, refuses a server that is too old."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import asyncpg

from chassis.postgres.connect import dsn_of, refusal
from chassis.postgres.pool import Connection
from chassis.settings.login import Login
from chassis.settings.servers import Tls
from operations.errors import CommandError, report_waiting

OLDEST_POSTGRES = 15
"""SQL of ours runs on PostgreSQL 15 to 18."""

_PAUSE = 0.05
_LONGEST_PAUSE = 2.0
_ATTEMPT_SECONDS = 5.0
_ABSENT = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


@dataclass(frozen=True, slots=True)
class Server:
    """Address of a PostgreSQL server, and the encryption that is demanded."""

    host: str
    """Its name, or the folder of its socket."""
    port: int
    tls: Tls = "disable"
    authority: Path | None = None
    within: float = 30.0
    """Seconds it is waited for while it does not answer."""

    async def connect(self, login: Login, database: str) -> Connection:
        """A connection. Raises CommandError when the server does not answer, refuses the login, or is too old."""
        loop = asyncio.get_running_loop()
        began, pause, reported = loop.time(), _PAUSE, ""
        while True:
            try:
                connection = await self._attempt(login, database)
                break
            except _ABSENT as error:
                refused = refusal(error, login.user, database)
                waited = loop.time() - began
                if refused or waited > self.within:
                    raise CommandError(refused or self._unreached(error)) from error
                reported = report_waiting(self._waits(error), waited, reported)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        await _refuse_old(connection)
        return connection

    def dbmate_url(self, login: Login, database: str, *, private: bool, **set_at_start: str) -> str:
        """The same address as dbmate spells it; `private` says whether TLS is used, as dbmate knows no `prefer`."""
        options = {**set_at_start, "sslmode": self._dbmate_tls(private=private)}
        if self.authority is not None:
            options["sslrootcert"] = str(self.authority)
        user = quote(login.user, safe="")
        if self.host.startswith("/"):
            return f"postgres://{user}@/{database}?{urlencode({'socket': self.host, 'port': self.port, **options})}"
        if login.password is not None:
            user = f"{user}:{quote(login.password, safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgres://{user}@{host}:{self.port}/{database}?{urlencode(options)}"

    def _dbmate_tls(self, *, private: bool) -> str:
        if self.tls == "prefer":
            return "require" if private else "disable"
        return self.tls

    async def _attempt(self, login: Login, database: str) -> Connection:
        return await asyncpg.connect(
            dsn_of(self.tls, self.authority),
            host=self.host,
            port=self.port,
            user=login.user,
            password=login.password,
            database=database,
            timeout=_ATTEMPT_SECONDS,
        )

    def _waits(self, error: BaseException) -> str:
        reason = str(error) or type(error).__name__
        return f"PostgreSQL（{self.host}:{self.port}）还没有应答（{reason}），最多等 {self.within:g} 秒"

    def _unreached(self, error: BaseException) -> str:
        return (
            f"PostgreSQL（{self.host}:{self.port}）在 {self.within:g} 秒内没有应答"
            f"（{str(error) or type(error).__name__}）：请检查地址、网络策略，以及数据库是否已启动"
        )


async def speaks_tls(connection: Connection) -> bool:
    """True when the connection is encrypted."""
    return bool(await connection.fetchval("select ssl from pg_stat_ssl where pid = pg_backend_pid()"))


async def _refuse_old(connection: Connection) -> None:
    version = connection.get_server_version()
    if version.major < OLDEST_POSTGRES:
        await connection.close()
        raise CommandError(
            f"数据库服务器是 PostgreSQL {version.major}，本系统需要 {OLDEST_POSTGRES} 及以上：请先升级数据库服务器"
        )
