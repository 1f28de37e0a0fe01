"""Cost of home-made mechanisms beside those of the libraries: the pool and asyncpg's, the publisher and nats-py's.

`python -m bench.mechanisms` starts a PostgreSQL and a NATS of its own and prints the CPU of this process in µs for
each statement or message. The candidates of a comparison take turns, so that a drift of the machine hits all of them.
The rows of docs/figures.md that justify both mechanisms come from here.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import asyncpg
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StorageType, StreamConfig

from chassis.nats import broker
from chassis.nats.broker import BatchPublisher, OutgoingMessage
from chassis.nats.broker_access import BrokerAccess
from chassis.postgres.pool import Connection, Pool
from embedded import nats, ports, postgres
from embedded.data_dir import DataDir
from embedded.readiness import wait_ready
from embedded.supervision.processes import Program, launch

ROUNDS = 5
STATEMENTS = 4_000
BATCHES, BATCH = 16, 500
_STATEMENT = "select $1::integer + 1"
_SUBJECT = "bench.fact"
_READY_SECONDS = 30.0

Candidates = Mapping[str, tuple[int, Callable[[], Awaitable[object]]]]
"""Work of each candidate, with the number of statements or messages in it."""


async def measure(candidates: Candidates) -> dict[str, float]:
    """Microseconds of CPU for one statement or message of each candidate: the median of several rounds."""
    rounds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, (count, work) in candidates.items():
            began = time.process_time()
            await work()
            rounds[name].append((time.process_time() - began) / count * 1e6)
    return {name: statistics.median(figures) for name, figures in rounds.items()}


async def measure_pools(address: postgres.PostgresAddress) -> dict[str, float]:
    """One prepared statement through the own pool, and through asyncpg's with and without its reset."""
    dsn = address.url(postgres.SUPERUSER)
    await (await address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)).close()  # waits for the start

    async def no_reset(_: Connection) -> None:
        """Leaves the session as it is."""

    async def connect() -> Connection:
        connection: Connection = await asyncpg.connect(dsn)
        return connection

    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(Pool(connect, 2, 5.0))
        bare = await stack.enter_async_context(asyncpg.create_pool(dsn, min_size=2, max_size=2, reset=no_reset))
        default = await stack.enter_async_context(asyncpg.create_pool(dsn, min_size=2, max_size=2))

        def statements(fetchval: Callable[[str, int], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
            async def work() -> None:
                for number in range(STATEMENTS):
                    await fetchval(_STATEMENT, number)

            return work

        return await measure(
            {
                "chassis.postgres.pool": (STATEMENTS, statements(own.fetchval)),
                "asyncpg.create_pool(reset=none)": (STATEMENTS, statements(bare.fetchval)),
                "asyncpg.create_pool()": (STATEMENTS, statements(default.fetchval)),
            }
        )


async def measure_publishers(url: str) -> dict[str, float]:
    """Batches of messages with acknowledgements, by the own publisher and by `publish_async`."""
    client = await broker.connect(BrokerAccess(url), "bench")
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name="BENCH", subjects=[_SUBJECT], storage=StorageType.MEMORY))
    try:
        return await measure(
            {
                "chassis.nats.broker": (BATCHES * BATCH, lambda: _publish_own(client, stream)),
                "nats.js publish_async": (BATCHES * BATCH, lambda: _publish_async(stream)),
            }
        )
    finally:
        await client.close()


async def _publish_own(client: Client, stream: JetStreamContext) -> None:
    publisher = BatchPublisher(client)
    for number in range(BATCHES):
        stored = await publisher.publish(_messages(number), 5.0)
        assert len(stored.places) == BATCH, "a message was refused"
    await stream.purge_stream("BENCH")


async def _publish_async(stream: JetStreamContext) -> None:
    for number in range(BATCHES):
        acks = [
            await stream.publish_async(
                message.subject, message.body, headers={"Nats-Msg-Id": message.message_id, **message.headers}
            )
            for message in _messages(number)
        ]
        await asyncio.gather(*acks)
    await stream.purge_stream("BENCH")


def _messages(number: int) -> list[OutgoingMessage]:
    headers = {"Onewindow-Kind": "bench", "Onewindow-Position": "bench/440105/440105008/0/1"}
    moment = time.monotonic_ns()
    return [OutgoingMessage(_SUBJECT, bytes(300), f"{moment}-{number}-{n}", headers) for n in range(BATCH)]


@contextmanager
def running(program: Program, home: DataDir) -> Iterator[None]:
    """Runs a server until the block ends. Raises RuntimeError when it does not become ready."""
    child = launch(program, home.log(program.name))
    try:
        if wait_ready([program], _READY_SECONDS, lambda: child.poll() is None):
            raise RuntimeError(f"{program.name} is not ready: {home.log(program.name).read_text()}")
        yield
    finally:
        child.send_signal(program.stop_signal)
        child.wait(program.grace)


def _show(figures: Mapping[str, float]) -> None:
    first = next(iter(figures.values()))
    for name, microseconds in figures.items():
        print(f"{name:34} {microseconds:7.1f} µs of CPU   {microseconds / first:4.2f}")


def main() -> None:
    """Measures both comparisons and prints them."""
    root = Path(tempfile.mkdtemp(prefix="onewindow-bench-"))
    root.chmod(0o755)  # PostgreSQL's own account enters it
    home = DataDir(root)
    home.create()
    chosen = ports.choose({"postgres": 0, "nats": 0, "nats.monitor": 0})
    postgres.prepare(home)
    try:
        with running(postgres.program(home, chosen["postgres"]), home):
            address = postgres.PostgresAddress(home.socket, chosen["postgres"])
            _show(asyncio.run(measure_pools(address)))
        with running(nats.program(home, chosen["nats"], chosen["nats.monitor"]), home):
            _show(asyncio.run(measure_publishers(nats.url(chosen["nats"]))))
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
