"""Connections to PostgreSQL: logins from mounted files, rotation of logins, refusals that say what to do."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from ssl import SSLError
from typing import Any
from urllib.parse import urlencode

import asyncpg
import structlog
from prometheus_client import Gauge

from chassis.postgres.pool import Connection
from chassis.settings.login import Login, LoginSource
from chassis.settings.servers import Tls
from chassis.settings.watched_file import FileAway

_log = structlog.get_logger(__name__)
_refused = Gauge(
    "onewindow_database_login_refused", "1 while PostgreSQL refuses the login that is mounted now, else 0.", ["role"]
)

TRY_SECONDS = 2.0
"""Seconds between tries of a mounted login that PostgreSQL does not accept yet."""

_REFUSALS = (
    OSError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


class LoginRefused(ConnectionError):
    """PostgreSQL answers and refuses the login; `str` is the sentence for the operator."""


class Connector:
    """Makes the connections of one pool.

    A newly mounted login is tried while the last good one goes on serving; the pool changes over once PostgreSQL
    accepts it.
    """

    def __init__(self, login: LoginSource, tls: Tls, authority: Path | None, **arguments: Any) -> None:  # noqa: ANN401 keyword arguments of asyncpg
        self._login = login
        self._dsn = dsn_of(tls, authority)
        self._arguments = arguments
        self._good: Login | None = None
        self._tried: Login | None = None
        self._try_again = 0.0
        self._trying: asyncio.Task[None] | None = None
        self._refused_roles: set[str] = set()
        """Roles that PostgreSQL has refused since it last accepted a login."""

    def current_login(self) -> Login | None:
        """Login of the next connection; when it changes, the pool renews its connections."""
        with suppress(FileAway):
            mounted = self._login.read()
            if self._good is not None and mounted != self._good:
                self._try_later(mounted)
            elif self._refused_roles and mounted == self._good:
                self._accepted(mounted)
        return self._good

    async def connect(self) -> Connection:
        """A connection. Raises LoginRefused, and the errors of `AWAY`."""
        login = self._good or self._mounted()
        try:
            connection = await self._connect_as(login)
        except LoginRefused:
            if (mounted := self._mounted()) == login:
                raise
            connection = await self._connect_as(mounted)
            self._good = login = mounted
        if self._good is None:
            self._good = login
        return connection

    def _mounted(self) -> Login:
        try:
            return self._login.read()
        except FileAway as error:
            raise LoginRefused(f"数据库账号文件缺失或为空（{error}），请检查挂载的 Secret") from error

    async def _connect_as(self, login: Login) -> Connection:
        try:
            connection: Connection = await asyncpg.connect(
                self._dsn, user=login.user, password=login.password, **self._arguments
            )
        except _REFUSALS as error:
            if sentence := refusal(error, login.user, self._arguments.get("database")):
                _refused.labels(login.user).set(1)
                self._refused_roles.add(login.user)
                raise LoginRefused(sentence) from error
            raise
        self._accepted(login)
        return connection

    def _accepted(self, login: Login) -> None:
        """Clears the gauge of every refused role, except one that is mounted now and still refused."""
        with suppress(FileAway):
            mounted = self._login.read().user
            still = self._refused_roles & {mounted} - {login.user}
            for user in {login.user, *self._refused_roles} - still:
                _refused.labels(user).set(0)
            self._refused_roles = still

    def _try_later(self, mounted: Login) -> None:
        now = time.monotonic()
        resting = mounted == self._tried and now < self._try_again
        if not resting and (self._trying is None or self._trying.done()):
            self._tried, self._try_again = mounted, now + TRY_SECONDS
            self._trying = asyncio.create_task(self._try(mounted))

    async def _try(self, mounted: Login) -> None:
        try:
            connection = await self._connect_as(mounted)
        except Exception as error:  # away or refused: the last good login goes on serving
            reason = str(error) or type(error).__name__
            _log.warning(
                "database_login_not_changed",
                role=mounted.user,
                goes_on_as=self._good and self._good.user,
                reason=reason,
            )
        else:
            self._good = mounted
            _log.info("database_login_changed", role=mounted.user)
            await connection.close()


def dsn_of(tls: Tls, authority: Path | None) -> str:
    """DSN with the TLS options in libpq's words; the file of authorities is read at every connect."""
    return f"postgresql://?{urlencode({'sslmode': tls, **({'sslrootcert': str(authority)} if authority else {})})}"


def refusal(error: BaseException, user: str, database: object) -> str:
    """Reason why PostgreSQL refuses `user`, and what to do about it; empty when it is merely away."""
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return f"没有数据库 {database}：请先建库（onewindow database provide，或由数据库管理员建立）"
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return f"账号 {user} 无权进入数据库 {database}：请把它加入对应的组角色"
    if isinstance(error, asyncpg.InvalidPasswordError):
        return f"账号 {user} 的口令不对，或没有这个账号：请核对挂载的 Secret 与数据库中的账号"
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return f"数据库不接受账号 {user}：没有这个账号，或 pg_hba.conf 不允许它从这里以这种方式连接"
    if isinstance(error, SSLError):
        reason = getattr(error, "verify_message", None) or getattr(error, "reason", None) or "TLS"
        return f"数据库的证书不被认可（{reason}）：请核对 ONEWINDOW_DATABASE_AUTHORITY_FILE 与服务器证书中的主机名"
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return "数据库没有开启 TLS：请在服务器上开启，或调整 ONEWINDOW_DATABASE_TLS"
    return ""
