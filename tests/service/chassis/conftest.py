"""A service that publishes, one that receives, and a NATS server that a test may kill."""

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig

from chassis.event_store import FileRepository, PostgresStore
from chassis.inbox import InboxEvent, InboxTransaction, Subscription
from chassis.nats import broker
from chassis.nats.broker_access import BrokerAccess
from chassis.postgres.database import Pool, open_rpc_pool, open_worker_pool
from chassis.postgres.leader import LeaderSettings
from chassis.settings.tuning import Tuning
from embedded import nats, ports
from embedded.data_dir import DataDir
from embedded.readiness import wait_ready
from embedded.supervision.processes import launch
from tests.support.ledger import DISTRICT, Entered, Ledger, LedgerCodec, StillClock, ledger_database, pool_settings
from tests.support.servers import PostgresServer

STREAM, CONSUMER = "OW_LEDGER", "tally"
TUNING = Tuning(
    outbox_poll=0.1, redrive_poll=0.05, pull_heartbeat=0.5, away_pause=0.05, publish_timeout=1.0, ack_timeout=1.0
)
"""Quick enough for tests; nothing in them depends on it."""
LEADER = LeaderSettings(retry=0.05, heartbeat=0.1)


@dataclass
class Service:
    """A database of its own, with the store and the files of a service."""

    rpc: Pool
    worker: Pool
    woken: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = PostgresStore(self.rpc, self.worker)
        self.files: FileRepository[Ledger, Entered] = FileRepository(
            self.store, LedgerCodec(), StillClock(), wake=self._wake
        )

    def _wake(self) -> None:
        for wake in self.woken:
            wake()

    async def value(self, query: str, *arguments: object) -> Any:  # whatever a test asks for
        """One value, as the worker."""
        return await self.worker.fetchval(query, *arguments)

    async def totals(self) -> dict[object, tuple[int, int]]:
        """Total and number of applied events of each file."""
        return {row[0]: (row[1], row[2]) for row in await self.worker.fetch("select file_id, total, events from tally")}


class Broker:
    """A NATS server of the test's own, which it may stop, kill and start again on the same store."""

    def __init__(self, root: Path) -> None:
        self._home = DataDir(root)
        self._home.create()
        chosen = ports.choose({"nats": 0, "nats.monitor": 0})
        self._program = nats.program(self._home, chosen["nats"], chosen["nats.monitor"])
        self.url = nats.url(chosen["nats"])
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        child = self._child = launch(self._program, self._home.log("nats"))
        assert not wait_ready([self._program], 30, lambda: child.poll() is None)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ends it by a signal."""
        if self._child is not None:
            self._child.send_signal(number)
            self._child.wait(10)
            self._child = None


@pytest.fixture(scope="session")
def broker_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One server for the folder, running whenever a test begins."""
    server = Broker(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def client(broker_server: Broker) -> AsyncIterator[Client]:
    """A connection, with an empty stream of the ledger and its durable consumer."""
    client = await broker.connect(BrokerAccess(broker_server.url), "test", reconnect_wait=0.05)
    jetstream = client.jetstream()
    await make_stream(client)
    yield client
    await jetstream.purge_stream(STREAM)  # one of the same name would now and then find what lies in its folder
    await jetstream.delete_stream(STREAM)
    await client.close()


async def make_stream(client: Client) -> None:
    """The stream as in production, kept in a file so that a restart keeps it; events come again after a second."""
    jetstream = client.jetstream()
    subjects = ["onewindow.ledger.v1.>"]
    await jetstream.add_stream(StreamConfig(name=STREAM, subjects=subjects, storage=StorageType.FILE))
    await jetstream.add_consumer(
        STREAM,
        ConsumerConfig(
            durable_name=CONSUMER, ack_policy=AckPolicy.ALL, ack_wait=1, max_ack_pending=4000, max_deliver=-1
        ),
    )


@pytest.fixture
async def service(postgres_server: PostgresServer) -> AsyncIterator[Service]:
    """The service that publishes."""
    async with _service(postgres_server) as made:
        yield made


@pytest.fixture
async def receiver(postgres_server: PostgresServer) -> AsyncIterator[Service]:
    """The service that receives."""
    async with _service(postgres_server) as made:
        yield made


class _service:  # reads as a context
    def __init__(self, server: PostgresServer) -> None:
        self._database = ledger_database(server, f"ledger_{uuid4().hex[:8]}")

    async def __aenter__(self) -> Service:
        self._pools = (
            open_rpc_pool(pool_settings(self._database, "rpc")),
            open_worker_pool(pool_settings(self._database, "worker"), DISTRICT),
        )
        rpc, worker = self._pools
        return Service(await rpc, await worker)

    async def __aexit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.terminate()


async def add_up(tx: InboxTransaction, events: object) -> None:
    """An effect that shows every repetition: it adds what was entered to what is there."""
    for event in _events(events):
        amount = LedgerCodec().decode(event.body).amount
        await tx.execute(
            "insert into tally as t values ($1, $2, $3, $4, 1) on conflict (district, street, file_id)"
            " do update set total = t.total + excluded.total, events = t.events + 1",
            event.key.district, event.key.street, event.key.file_id, amount,
        )  # fmt: skip # one row


def tallied(events: Sequence[InboxEvent]) -> str:
    """The same effect, as rows for the function `project_received`."""
    rows: dict[UUID, dict[str, object]] = {}
    for event in events:
        key, amount = event.key, LedgerCodec().decode(event.body).amount
        row = rows.setdefault(
            key.file_id,
            {"district": key.district, "street": key.street, "file_id": str(key.file_id), "total": 0, "events": 0},
        )
        row |= {"total": int(str(row["total"])) + amount, "events": int(str(row["events"])) + 1}
    return json.dumps(list(rows.values()))


def _events(events: object) -> list[InboxEvent]:
    assert isinstance(events, list)
    return events


def a_subscription(apply: Any = add_up, known_kinds: tuple[str, ...] = ("entered",)) -> Subscription:  # any Apply
    """The tally receives the ledger."""
    return Subscription(CONSUMER, STREAM, "ledger", apply, known_kinds)


async def until(condition: Callable[[], Any], within: float = 30.0) -> None:
    """Waits for an asynchronous condition; fails when it does not come true in time."""
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.02)


class running:  # reads as a context
    """Loops that run inside a `with` and are cancelled at its end; one that dies fails the test."""

    def __init__(self, *loops: Callable[[], Any]) -> None:
        self._loops = loops

    async def __aenter__(self) -> None:
        self._tasks = [asyncio.ensure_future(loop()) for loop in self._loops]

    async def __aexit__(self, *_: object) -> None:
        died = [task.exception() for task in self._tasks if task.done() and not task.cancelled()]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        assert not died, died
