"""A subscription that was lost is seen, named and made anew; nothing is lost and nothing is doubled by it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.clock import RealClock
from chassis.event_store import FileKey
from chassis.inbox import InboxConsumer, ProgressQuery, StreamProgress
from chassis.inbox.watch import SubscriptionWatch
from chassis.nats.broker_access import connect_once
from chassis.nats.streams import consumer_config
from chassis.outbox.publisher import FactOutbox, OutboxPublisher
from chassis.process.readiness import Lacking, StreamUsage, check_streams, conditions
from embedded import postgres
from operations.broker import jetstream
from operations.streams import apply_streams, authorization, permissions
from tests.service.chassis.conftest import (
    CONSUMER,
    STREAM,
    TUNING,
    Service,
    a_subscription,
    add_up,
    make_stream,
    running,
    until,
)
from tests.support.ledger import Entered, a_cause, a_key
from tests.support.nats_servers import PASSWORDS, NatsOf, mounted
from tests.support.servers import PostgresServer

QUICK = type(TUNING)(
    outbox_poll=0.1, pull_heartbeat=0.5, away_pause=0.05, publish_timeout=1.0, ack_timeout=1.0, watch_poll=0.05
)


def gauge(name: str, source: str = "ledger") -> float | None:
    return REGISTRY.get_sample_value(f"onewindow_inbox_{name}", {"source": source})


def a_consumer(receiver: Service, client: Client, *, heal: bool = True) -> InboxConsumer:
    return InboxConsumer(receiver.worker, client, a_subscription(add_up), tuning=replace(QUICK, self_healing=heal))


def a_publisher(service: Service, client: Client) -> OutboxPublisher:
    publisher = OutboxPublisher(service.worker, client, FactOutbox("ledger"), QUICK)
    service.woken.append(publisher.wake)
    return publisher


async def enter(service: Service, key: FileKey, amount: int) -> None:
    await service.files.change(key, a_cause(), lambda *_: [Entered(amount)], actor="clerk")


async def present() -> bool:
    return gauge("subscription_present") == 1


async def gone() -> bool:
    return gauge("subscription_present") == 0


async def test_a_deleted_subscription_is_made_anew_and_nothing_is_lost_or_doubled(
    service: Service, receiver: Service, client: Client
) -> None:
    keys = [a_key() for _ in range(5)]
    remade = gauge("subscriptions_remade_total") or 0
    async with running(a_publisher(service, client).run, a_consumer(receiver, client).run):
        await until(present)
        for round_, deleted in enumerate((True, False, True, True)):
            if deleted:
                await client.jetstream().delete_consumer(STREAM, CONSUMER)
            for key in keys:
                await enter(service, key, 10**round_)

        async def whole() -> bool:
            return await receiver.totals() == {key.file_id: (1111, 4) for key in keys}

        await until(whole)
        await until(present)

        async def level() -> bool:
            return gauge("behind_messages") == 0 and gauge("oldest_waiting_seconds") == 0

        await until(level)
    assert (gauge("subscriptions_remade_total") or 0) > remade
    assert await receiver.value("select count(*) from inbox") == 20
    shown = [gauge(name) for name in ("subscription_present", "behind_messages", "oldest_waiting_seconds")]
    assert shown == [None, None, None], "a replica that does not lead knows nothing: a 0 would say that it is gone"


async def test_a_call_is_told_how_far_its_service_is_in_a_stream(
    service: Service, receiver: Service, client: Client
) -> None:
    progress = ProgressQuery()
    assert await progress("ledger") is None, "nobody is asked without a connection"
    progress.connected(client, CONSUMER)
    async with running(a_publisher(service, client).run):
        for amount in range(3):
            await enter(service, a_key(), amount)

        async def published() -> bool:
            return await progress("ledger") == StreamProgress(0, 3)

        await until(published)
    async with running(a_consumer(receiver, client).run):

        async def applied() -> bool:
            now = await progress("ledger")
            assert now is not None and now.last == 3
            received = await receiver.value("select count(*) from inbox")
            assert received >= now.applied
            return now.applied == 3

        await until(applied)
    await client.jetstream().delete_consumer(STREAM, CONSUMER)
    assert await progress("ledger") is None, "a lost consumer is at no place"
    progress.closed()
    assert await progress("ledger") is None


async def test_while_postgresql_is_away_nobody_says_that_the_subscription_is_gone(
    receiver: Service, client: Client, postgres_server: PostgresServer
) -> None:
    async def unknown() -> bool:
        assert gauge("subscription_present") != 0
        return gauge("subscription_present") is None

    name = await receiver.value("select current_database()")
    superuser = await asyncpg.connect(postgres_server.address.url("postgres", postgres.SUPERUSER))
    async with running(a_consumer(receiver, client).run):
        await until(present)
        await superuser.execute(f"alter database {name} allow_connections false")
        await superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        await until(unknown)
        await superuser.execute(f"alter database {name} allow_connections true")
        await until(present)
    await superuser.close()


async def test_without_healing_a_lost_subscription_is_shown_and_named_until_it_is_back(
    service: Service, receiver: Service, client: Client
) -> None:
    key = a_key()
    with capture_logs() as lines:
        async with running(a_publisher(service, client).run, a_consumer(receiver, client, heal=False).run):
            await until(present)
            await client.jetstream().delete_consumer(STREAM, CONSUMER)
            await until(gone)
            await enter(service, key, 7)

            async def waits() -> bool:
                return (gauge("oldest_waiting_seconds") or 0) > 0

            await until(waits)
            assert await receiver.totals() == {}
            await client.jetstream().add_consumer(STREAM, consumer_config(CONSUMER))

            async def received() -> bool:
                return await receiver.totals() == {key.file_id: (7, 1)}

            await until(received)
            await until(present)
    (sentence,) = {line["sentence"] for line in lines if line["event"] == "subscription_lost"}
    assert "onewindow streams apply" in sentence
    assert f"流 {STREAM} 没有消费者 {CONSUMER}" in sentence


async def test_a_lost_stream_is_named(client: Client) -> None:
    watch = SubscriptionWatch(client, a_subscription(), QUICK)
    assert await watch.look() is False
    assert gauge("subscription_present") == 1
    await client.jetstream().delete_stream(STREAM)
    with capture_logs() as lines:
        assert await watch.look() is False
    assert gauge("subscription_present") == 0
    assert "stream not found" in lines[0]["sentence"]
    assert "onewindow streams apply" in lines[0]["sentence"]
    await make_stream(client)


async def test_a_consumer_that_was_changed_by_hand_is_no_subscription(client: Client) -> None:
    watch = SubscriptionWatch(client, a_subscription(), QUICK)
    changed = consumer_config(CONSUMER).evolve(filter_subject="onewindow.ledger.v1.other.>")
    await client.jetstream().delete_consumer(STREAM, CONSUMER)
    await client.jetstream().add_consumer(STREAM, changed)
    with capture_logs() as lines:
        await watch.look()
        await watch.look()
    assert gauge("subscription_present") == 0
    (line,) = lines
    assert "filter_subject=onewindow.ledger.v1.other.>" in line["sentence"]


async def test_the_age_is_that_of_the_oldest_message_that_waits(client: Client) -> None:
    watch = SubscriptionWatch(client, a_subscription(), QUICK)
    await watch.look()
    assert (gauge("behind_messages"), gauge("oldest_waiting_seconds")) == (0, 0)
    for n in range(3):
        await client.jetstream().publish("onewindow.ledger.v1.entered.440105.440105008", b"fact", headers={"n": str(n)})
    await asyncio.sleep(0.3)  # at least
    later = SubscriptionWatch(client, a_subscription(), QUICK)  # begun after them: only the messages know their age
    stored = (await client.jetstream().get_msg(STREAM, seq=1)).time
    assert stored is not None
    begun = RealClock().now()
    await later.look()
    assert gauge("behind_messages") == 3
    least, most = begun - stored, RealClock().now() - stored
    assert least.total_seconds() <= (gauge("oldest_waiting_seconds") or 0) <= most.total_seconds()


OLDER = {"CONSUMER.CREATE", "STREAM.MSG.GET"}
"""What the accounts of a release before may not."""


@pytest.fixture(scope="module")
def older_accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsOf]:
    """A server whose accounts are those of the release before."""
    root = tmp_path_factory.mktemp("nats")
    users = []
    for name, allowed in permissions().items():
        mounted(root / name, name, PASSWORDS[name])
        own = [subject for subject in allowed.publish if name == "admin" or not any(act in subject for act in OLDER)]
        users.append(
            {
                "user": name,
                "password": PASSWORDS[name],
                "permissions": {"publish": own, "subscribe": list(allowed.subscribe)},
            }
        )
    with NatsOf(root, f"authorization {{ users: {json.dumps(users)} }}\n") as server:
        yield server


async def _without_consumer(server: NatsOf, stream: str, consumer: str) -> None:
    async with jetstream(server.access(server.root / "admin"), 10) as context:
        await apply_streams(context)
        await context.delete_consumer(stream, consumer)


async def test_where_the_account_may_not_the_log_and_readiness_name_the_command(older_accounts: NatsOf) -> None:
    await _without_consumer(older_accounts, "OW_INTAKE", "approval")
    access = older_accounts.access(older_accounts.root / "approval")

    async def quiet(_: Exception) -> None:
        """The refusal is the point."""

    subscription = type(a_subscription())("approval", "OW_INTAKE", "intake", add_up, ())
    client = await connect_once(access, "approval", quiet)
    with capture_logs() as lines:
        watch = SubscriptionWatch(client, subscription, QUICK)
        assert await watch.look() is False
        assert await watch.look() is False
    (line,) = lines
    assert "账号无权自建" in line["sentence"]
    assert "onewindow streams apply" in line["sentence"]
    assert gauge("subscription_present", "intake") == 0
    with pytest.raises(
        Lacking, match="没有消费者 approval，本服务的 NATS 账号无权自建：请先执行 onewindow streams apply"
    ):
        await check_streams(access, StreamUsage("approval", ("approval",), ("intake", "approval")), heal=True)
    async with jetstream(older_accounts.access(older_accounts.root / "admin"), 10) as context:
        assert await apply_streams(context) == ["OW_INTAKE/approval"]
    await watch.look()
    assert gauge("subscription_present", "intake") == 1, "the position needs no more than before"
    await client.close()


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsOf]:
    """A server with the accounts of this release."""
    root = tmp_path_factory.mktemp("nats")
    for name, password in PASSWORDS.items():
        mounted(root / name, name, password)
    with NatsOf(root, authorization()) as server:
        yield server


async def test_a_service_that_starts_without_its_subscription_makes_it_itself(accounts: NatsOf) -> None:
    await _without_consumer(accounts, "OW_INTAKE", "approval")
    access = accounts.access(accounts.root / "approval")
    usage = StreamUsage("approval", ("approval",), ("intake", "approval"))
    with pytest.raises(Lacking, match="没有消费者 approval"):
        await check_streams(access, usage)
    remade = gauge("subscriptions_remade_total", "intake") or 0
    condition = conditions((), access, usage, heal=True)["streams"]
    await condition()
    await check_streams(access, usage)
    assert gauge("subscriptions_remade_total", "intake") == remade + 1, "so that the alert fires after a start too"
    await _without_consumer(accounts, "OW_INTAKE", "approval")
    with pytest.raises(Lacking, match="没有消费者 approval"):
        await condition()  # the watch heals from now on, at the leader alone
    assert gauge("subscriptions_remade_total", "intake") == remade + 1


async def test_a_service_makes_no_consumer_but_its_own(accounts: NatsOf) -> None:
    async with jetstream(accounts.access(accounts.root / "admin"), 10) as context:
        await apply_streams(context)
    refused: list[str] = []

    async def on_error(error: Exception) -> None:
        refused.append(str(error))

    client = await connect_once(accounts.access(accounts.root / "approval"), "approval", on_error)
    others = [
        "$JS.API.CONSUMER.CREATE.OW_INTAKE.notify",
        "$JS.API.CONSUMER.CREATE.OW_INTAKE.approval.onewindow.intake.v1.ticket_taken.>",
        "$JS.API.CONSUMER.CREATE.OW_NOTIFY.approval",
        "$JS.API.CONSUMER.CREATE.OW_INTAKE",
        "$JS.API.STREAM.MSG.GET.OW_SEALED",
        "$JS.API.CONSUMER.DELETE.OW_INTAKE.approval",
    ]
    for subject in others:
        await client.publish(subject, b"{}")
    for _ in range(2):
        await client.flush()
    assert len(refused) == len(others)
    await client.close()


async def test_a_subscription_of_another_name_is_not_touched(client: Client, tmp_path: Path) -> None:
    await client.jetstream().delete_consumer(STREAM, CONSUMER)
    assert await SubscriptionWatch(client, a_subscription(), QUICK).look() is True
    with pytest.raises(NotFoundError):
        await client.jetstream().consumer_info(STREAM, "other")
    made = (await client.jetstream().consumer_info(STREAM, CONSUMER)).config
    assert made.deliver_policy == consumer_config(CONSUMER).deliver_policy
    assert made.max_ack_pending == consumer_config(CONSUMER).max_ack_pending
