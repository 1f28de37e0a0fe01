"""A connection to PostgreSQL is made: as whom the mounted files say now, and refusals in words that say what to do."""

from pathlib import Path
from ssl import SSLError
from typing import Any
from urllib.parse import urlencode

import asyncpg
import structlog
from prometheus_client import Gauge

from chassis.login import Login, LoginSource
from chassis.pool import Connection
from chassis.settings_of_servers import Tls
from chassis.watched_file import FileAway

_log = structlog.get_logger(__name__)
_refused = Gauge(
    "onewindow_database_login_refused", "1 while PostgreSQL refuses the login that is mounted now, else 0.", ["role"]
)

_REFUSALS = (
    OSError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


class NoEntry(ConnectionError):
    """PostgreSQL is there and does not let us in; `str` is what the operator reads."""


class Dialler:
    """Makes the connections of one pool; a login that was replaced by one not yet known goes on serving."""

    def __init__(self, login: LoginSource, tls: Tls, authority: Path | None, **told: Any) -> None:  # noqa: ANN401 asyncpg's own words
        self._login = login
        self._dsn = dsn_of(tls, authority)
        self._told = told
        self._good: Login | None = None

    def stamp(self) -> Login | None:
        """What the next connection is made with; connections made with another are renewed."""
        try:
            return self._login.read()
        except FileAway:
            return self._good

    async def dial(self) -> Connection:
        """A connection. Raises NoEntry, and what PostgreSQL's being away raises."""
        try:
            login = self._login.read()
        except FileAway as error:
            raise NoEntry(f"数据库账号文件缺失或为空（{error}），请检查挂载的 Secret") from error
        try:
            connection = await self._dial(login)
        except _REFUSALS as error:
            said = refusal(error, login.user, self._told.get("database"))
            if not said:
                raise
            _refused.labels(login.user).set(1)
            if self._good is None or self._good == login:
                raise NoEntry(said) from error
            _log.warning("database_login_refused", role=login.user, goes_on_as=self._good.user, said=said)
            return await self._dial(self._good)
        _refused.labels(login.user).set(0)
        self._good = login
        return connection

    async def _dial(self, login: Login) -> Connection:
        return await asyncpg.connect(self._dsn, user=login.user, password=login.password, **self._told)


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
