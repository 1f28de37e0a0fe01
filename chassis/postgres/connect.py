"""A connection to PostgreSQL is made: as whom the mounted files say now, and refusals in words that say what to do."""

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
"""Seconds between tries of a mounted login that PostgreSQL does not let in yet."""

_REFUSALS = (
    OSError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


class LoginRefused(ConnectionError):
    """PostgreSQL is there and does not let us in; `str` is what the operator reads."""


class Connector:
    """Makes the connections of one pool.

    A login that was replaced is tried beside those that serve; the pool changes over once PostgreSQL lets it in.
    """

    def __init__(self, login: LoginSource, tls: Tls, authority: Path | None, **told: Any) -> None:  # noqa: ANN401 asyncpg's own words
        self._login = login
        self._dsn = dsn_of(tls, authority)
        self._told = told
        self._good: Login | None = None
        self._tried: Login | None = None
        self._try_again = 0.0
        self._trying: asyncio.Task[None] | None = None
        self._turned_away: set[str] = set()
        """Roles that PostgreSQL refused since it last let one in."""

    def stamp(self) -> Login | None:
        """As whom the next connection comes; when it becomes another, those made before are renewed."""
        with suppress(FileAway):
            mounted = self._login.read()
            if self._good is not None and mounted != self._good:
                self._try_beside(mounted)
            elif self._turned_away and mounted == self._good:
                self._let_in(mounted)
        return self._good

    async def dial(self) -> Connection:
        """A connection. Raises NoEntry, and what PostgreSQL's being away raises."""
        login = self._good or self._mounted()
        try:
            connection = await self._dial(login)
        except LoginRefused:
            if (mounted := self._mounted()) == login:
                raise
            connection = await self._dial(mounted)
            self._good = login = mounted
        if self._good is None:
            self._good = login
        return connection

    def _mounted(self) -> Login:
        try:
            return self._login.read()
        except FileAway as error:
            raise LoginRefused(f"数据库账号文件缺失或为空（{error}），请检查挂载的 Secret") from error

    async def _dial(self, login: Login) -> Connection:
        try:
            connection: Connection = await asyncpg.connect(
                self._dsn, user=login.user, password=login.password, **self._told
            )
        except _REFUSALS as error:
            if said := refusal(error, login.user, self._told.get("database")):
                _refused.labels(login.user).set(1)
                self._turned_away.add(login.user)
                raise LoginRefused(said) from error
            raise
        self._let_in(login)
        return connection

    def _let_in(self, login: Login) -> None:
        """Nor does it trouble any more that others were refused before, but for one that is mounted now."""
        with suppress(FileAway):
            mounted = self._login.read().user
            still = self._turned_away & {mounted} - {login.user}
            for user in {login.user, *self._turned_away} - still:
                _refused.labels(user).set(0)
            self._turned_away = still

    def _try_beside(self, mounted: Login) -> None:
        now = time.monotonic()
        resting = mounted == self._tried and now < self._try_again
        if not resting and (self._trying is None or self._trying.done()):
            self._tried, self._try_again = mounted, now + TRY_SECONDS
            self._trying = asyncio.create_task(self._try(mounted))

    async def _try(self, mounted: Login) -> None:
        try:
            connection = await self._dial(mounted)
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
    """The part of a connection that libpq's words say best; the authorities are read at every use."""
    return f"postgresql://?{urlencode({'sslmode': tls, **({'sslrootcert': str(authority)} if authority else {})})}"


def refusal(error: BaseException, user: str, database: object) -> str:
    """Why PostgreSQL does not let `user` in, and what to do about it; empty when it is merely away."""
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return f"没有数据库 {database}：请先建库（onewindow database provide，或由数据库管理员建立）"
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return f"账号 {user} 无权进入数据库 {database}：请把它加入对应的组角色"
    if isinstance(error, asyncpg.InvalidPasswordError):
        return f"账号 {user} 的口令不对，或没有这个账号：请核对挂载的 Secret 与数据库中的账号"
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return f"数据库不接受账号 {user}：没有这个账号，或 pg_hba.conf 不允许它从这里以这种方式连接"
    if isinstance(error, SSLError):
        reason = getattr(error, "verify_message", None) or error.reason or "TLS"
        return f"数据库的证书不被认可（{reason}）：请核对 ONEWINDOW_DATABASE_AUTHORITY_FILE 与服务器证书中的主机名"
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return "数据库没有开启 TLS：请在服务器上开启，或调整 ONEWINDOW_DATABASE_TLS"
    return ""
