"""A service that lost its subscription, a stream that lost facts: seen, named, healed; nothing lost or doubled."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import nats
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

from embedded import ports
from embedded.data_dir import DataDir, StackSettings
from embedded.stack import Stack
from protocol.streams import SERVICES, STREAMS
from tests.journeys.conftest import FIRST
from tests.journeys.office import Office
from tests.journeys.test_repair import onewindow
from tests.support.servers import open_folder


async def until(condition: Callable[[], Awaitable[bool]], within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.1)


def shown(stack: Stack, service: str, series: str) -> float:
    """Sum of a series of a service, as Prometheus would scrape it."""
    address = stack.status()["services"][service]["metrics"]
    with urlopen(f"http://{address}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return sum(float(value) for value in re.findall(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE))


async def received_and_published(office: Office) -> dict[tuple[str, str], tuple[int, int]]:
    """By receiver and source: events in its inbox, and facts that the publisher has; equal when nothing is missing."""
    found = {}
    for topology in STREAMS:
        if topology.source == "sealed":
            continue
        (facts,) = (await office.rows(topology.publisher, "select count(*) from fact"))[0]
        for receiver in topology.receivers:
            query = "select count(*), count(distinct event_id) from inbox where source = $1"
            ((events, distinct),) = await office.rows(receiver, query, topology.source)
            assert events == distinct, f"{receiver} has an event of {topology.source} twice"
            found[receiver, topology.source] = (events, facts)
    return found


async def whole(office: Office) -> bool:
    return all(events == facts for events, facts in (await received_and_published(office)).values())


async def jetstream(stack: Stack) -> tuple[Client, JetStreamContext]:
    client = await nats.connect(stack.status()["nats"]["url"])
    return client, client.jetstream()


RULES = Path(__file__).parents[2] / "deploy" / "helm" / "onewindow" / "alerts" / "service-alerts.yaml"


@pytest.fixture
def alerts(office: Office, tmp_path: Path) -> Iterator[Callable[[], set[tuple[str, str, str]]]]:
    """Alerts, pending or firing, of a Prometheus on the stack with the chart's rules: name, service, source."""
    program = shutil.which("prometheus")
    if program is None:
        missing = "prometheus is not here (apt-get install prometheus): alerts in the stack were NOT tested"
        warnings.warn(missing, stacklevel=2)
        pytest.skip(missing)
    services = office.stack.status()["services"]
    targets = [{"targets": [services[name]["metrics"]], "labels": {"service": name}} for name in SERVICES]
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [{"job_name": "onewindow", "static_configs": targets}],
    }
    (tmp_path / "prometheus.json").write_text(json.dumps(config))
    address = f"127.0.0.1:{ports.choose({'prometheus': 0})['prometheus']}"
    options = [f"--config.file={tmp_path}/prometheus.json", f"--storage.tsdb.path={tmp_path}/series"]
    running = subprocess.Popen(
        [program, *options, f"--web.listen-address={address}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def shown() -> set[tuple[str, str, str]]:
        try:
            with urlopen(f"http://{address}/api/v1/alerts", timeout=10) as answer:
                found = [alert["labels"] for alert in json.load(answer)["data"]["alerts"]]
        except OSError:  # not yet started
            return set()
        return {(labels["alertname"], labels.get("service", ""), labels.get("source", "")) for labels in found}

    yield shown
    running.terminate()
    running.wait(30)


@pytest.mark.timeout(400)
async def test_the_alert_shows_a_deleted_subscription_within_five_minutes(
    office: Office, alerts: Callable[[], set[tuple[str, str, str]]]
) -> None:
    client, streams = await jetstream(office.stack)
    remade = 'onewindow_inbox_subscriptions_remade_total{source="intake"}'
    before = shown(office.stack, "approval", remade)
    await streams.delete_consumer("OW_INTAKE", "approval")

    async def pending() -> bool:
        return ("OnewindowSubscriptionRemade", "approval", "intake") in await asyncio.to_thread(alerts)

    await until(pending, 300)
    assert shown(office.stack, "approval", remade) > before
    assert "OnewindowSubscriptionLost" not in {name for name, _, _ in await asyncio.to_thread(alerts)}
    await client.close()


@pytest.mark.timeout(300)  # eleven losses, one after another
async def test_each_subscription_that_is_deleted_under_load_is_made_anew(office: Office) -> None:
    item, stack = office.named(catalogue.ITEM_KIND_PROMISED), office.stack
    client, streams = await jetstream(stack)
    await office.accepted(item)
    for topology in STREAMS:
        for receiver in topology.receivers:
            remade = f'onewindow_inbox_subscriptions_remade_total{{source="{topology.source}"}}'
            before = shown(stack, receiver, remade)
            await streams.delete_consumer(topology.stream.name, receiver)
            await office.accepted(item)

            async def healed(receiver: str = receiver, remade: str = remade, before: float = before) -> bool:
                return shown(stack, receiver, remade) > before

            await until(healed)
            present = f'onewindow_inbox_subscription_present{{source="{topology.source}"}}'
            assert shown(stack, receiver, present) == 1
            await streams.consumer_info(topology.stream.name, receiver)
    await client.close()
    await office.rest()
    await until(lambda: whole(office))
    for service in SERVICES:
        assert (await office.rows(service, "select count(*) from dead_letter"))[0][0] == 0
    assert onewindow(stack, "audit", "verify", AUDIT_SETTLED_SECONDS="0").returncode == 0


@pytest.fixture
def own_home() -> Iterator[DataDir]:
    with open_folder("deafness") as root:
        home = DataDir(root / ".onewindow")
        yield home
        Stack(home).stop()


async def outbox_is_empty(office: Office) -> bool:
    return not (await office.rows("intake", "select exists (select from outbox)"))[0][0]


async def begun(home: DataDir, *, heal: bool) -> Stack:
    settings = StackSettings(service_settings={} if heal else {"STREAMS_SELF_HEALING": "false"})
    stack = Stack(home, settings)
    await asyncio.to_thread(lambda: stack.start(clock_start=FIRST))
    return stack


async def named_by_the_audit(office: Office, numbers: list[str]) -> None:
    """The audit names service, source, place, file and revisions of each acceptance."""
    audit = onewindow(office.stack, "audit", "verify", columns=200, AUDIT_SETTLED_SECONDS="0")
    assert audit.returncode == 1
    lines = [line for line in audit.stdout.splitlines() if "[fact_not_received]" in line and "approval ✗" in line]
    files = await office.rows("intake", "select application_id from application where number = any ($1)", numbers)
    assert len(files) == 3
    for (file_id,) in files:
        (first, last) = [line for line in lines if str(file_id) in line]
        assert "地点 440105008" in first
        assert "intake" in first
        assert ("第 1 条事实" in first, "第 2 条事实" in last) == (True, True)


@pytest.mark.timeout(400)  # four starts of a stack of its own
async def test_a_nats_store_put_back_is_named_by_the_audit_and_then_healed(own_home: DataDir, tmp_path: Path) -> None:
    stack = await begun(own_home, heal=False)
    async with await Office.open(stack) as office:
        await office.publish()
        item = office.named(catalogue.ITEM_KIND_PROMISED)
        await office.accepted(item)
        await office.rest()
    await asyncio.to_thread(stack.stop)
    shutil.copytree(own_home.nats, tmp_path / "kept")

    stack = await begun(own_home, heal=False)
    async with await Office.open(stack) as office:
        pid = stack.status()["services"]["approval"]["pid"]
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGSTOP)
        numbers = [(await office.accepted(item)).number for _ in range(3)]
        await until(lambda: outbox_is_empty(office))  # acknowledged, and not heard by approval
        heard = [await office.rows("approval", "select from case_file where number = $1", each) for each in numbers]
        assert heard == [[], [], []]
    await asyncio.to_thread(stack.stop)
    shutil.rmtree(own_home.nats)
    shutil.copytree(tmp_path / "kept", own_home.nats)

    stack = await begun(own_home, heal=False)
    async with await Office.open(stack) as office:

        async def told() -> bool:
            return shown(stack, "intake", 'onewindow_stream_losses_open{source="intake"}') == 1

        await until(told, 30)
        await named_by_the_audit(office, numbers)
        assert onewindow(stack, "audit", "received", "--settled", "0").returncode == 1
    await asyncio.to_thread(stack.stop)

    stack = await begun(own_home, heal=True)
    async with await Office.open(stack) as office:
        await until(lambda: whole(office))
        await office.rest()
        for number in numbers:
            assert len(await office.rows("approval", "select from case_file where number = $1", number)) == 1
        (cases,) = (await office.rows("approval", "select count(*) from case_file"))[0]
        assert cases == 4
        assert shown(stack, "intake", 'onewindow_stream_losses_open{source="intake"}') == 0
        healed = onewindow(stack, "audit", "verify", columns=200, AUDIT_SETTLED_SECONDS="0")
        assert healed.returncode == 0, healed.stdout


async def test_the_command_publishes_what_a_receiver_lacks_and_nothing_else(office: Office) -> None:
    """Two messages vanish from the stream before approval received them, and no mark tells it."""
    item = office.named(catalogue.ITEM_KIND_PROMISED)
    stack, pid = office.stack, office.stack.status()["services"]["approval"]["pid"]
    assert isinstance(pid, int)
    client, streams = await jetstream(stack)
    config = (await streams.stream_info("OW_INTAKE")).config
    await streams.update_stream(config.evolve(duplicate_window=0.1))  # else repeats are dropped for ten minutes
    os.kill(pid, signal.SIGSTOP)
    try:
        await streams.delete_consumer("OW_INTAKE", "approval")  # so that nothing lies in its connection
        number = (await office.accepted(item)).number
        await until(lambda: outbox_is_empty(office))

        async def others() -> bool:
            found = await received_and_published(office)
            return all(found[each, "intake"][0] == found[each, "intake"][1] for each in ("notify", "metrics"))

        await until(others)
        last = (await streams.stream_info("OW_INTAKE")).state.last_seq
        for seq in (last - 1, last):
            await streams.delete_msg("OW_INTAKE", seq)
    finally:
        os.kill(pid, signal.SIGCONT)
    await office.rest()
    assert await office.rows("approval", "select from case_file where number = $1", number) == []
    missing = onewindow(stack, "audit", "received", "--settled", "0", columns=200)
    assert missing.returncode == 1
    assert "approval ✗ 已发布的事实没有收到" in missing.stdout
    again = onewindow(stack, "republish", "--missing", "--place", "440105000")
    assert "没有服务缺事实" in again.stdout
    for command in (("audit", "received"), ("republish", "--missing")):
        nowhere = onewindow(stack, *command, "--place", "440105007")
        assert (nowhere.returncode, "没有地点 440105007 的事实" in nowhere.stderr) == (1, True)
    again = onewindow(stack, "republish", "--missing", "--settled", "0")
    assert "intake：approval" in again.stdout, again.stdout + again.stderr
    await office.rest()
    assert len(await office.rows("approval", "select from case_file where number = $1", number)) == 1
    await until(lambda: whole(office))
    await streams.update_stream(config)
    await client.close()
    assert "都收到了" in onewindow(stack, "audit", "received", "--settled", "0").stdout
