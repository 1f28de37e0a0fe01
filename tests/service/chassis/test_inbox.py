"""Heard once, in order for each file, whatever dies, comes twice or comes too early."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

import asyncpg
import pytest
from nats.aio.client import Client
from prometheus_client import REGISTRY

from chassis.event_store import (
    Decision,
    FileKey,
    PositionSignal,
)
from chassis.inbox import (
    Effect,
    InboxConsumer,
    InboxEvent,
    InboxTransaction,
    Retry,
    change_many,
    dead_letters,
)
from chassis.inbox.acks import AckLedger
from chassis.outbox.publisher import FactOutbox, OutboxPublisher
from chassis.postgres.database import is_away
from operations.repair import redriven, request_redrive
from tests.service.chassis.conftest import (
    CONSUMER,
    STREAM,
    TUNING,
    Broker,
    Service,
    a_subscription,
    add_up,
    running,
    until,
)
from tests.support.ledger import DISTRICT, Entered, Ledger, a_cause, a_key
from tests.support.servers import PostgresServer

EffectFunction = Callable[[InboxTransaction, Sequence[InboxEvent]], Awaitable[None]]


def events_of(key: FileKey, *amounts: int, kind: str = "entered", first: int = 1) -> list[InboxEvent]:
    """The events of one file, in order."""
    return [
        InboxEvent("ledger", key, revision, uuid4(), kind, b'{"amount": %d}' % amount)
        for revision, amount in enumerate(amounts, start=first)
    ]


def a_consumer(receiver: Service, client: Client, apply: EffectFunction = add_up, **more: object) -> InboxConsumer:
    return InboxConsumer(receiver.worker, client, a_subscription(apply), tuning=TUNING, **more)  # type: ignore[arg-type] # named below


def a_publisher(service: Service, client: Client) -> OutboxPublisher:
    publisher = OutboxPublisher(service.worker, client, FactOutbox("ledger"), TUNING)
    service.woken.append(publisher.wake)
    return publisher


async def enter(service: Service, key: FileKey, *amounts: int) -> None:
    for amount in amounts:
        await service.files.change(key, a_cause(), lambda *_, amount=amount: [Entered(amount)], actor="clerk")


def has_totals(receiver: Service, expected: dict[object, tuple[int, int]]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        try:
            return await receiver.totals() == expected
        except Exception as error:
            if not is_away(error):  # a connection that was cut is told once to whoever takes it next
                raise
            return False

    return look


async def test_facts_of_a_service_are_applied_once_by_another(
    service: Service, receiver: Service, client: Client
) -> None:
    keys = [a_key() for _ in range(3)]
    async with running(a_publisher(service, client).run, a_consumer(receiver, client).run):
        await asyncio.gather(*(enter(service, key, 1, 2, 3) for key in keys))
        await until(has_totals(receiver, {key.file_id: (6, 3) for key in keys}))
        await until(lambda: _acknowledged(client))
    assert await receiver.value("select count(*) from inbox") == 9


async def _acknowledged(client: Client) -> bool:
    state = await client.jetstream().consumer_info(STREAM, CONSUMER)
    last = (await client.jetstream().stream_info(STREAM)).state.last_seq
    return state.ack_floor is not None and (
        state.ack_floor.stream_seq,
        state.num_ack_pending,
    ) == (last, 0)


async def test_a_later_revision_waits_in_the_database_for_the_earlier(receiver: Service, client: Client) -> None:
    key, consumer = a_key(), a_consumer(receiver, client)
    one, two, three, four = events_of(key, 1, 2, 4, 8)
    await consumer.apply([three, two])
    assert await receiver.totals() == {}
    assert await receiver.value("select array_agg(reason) from parked") == ["gap", "gap"]
    await consumer.apply([four])
    await consumer.apply([one])
    assert await receiver.totals() == {key.file_id: (15, 4)}
    assert await receiver.value("select count(*) from parked") == 0


async def test_an_unknown_kind_holds_its_file_until_a_release_knows_it(receiver: Service, client: Client) -> None:
    key, other = a_key(), a_key()
    new = InboxEvent("ledger", key, 2, uuid4(), "adjusted", b'{"amount": 10}')
    old = a_consumer(receiver, client)
    await old.apply([*events_of(key, 1), new, *events_of(key, 100, first=3), *events_of(other, 5)])
    assert await receiver.totals() == {key.file_id: (1, 1), other.file_id: (5, 1)}
    assert await receiver.value("select array_agg(reason order by revision) from parked") == ["unknown_kind"] * 2
    assert await receiver.value("select count(*) from dead_letter") == 0
    knowing = InboxConsumer(receiver.worker, client, a_subscription(add_up, ("entered", "adjusted")), tuning=TUNING)
    async with running(knowing.run):
        await until(has_totals(receiver, {key.file_id: (111, 3), other.file_id: (5, 1)}))
    assert await receiver.value("select count(*) from parked") == 0


class Poisoned:
    """An effect that cannot bear one amount, until it is healed."""

    def __init__(self, amount: int) -> None:
        self.amount: int | None = amount

    async def __call__(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        await add_up(tx, events)
        if any(event.body == b'{"amount": %d}' % self.amount for event in events if self.amount):
            raise LookupError("nobody's amount")


async def test_a_poisonous_event_parks_its_file_and_no_other(receiver: Service, client: Client) -> None:
    effect = Poisoned(13)
    consumer, sick, well = a_consumer(receiver, client, effect), a_key(), [a_key() for _ in range(5)]
    batch = [*events_of(well[0], 1, 2), *events_of(sick, 1, 13, 4), *(e for k in well[1:] for e in events_of(k, 7))]
    await consumer.apply(batch)
    rest = {key.file_id: (7, 1) for key in well[1:]}
    assert await receiver.totals() == {well[0].file_id: (3, 2), sick.file_id: (1, 1), **rest}
    letter = await receiver.worker.fetchrow("select * from dead_letter")
    assert letter is not None
    assert (letter["file_id"], letter["revision"], letter["error"]) == (sick.file_id, 2, "LookupError")
    assert await receiver.value("select reason from parked") == "behind_dead_letter"
    await consumer.apply(events_of(sick, 8, first=4))
    assert (await receiver.totals())[sick.file_id] == (1, 1)


async def test_a_redriven_letter_frees_its_file(receiver: Service, client: Client) -> None:
    effect, key = Poisoned(13), a_key()
    consumer = a_consumer(receiver, client, effect)
    await consumer.apply(events_of(key, 1, 13, 4, 8))
    letter = await receiver.value("select id from dead_letter")
    assert await consumer.redrive(letter) is False
    assert await receiver.totals() == {key.file_id: (1, 1)}
    effect.amount = None
    assert await consumer.redrive(letter) is True
    assert await receiver.totals() == {key.file_id: (26, 4)}
    assert await consumer.redrive(letter) is False
    await consumer.apply(events_of(key, 1, 13, 4, 8))
    assert await receiver.totals() == {key.file_id: (26, 4)}


async def test_a_redriven_letter_wakes_the_calls_that_wait_for_it(receiver: Service, client: Client) -> None:
    effect, key, signal, woken = Poisoned(13), a_key(), PositionSignal(), asyncio.Event()
    consumer = a_consumer(receiver, client, effect, signal=signal, wake=woken.set)
    with signal.watching("ledger", key) as moved:
        await consumer.apply(events_of(key, 13))
        assert not moved.is_set()
        assert not woken.is_set()
        effect.amount = None
        assert await consumer.redrive(await receiver.value("select id from dead_letter"))
        assert moved.is_set()
    assert woken.is_set()


async def test_a_letter_that_an_operator_requests_is_redriven_by_the_leader(receiver: Service, client: Client) -> None:
    effect, key = Poisoned(13), a_key()
    consumer = a_consumer(receiver, client, effect)
    assert REGISTRY.get_sample_value("onewindow_dead_letters_total", {"source": "ledger"}) is not None, "seen to rise"
    await consumer.apply(events_of(key, 1, 13, 4))
    letter = (await dead_letters(receiver.worker))[0]

    async def lies() -> bool:
        return REGISTRY.get_sample_value("onewindow_dead_letters_open", {"source": "ledger"}) == 1

    async with running(consumer.run):
        await until(lies)
        assert await request_redrive(receiver.worker, [letter.number], everything=False) == [letter.number]
        assert await redriven(receiver.worker, [letter.number], 30.0) == 0, "it is refused again, and that is told"
        assert [one.error for one in await dead_letters(receiver.worker)] == ["LookupError"]
        effect.amount = None
        assert await redriven(receiver.worker, await request_redrive(receiver.worker, [], everything=True), 30.0) == 1
    assert await dead_letters(receiver.worker) == []
    assert await receiver.totals() == {key.file_id: (18, 3)}


async def test_poison_among_released_events_is_found(receiver: Service, client: Client) -> None:
    key, consumer = a_key(), a_consumer(receiver, client, Poisoned(13))
    one, two, three, four = events_of(key, 1, 2, 13, 4)
    await consumer.apply([two, three, four])
    await consumer.apply([one])
    assert await receiver.totals() == {key.file_id: (3, 2)}
    assert await receiver.value("select revision from dead_letter") == 3
    assert await receiver.value("select array_agg(revision) from parked") == [4]


async def test_a_message_that_is_no_event_is_laid_aside_and_the_stream_goes_on(
    service: Service, receiver: Service, client: Client
) -> None:
    key = a_key()
    await client.jetstream().publish("onewindow.ledger.v1.entered.a.b", b"what is this")
    async with running(a_publisher(service, client).run, a_consumer(receiver, client).run):
        await enter(service, key, 5)
        await until(has_totals(receiver, {key.file_id: (5, 1)}))
    assert await receiver.value("select error from dead_letter") == "UnreadableMessage"
    assert await receiver.value("select body from dead_letter") == b"what is this"


async def test_an_effect_that_lost_a_race_takes_the_whole_batch_again(receiver: Service, client: Client) -> None:
    tries = []

    async def racing(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        tries.append(len(events))
        await add_up(tx, events)
        if len(tries) < 3:
            raise Retry

    key = a_key()
    await a_consumer(receiver, client, racing).apply(events_of(key, 1, 2))
    assert tries == [2, 2, 2]
    assert await receiver.totals() == {key.file_id: (3, 2)}
    assert await receiver.value("select count(*) from dead_letter") == 0


async def test_effects_on_own_files_are_facts_of_the_same_transaction(receiver: Service, client: Client) -> None:
    async def double(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        effects: list[Effect[Ledger, Entered]] = [
            Effect(event, FileKey(DISTRICT, event.key.street, own), lambda ledger: [Entered(ledger.entries + 1)])
            for event in events
        ]
        await change_many(tx, receiver.files, effects, "approval")

    own, key = uuid4(), a_key()
    consumer = a_consumer(receiver, client, double)
    batch = events_of(key, 1, 2, 3)
    await consumer.apply(batch)
    await consumer.apply(batch)
    changed = await receiver.files.read(FileKey(DISTRICT, key.street, own))
    assert (changed.state.total, changed.revision) == (6, 3)
    assert await receiver.value("select count(*) from outbox") == 3
    assert await receiver.value("select caller from cause") == "heard:ledger"


async def test_an_effect_written_with_texts_and_decided_away_leaves_nothing(receiver: Service, client: Client) -> None:
    async def nothing(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        await change_many(tx, receiver.files, [Effect(e, e.key, lambda _: Decision([])) for e in events], "approval")

    await a_consumer(receiver, client, nothing).apply(events_of(a_key(), 1))
    assert await receiver.value("select count(*) from fact") == 0
    assert await receiver.value("select count(*) from inbox") == 1


async def test_killed_between_effect_and_ack_nothing_is_applied_twice(
    service: Service, receiver: Service, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = a_key()
    dying = a_consumer(receiver, client)

    def die(*_: object) -> None:
        raise ZeroDivisionError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(AckLedger, "settle", die)
        await enter(service, key, 1, 2)
        await a_publisher(service, client).publish_batch()
        with pytest.raises(ZeroDivisionError):
            await dying.run()
    assert await receiver.totals() == {key.file_id: (3, 2)}
    async with running(a_consumer(receiver, client).run):
        await until(lambda: _acknowledged(client))
    assert await receiver.totals() == {key.file_id: (3, 2)}


async def test_killed_with_events_in_hand_nothing_is_lost_to_a_later_ack(
    service: Service, receiver: Service, client: Client
) -> None:
    """One ack settles all before it: the successor must not acknowledge what died with its predecessor."""
    lost, later = a_key(), a_key()
    await enter(service, lost, 1, 2)
    publisher = a_publisher(service, client)
    await publisher.publish_batch()
    inbox = client.new_inbox()
    died = await client.subscribe(inbox)
    await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{CONSUMER}", b'{"batch": 2}', inbox)
    for _ in range(2):
        await died.next_msg(5)
    await died.unsubscribe()
    await enter(service, later, 5)
    async with running(publisher.run, a_consumer(receiver, client).run):
        await until(has_totals(receiver, {lost.file_id: (3, 2), later.file_id: (5, 1)}))
        await until(lambda: _acknowledged(client))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_of_nats_is_survived(
    service: Service, receiver: Service, client: Client, broker_server: Broker, number: signal.Signals
) -> None:
    key = a_key()
    async with running(a_publisher(service, client).run, a_consumer(receiver, client).run):
        for round_, amount in enumerate((1, 2, 4), start=1):
            await enter(service, key, amount)
            await until(has_totals(receiver, {key.file_id: (2**round_ - 1, round_)}))
            broker_server.stop(number)
            broker_server.start()
        await enter(service, key, 8)
        await until(has_totals(receiver, {key.file_id: (15, 4)}))


async def test_a_lost_connection_to_postgresql_passes_leadership_on(
    service: Service, receiver: Service, client: Client, postgres_server: PostgresServer
) -> None:
    key = a_key()
    async with running(
        a_publisher(service, client).run, a_consumer(receiver, client).run, a_consumer(receiver, client).run
    ):
        for round_, amount in enumerate((1, 2, 4), start=1):
            await enter(service, key, amount)
            await until(has_totals(receiver, {key.file_id: (2**round_ - 1, round_)}))
            await _cut_all(postgres_server.dsn(), receiver)


async def _cut_all(dsn: str, receiver: Service) -> None:
    name = await receiver.value("select current_database()")
    superuser = await asyncpg.connect(dsn)
    await superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    await superuser.close()
