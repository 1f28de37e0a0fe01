"""Streams are made, left as they are, and made anew after a restore; a stopped office is a condition for that."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nats.js import JetStreamContext

from chassis.inbox.acks import AckLedger
from chassis.inbox.pull_session import PullSession
from chassis.nats.broker_access import BrokerAccess
from chassis.settings.tuning import DEFAULT_TUNING
from embedded.services import environment
from operations.broker import jetstream
from operations.errors import CommandError
from operations.streams import StreamLimits, recreate_streams
from protocol.streams import STREAMS
from tests.support.nats_servers import NatsOf
from tests.support.servers import NatsServer

SMALL = str(1 << 30)


def streams(url: str, *words: str, **output: str) -> subprocess.CompletedProcess[str]:
    settings = environment({"NATS_URL": url, "NATS_WAIT_SECONDS": "1", "STREAMS_MAX_BYTES": SMALL, **output})
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "streams", *words], env=settings, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsOf]:
    with NatsOf(tmp_path_factory.mktemp("nats"), "") as server:
        yield server


@pytest.fixture
async def context(nats_server: NatsServer) -> AsyncIterator[JetStreamContext]:
    nats_server.reset_streams()
    async with jetstream(BrokerAccess(nats_server.url), 10) as context:
        yield context
    nats_server.reset_streams()


def test_streams_are_made_once_grow_and_never_shrink(empty: NatsOf) -> None:
    first, again = streams(empty.url, "apply"), streams(empty.url, "apply")
    assert (first.returncode, "OW_INTAKE、OW_INTAKE/approval" in first.stdout) == (0, True), first.stderr
    assert again.stdout == "消息流都已就绪，没有改动\n"
    grown = streams(empty.url, "apply", STREAMS_MAX_BYTES=str(2 << 30))
    assert grown.stdout == "已建立或更新：OW_INTAKE、OW_APPROVAL、OW_NOTIFY、OW_SEALED\n"
    shrunk = streams(empty.url, "apply")
    assert (shrunk.returncode, "OW_INTAKE.max_bytes" in shrunk.stderr) == (1, True)


@pytest.mark.parametrize(
    "words, output, said",
    [
        (("--replicas", "3"), {"STREAMS_MAX_BYTES": str(2 << 30)}, "ONEWINDOW_STREAMS_REPLICAS"),
        ((), {"STREAMS_MAX_BYTES": str(1 << 50)}, "max_file"),
        ((), {"STREAMS_REPLICAS": "9"}, "ONEWINDOW_STREAMS_REPLICAS: "),
        ((), {"NATS_URL": "nats://127.0.0.1:1"}, "1 秒内没有应答"),
        ((), {"NATS_URL": "nats://127.0.0.1:1", "NATS_WAIT_SECONDS": "4"}, "还没有应答"),
    ],
    ids=["too many copies", "too much room", "no such copies", "unreachable", "waits aloud"],
)
def test_a_setting_that_nats_refuses_is_named(
    empty: NatsOf, words: tuple[str, ...], output: dict[str, str], said: str
) -> None:
    ran = streams(empty.url, "apply", *words, **output)
    assert (ran.returncode, said in ran.stderr) == (1, True), ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_nats_without_jetstream_is_named(tmp_path: Path) -> None:
    with NatsOf(tmp_path, "", jetstream=False) as server:
        ran = streams(server.url, "apply")
    assert (ran.returncode, "没有启用 JetStream" in ran.stderr) == (1, True), ran.stderr


def test_permissions_are_printed_as_nats_reads_them(empty: NatsOf) -> None:
    printed = streams(empty.url, "permissions").stdout
    assert printed.startswith("authorization {")
    assert '"password": $ONEWINDOW_INTAKE_PASSWORD' in printed


async def test_streams_made_anew_are_empty_and_received_from_the_beginning(context: JetStreamContext) -> None:
    await context.publish("onewindow.intake.v1.fact.440105.440105008", b"never happened", stream="OW_INTAKE")
    await recreate_streams(context, StreamLimits())
    assert (await context.stream_info("OW_INTAKE")).state.messages == 0
    received = {one.stream.name: len(await context.consumers_info(one.stream.name)) for one in STREAMS}
    assert received == {one.stream.name: len(one.receivers) for one in STREAMS}


async def test_streams_with_a_consumer_at_work_are_not_made_anew(
    context: JetStreamContext, nats_server: NatsServer
) -> None:
    client = context._nc  # the connection of the test's own
    async with PullSession(client, "OW_NOTIFY", "metrics", AckLedger(), DEFAULT_TUNING) as session:
        consumer = asyncio.create_task(session.collect())
        async with asyncio.timeout(10):
            while not (await context.consumer_info("OW_NOTIFY", "metrics")).num_waiting:
                await asyncio.sleep(0.02)
        with pytest.raises(CommandError, match="metrics 仍在接收 OW_NOTIFY：请先把四个服务的副本数调为 0"):
            await recreate_streams(context, StreamLimits())
        consumer.cancel()
        await asyncio.gather(consumer, return_exceptions=True)


def test_nothing_is_thrown_away_without_a_word(empty: NatsOf) -> None:
    ran = streams(empty.url, "recreate")
    assert (ran.returncode, "--confirmed" in ran.stderr) == (1, True)
