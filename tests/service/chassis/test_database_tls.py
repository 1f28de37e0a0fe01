"""PostgreSQL's certificate is held against the mounted authorities, at every connection anew."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.postgres.connect import LoginRefused
from chassis.postgres.database import PoolSettings, open_rpc_pool
from chassis.settings.login import FixedLogin, Login
from operations.databases import verifier
from operations.errors import CommandError
from operations.migrate import migrate
from operations.server import Server
from tests.support.certificates import Authority, mount
from tests.support.servers import Database
from tests.support.tls_door import tls_door


@dataclass(frozen=True)
class Door:
    """A database behind TLS, and the files of both sides."""

    folder: Path
    port: int
    settings: PoolSettings

    def certify(self, authority: Authority) -> None:
        """A new certificate of the server."""
        key, certificate = authority.give()
        mount(self.folder, **{"tls.key": key, "tls.crt": certificate})


@pytest.fixture
async def door(create_database: Callable[..., Database], tmp_path: Path) -> AsyncIterator[Door]:
    database = create_database("intake", f"intake_{uuid4().hex[:8]}")
    owner = await database.address.server().connect(Login("postgres"), database.name)
    login = Login(f"caller_{uuid4().hex[:8]}", "a password")
    await owner.execute(
        f"create role {login.user} login in role intake_rpc, intake_owner password '{verifier('a password')}'"
    )
    await owner.close()
    authority = tmp_path / "ca.crt"
    async with tls_door("127.0.0.1", database.port, tmp_path / "tls.crt", tmp_path / "tls.key") as port:
        settings = PoolSettings(
            "127.0.0.1", port, database.name, FixedLogin(login), "verify-full", authority, connections=1
        )
        yield Door(tmp_path, port, settings)


async def test_the_server_is_believed_by_its_authority_and_a_new_authority_without_a_restart(door: Door) -> None:
    first, second = Authority("first"), Authority("second")
    door.certify(first)
    mount(door.folder, **{"ca.crt": first.pem})
    async with open_rpc_pool(door.settings) as pool:
        assert await pool.fetchval("select 1") == 1
        door.certify(second)
        async with pool.acquire() as connection:
            connection.terminate()
        with pytest.raises(LoginRefused, match="证书不被认可"):
            await pool.fetchval("select 1")
        mount(door.folder, **{"ca.crt": first.pem + second.pem})
        assert await pool.fetchval("select 1") == 1


async def test_a_name_that_the_certificate_does_not_carry_is_refused(door: Door) -> None:
    authority = Authority()
    door.certify(authority)
    mount(door.folder, **{"ca.crt": authority.pem})
    async with open_rpc_pool(replace(door.settings, host="localhost")) as pool:
        with pytest.raises(LoginRefused, match="证书不被认可"):
            await pool.fetchval("select 1")


async def test_migrations_go_through_the_same_verified_door(door: Door) -> None:
    authority = Authority()
    door.certify(authority)
    mount(door.folder, **{"ca.crt": authority.pem})
    server = Server("127.0.0.1", door.port, "verify-full", door.folder / "ca.crt", within=1)
    login = door.settings.login.read()
    assert await migrate(server, "intake", door.settings.database, login) == []
    mount(door.folder, **{"ca.crt": Authority("another").pem})
    with pytest.raises(CommandError, match="证书不被认可"):
        await migrate(server, "intake", door.settings.database, login)
