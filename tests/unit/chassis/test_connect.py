"""Connections to PostgreSQL: mounted logins, their rotation, and refusals that say what to do."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from prometheus_client import REGISTRY

from chassis.postgres import connect
from chassis.postgres.connect import Connector, LoginRefused, dsn_of, refusal
from chassis.postgres.database import away_as_refusal, is_away, reached
from chassis.refusals import Away
from chassis.settings.login import FixedLogin, Login, LoginFolder
from tests.support.certificates import mount


class Server:
    """Accepts some roles; remembers the logins and settings that came."""

    def __init__(self, *roles: str) -> None:
        self.roles = set(roles)
        self.error: Exception | None = None
        self.logins: list[tuple[str, str | None]] = []
        self.closed = 0

    async def connect(self, dsn: str, *, user: str, password: str | None, **arguments: object) -> "Server":
        self.logins.append((user, password))
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        if user not in self.roles:
            raise asyncpg.InvalidPasswordError(f'password authentication failed for user "{user}"')
        return self

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server("a", "b")
    monkeypatch.setattr(asyncpg, "connect", server.connect)
    monkeypatch.setattr(connect, "TRY_SECONDS", 0.0)
    return server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mount(tmp_path, **{"rpc.username": b"a\n", "rpc.password": b"first\n"})
    return tmp_path


def connector(folder: Path) -> Connector:
    return Connector(LoginFolder(folder, "rpc"), "prefer", None, database="intake")


def refused(role: str) -> float | None:
    return REGISTRY.get_sample_value("onewindow_database_login_refused", {"role": role})


async def settled(connector: Connector) -> None:
    """Waits for the trial of a newly mounted login."""
    while connector._trying is not None and not connector._trying.done():
        await asyncio.sleep(0)


async def test_the_mounted_login_is_used(server: Server, folder: Path) -> None:
    await connector(folder).connect()
    assert server.logins == [("a", "first")]


async def test_a_new_login_takes_over_once_postgresql_accepts_it(server: Server, folder: Path) -> None:
    serving = connector(folder)
    await serving.connect()
    server.roles = {"a"}
    mount(folder, **{"rpc.username": b"b", "rpc.password": b"second"})
    assert serving.current_login() == Login("a", "first")
    await settled(serving)
    assert serving.current_login() == Login("a", "first"), "b is not accepted yet; a goes on serving"
    assert refused("b") == 1
    await settled(serving)
    server.roles = {"b"}
    serving.current_login()
    await settled(serving)
    assert serving.current_login() == Login("b", "second")
    assert refused("b") == 0
    assert server.closed == 1, "the trial's connection"


async def test_a_login_that_is_refused_now_is_replaced_by_the_mounted_one(server: Server, folder: Path) -> None:
    serving = connector(folder)
    await serving.connect()
    server.roles = {"b"}
    mount(folder, **{"rpc.username": b"b", "rpc.password": b"second"})
    await serving.connect()
    assert serving.current_login() == Login("b", "second")


async def test_a_refused_login_without_a_replacement_is_an_error_with_the_remedy(server: Server, folder: Path) -> None:
    server.roles = set()
    with pytest.raises(LoginRefused, match="账号 a 的口令不对"):
        await connector(folder).connect()
    assert refused("a") == 1


async def test_a_login_that_is_mounted_back_is_no_longer_shown_as_refused(server: Server, folder: Path) -> None:
    serving = connector(folder)
    await serving.connect()
    server.roles = {"a"}
    mount(folder, **{"rpc.username": b"c", "rpc.password": b"x"})
    serving.current_login()
    await settled(serving)
    assert refused("c") == 1
    mount(folder, **{"rpc.username": b"a", "rpc.password": b"first"})
    assert serving.current_login() == Login("a", "first")
    assert refused("c") == 0


async def test_a_missing_folder_is_an_error_at_the_start_and_harmless_later(server: Server, folder: Path) -> None:
    serving = connector(folder)
    (folder / "rpc.password").unlink()
    with pytest.raises(LoginRefused, match="Secret"):
        await serving.connect()
    assert serving.current_login() is None
    mount(folder, **{"rpc.password": b"first"})
    await serving.connect()
    (folder / "rpc.username").unlink()
    await serving.connect()
    assert serving.current_login() == Login("a", "first")


async def test_a_server_that_is_away_refuses_no_login(server: Server, folder: Path) -> None:
    server.error = ConnectionRefusedError()
    with pytest.raises(ConnectionRefusedError):
        await connector(folder).connect()
    assert FixedLogin(Login("a")).read() == Login("a")


def tls_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (asyncpg.InvalidCatalogNameError("x"), "没有数据库 intake"),
        (asyncpg.InsufficientPrivilegeError("x"), "账号 a 无权进入数据库 intake"),
        (asyncpg.InvalidPasswordError("x"), "账号 a 的口令不对"),
        (asyncpg.InvalidAuthorizationSpecificationError("x"), "pg_hba.conf"),
        (tls_error(), "self-signed certificate"),
        (ConnectionError("PostgreSQL server does not support SSL"), "没有开启 TLS"),
        (ConnectionRefusedError(), ""),
        (OSError("no route"), ""),
    ],
)
def test_a_refusal_names_the_remedy(error: Exception, sentence: str) -> None:
    said = refusal(error, "a", "intake")
    assert sentence in said
    assert bool(said) == bool(sentence)


def test_the_dsn_names_the_tls_mode_and_the_authorities() -> None:
    assert dsn_of("prefer", None) == "postgresql://?sslmode=prefer"
    assert dsn_of("verify-full", Path("/tls/ca.crt")) == "postgresql://?sslmode=verify-full&sslrootcert=%2Ftls%2Fca.crt"


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (asyncpg.AdminShutdownError("x"), True),
        (asyncpg.TooManyConnectionsError("x"), True),
        (asyncpg.SerializationError("x"), True),
        (asyncpg.ReadOnlySQLTransactionError("x"), True),
        (LoginRefused("x"), True),
        (Away(), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.DataError("wrong type"), False),
        (asyncpg.UndefinedTableError("x"), False),
        (LookupError(), False),
    ],
)
def test_away_is_what_may_succeed_later(error: Exception, away: bool) -> None:
    assert is_away(error) is away
    expected: Any = Away if away else type(error)
    with pytest.raises(expected), away_as_refusal():
        raise error


@pytest.mark.parametrize(("error", "answers"), [(None, True), (ConnectionRefusedError(), False)])
async def test_postgresql_is_reached_when_it_answers(error: Exception | None, answers: bool) -> None:
    class Pool:
        async def fetchval(self, _: str) -> int:
            if error is not None:
                raise error
            return 1

    pool: Any = Pool()
    assert await reached(pool) is answers
