"""Idle clients and open streams at the edge of a running stack: `onewindow up`, then one of two commands.

    python -m bench.edges idle --clients 300 --seconds 300
    python -m bench.edges streams --streams 300

`idle` opens so many connections, pings on each as docs/integration/clients.md says, and counts those that were sent
away with too_many_pings. `streams` opens so many boards by one caller, who opens a refused one again when
the refusal says so, and gives the p99 of the calls of another caller beside the p99 without a board, in turns.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import IO

import grpc
import grpc.aio
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from onewindow.metrics.v1 import metrics_service_pb2 as pb

from client.channels import KEEPALIVE, ONE_ADDRESS
from client.office import OfficeClient
from embedded.data_dir import StackSettings
from embedded.local_services import local_client
from embedded.stack import Stack

SENT_AWAY = b"too_many_pings"
"""Debug data of the GOAWAY, which the library writes to its log."""
ROUNDS = 5
TURN_SECONDS = 5.0
CALLERS = 4
"""Calls of the other caller at one time."""
_STREET, _DISTRICT = "440105008", "440105000"
_WATCHER, _OTHER = "BENCH-4", "BENCH-5"
_REPORT = pb.GetReportRequest(kind=pb.PERIOD_KIND_DAY, period="2016-03-01")
_READY_SECONDS = 30.0
_OPEN_AT_ONCE = 20
_STANDARD_ERROR = 2
"""By its number: sys.stderr may be another file, and the library does not write to that."""


@dataclass(slots=True)
class IdleClients:
    """Connections that only ping, and what became of them."""

    address: str
    ping_seconds: float
    renewed: Counter[int] = field(default_factory=Counter)
    """How often each connection was made again: a service gives each an age."""

    async def stay(self, clients: int, seconds: float) -> int:
        """Keeps so many connections for so long; the number of GOAWAYs for too many pings."""
        with _library_log() as log:
            gate = asyncio.Semaphore(_OPEN_AT_ONCE)
            await asyncio.gather(*(self._stay(number, gate, seconds) for number in range(clients)))
            log.seek(0)
            return sum(SENT_AWAY in line for line in log)

    async def _stay(self, number: int, gate: asyncio.Semaphore, seconds: float) -> None:
        own = {"grpc.keepalive_time_ms": int(self.ping_seconds * 1000), "grpc.use_local_subchannel_pool": 1}
        options = dict([*ONE_ADDRESS, *KEEPALIVE]) | own
        async with grpc.aio.insecure_channel(self.address, options=list(options.items())) as channel:
            async with gate:
                await asyncio.wait_for(channel.channel_ready(), _READY_SECONDS)
            ends = time.monotonic() + seconds
            while (left := ends - time.monotonic()) > 0:
                state = channel.get_state(try_to_connect=True)
                try:
                    await asyncio.wait_for(channel.wait_for_state_change(state), left)
                except TimeoutError:
                    return
                self.renewed[number] += state is grpc.ChannelConnectivity.READY


@contextmanager
def _library_log() -> Iterator[IO[bytes]]:
    """What is written to the standard error meanwhile: the library knows no other place for its log."""
    own = os.dup(_STANDARD_ERROR)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), _STANDARD_ERROR)
        try:
            yield log
        finally:
            os.dup2(own, _STANDARD_ERROR)
            os.close(own)


@dataclass(slots=True)
class Watchers:
    """Boards that one caller holds open, and how often it was refused one."""

    client: OfficeClient
    opened: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @asynccontextmanager
    async def holding(self, streams: int) -> AsyncIterator[None]:
        """So many boards, opened again as their refusals say."""
        tasks = [asyncio.create_task(self._watch()) for _ in range(streams)]
        try:
            async with asyncio.timeout(_READY_SECONDS):
                while self.opened + self.refused.total() < streams:
                    await asyncio.sleep(0.1)
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            call = self.client.metrics.WatchBoard(
                pb.WatchBoardRequest(street=_STREET), metadata=self.client.metadata(_WATCHER)
            )
            try:
                async for _ in call:
                    self.opened += 1
            except grpc.aio.AioRpcError as error:
                reason, pause = refusal_of(error)
                self.refused[reason] += 1
                await asyncio.sleep(pause)


def refusal_of(error: grpc.aio.AioRpcError) -> tuple[str, float]:
    """Reason of a refusal, and the seconds until a repeat."""
    reason, retry = error_details_pb2.ErrorInfo(reason=error.code().name), error_details_pb2.RetryInfo()
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error has the methods of a call that are used
    for detail in status.details if status else ():
        for message in (reason, retry):
            detail.Unpack(message)
    return reason.reason, retry.retry_delay.ToMilliseconds() / 1000 or 1.0


async def call_times(client: OfficeClient, seconds: float) -> list[float]:
    """Milliseconds of the calls of the other caller, one after the other on each of a few hands."""
    took: list[float] = []
    ends = time.monotonic() + seconds

    async def hand() -> None:
        while (began := time.monotonic()) < ends:
            await client.call(_OTHER, client.metrics.GetReport, _REPORT)
            took.append((time.monotonic() - began) * 1000)

    await asyncio.gather(*(hand() for _ in range(CALLERS)))
    return took


def p99(took: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(took, n=100)[-1]


async def measure_streams(stack: Stack, streams: int) -> None:
    """Prints the p99 of another caller with and without so many streams, in turns."""
    staff = {_WATCHER: (("SUPERVISOR",), _STREET), _OTHER: (("SUPERVISOR",), _DISTRICT)}
    async with local_client(stack.site(), staff) as watching, local_client(stack.site(), staff) as calling:
        await call_times(calling, 1.0)
        ratios = []
        for _ in range(ROUNDS):
            alone = p99(await call_times(calling, TURN_SECONDS))
            watchers = Watchers(watching)
            async with watchers.holding(streams):
                loaded = p99(await call_times(calling, TURN_SECONDS))
            ratios.append(loaded / alone)
            refused = ", ".join(f"{reason} {count}" for reason, count in watchers.refused.items())
            _say(f"p99 {alone:.1f} ms alone, {loaded:.1f} ms beside {watchers.opened} streams, refused: {refused}")
        _say(f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


async def measure_idle(stack: Stack, clients: int, seconds: float, ping_seconds: float) -> int:
    """Prints how many idle clients were sent away; the exit code."""
    idle = IdleClients(str(stack.status()["services"]["metrics"]["rpc"]), ping_seconds)
    sent_away = await idle.stay(clients, seconds)
    _say(f"{clients} clients, a ping each {ping_seconds:g} s for {seconds:g} s: {sent_away} GOAWAY too_many_pings")
    _say(f"connections made anew at their age: {idle.renewed.total()}")
    return 1 if sent_away else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measured", choices=["idle", "streams"])
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--ping-seconds", type=float, default=10.0)
    parser.add_argument("--streams", type=int, default=300)
    chosen = parser.parse_args()
    settings = StackSettings.load()
    stack = Stack(settings.data_dir(), settings)
    if chosen.measured == "idle":
        return asyncio.run(measure_idle(stack, chosen.clients, chosen.seconds, chosen.ping_seconds))
    asyncio.run(measure_streams(stack, chosen.streams))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
