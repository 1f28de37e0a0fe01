"""Real PostgreSQL and NATS for tests, started once per session, and fresh databases cut from a migrated template."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import nats as nats_client
import pytest

from embedded import nats, ports, postgres
from embedded.data_dir import DataDir
from embedded.readiness import wait_ready
from embedded.supervision.processes import Program, launch
from operations import databases, streams
from operations.migrate import migrate

SMALL = {**postgres.TUNING, "shared_buffers": "128MB", "max_wal_size": "1GB", "wal_buffers": "4MB"}
"""A test server keeps durability and gives up size."""

READY_WITHIN = 30.0
"""Seconds a server has to accept connections; on an idle machine it takes a tenth of one."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database of one service, and how its roles reach it over the socket."""

    service: str
    name: str
    address: postgres.PostgresAddress

    @property
    def host(self) -> str:
        """The folder of the unix socket."""
        return str(self.address.socket)

    @property
    def port(self) -> int:
        """The port that names the socket."""
        return self.address.port

    def role(self, kind: str) -> str:
        """The role `owner`, `rpc` or `worker` of this service."""
        return f"{self.service}_{kind}"

    def dsn(self, kind: str = "") -> str:
        """A URL for asyncpg: as `owner`, `rpc` or `worker`; without a kind, as superuser."""
        return self.address.url(self.name, self.role(kind) if kind else postgres.SUPERUSER)

    def environment(self) -> dict[str, str]:
        """The settings by which a service finds it."""
        return {
            "ONEWINDOW_DATABASE_HOST": self.host,
            "ONEWINDOW_DATABASE_PORT": str(self.port),
            "ONEWINDOW_DATABASE_NAME": self.name,
            "ONEWINDOW_DATABASE_RPC_ROLE": self.role("rpc"),
            "ONEWINDOW_DATABASE_WORKER_ROLE": self.role("worker"),
        }


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running PostgreSQL with the roles of the four services."""

    address: postgres.PostgresAddress

    def dsn(self, database: str = postgres.SUPERUSER) -> str:
        """The superuser's URL over the socket."""
        return self.address.url(database)

    def create_database(self, service: str, name: str = "") -> Database:
        """A fresh database, migrated (chassis, then the service), in place of any earlier one of that name.

        Its name is the service's own unless `name` says otherwise. May be called from synchronous and
        asynchronous tests alike; takes about 0.1 s after the first time.
        """
        outside_loop(_cut(self.address, service, name or service))
        return Database(service, name or service, self.address)


@dataclass(frozen=True, slots=True)
class NatsServer:
    """A running NATS server with JetStream."""

    url: str
    monitor_url: str

    def reset_streams(self) -> None:
        """Every stream of the office empty, with its durable consumers as in production."""
        outside_loop(_reset_streams(self.url))


def outside_loop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end in a loop of its own, whether or not a loop runs here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """A new folder that PostgreSQL's own account can enter, which pytest's are not for root; gone at the end."""
    root = Path(tempfile.mkdtemp(prefix=f"onewindow-{name}-"))
    root.chmod(0o755)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def server_home() -> Iterator[DataDir]:
    """A home that PostgreSQL's own account can enter."""
    with open_home() as home:
        yield home


@contextmanager
def open_home() -> Iterator[DataDir]:
    """A new home for servers; gone at the end."""
    with open_folder("test") as root:
        home = DataDir(root)
        home.create()
        yield home


@pytest.fixture(scope="session")
def postgres_server(server_home: DataDir) -> Iterator[PostgresServer]:
    """PostgreSQL 18 with roles `<service>_owner`, `_rpc`, `_worker` and no database but its own."""
    port = ports.choose({"postgres": 0})["postgres"]
    postgres.prepare(server_home)
    address = postgres.PostgresAddress(server_home.socket, port)
    with _running(postgres.program(server_home, port, SMALL), server_home):
        outside_loop(_provide_roles(address))
        yield PostgresServer(address)


@pytest.fixture(scope="session")
def nats_server(server_home: DataDir) -> Iterator[NatsServer]:
    """NATS with JetStream, and the streams of the office."""
    with running_nats(server_home) as server:
        yield server


@contextmanager
def running_nats(home: DataDir) -> Iterator[NatsServer]:
    """A server with the streams of the office, until the block ends."""
    with nats_on(home, ports.choose({"nats": 0, "nats.monitor": 0})) as server:
        server.reset_streams()
        yield server


@contextmanager
def nats_on(home: DataDir, chosen: Mapping[str, int]) -> Iterator[NatsServer]:
    """A server on these ports with the streams that the home has, until the block ends."""
    with _running(nats.program(home, chosen["nats"], chosen["nats.monitor"]), home):
        yield NatsServer(nats.url(chosen["nats"]), f"http://{ports.LOOPBACK}:{chosen['nats.monitor']}")


@pytest.fixture(scope="session")
def create_database(postgres_server: PostgresServer) -> Callable[..., Database]:
    """`create_database(service)`: a fresh, migrated database of that service."""
    return postgres_server.create_database


@contextmanager
def _running(program: Program, home: DataDir) -> Iterator[None]:
    child = launch(program, home.log(program.name))
    try:
        assert not wait_ready([program], READY_WITHIN, lambda: child.poll() is None), home.log(program.name).read_text()
        yield
    finally:
        child.send_signal(program.stop_signal)
        child.wait(program.grace)


async def _provide_roles(address: postgres.PostgresAddress) -> None:
    connection = await address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    await databases.provide_roles(connection)
    await connection.close()


async def _cut(address: postgres.PostgresAddress, service: str, name: str) -> None:
    template = f"{service}_template"
    connection = await address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    try:
        if not await databases.exists(connection, template):
            await databases.make(connection, service, template)
            await migrate(address.server(), service, template, postgres.owner(service))
        await connection.execute(f"drop database if exists {name} with (force)")
        await databases.make(connection, service, name, template)
    finally:
        await connection.close()


async def _reset_streams(url: str) -> None:
    client = await nats_client.connect(url)
    jetstream = client.jetstream()
    for present in await jetstream.streams_info():
        await jetstream.purge_stream(str(present.config.name))  # see operations.streams.recreate_streams
        await jetstream.delete_stream(str(present.config.name))
    await streams.apply_streams(jetstream)
    await client.close()
