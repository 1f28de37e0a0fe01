"""A trace goes on where a call ends: through PostgreSQL and NATS to what follows from its fact elsewhere."""

from collections.abc import Sequence

from nats.aio.client import Client

from chassis.event_store import FileKey
from chassis.inbox import Effect, InboxConsumer, InboxEvent, InboxTransaction, change_many
from chassis.outbox.publisher import FactOutbox, OutboxPublisher
from chassis.telemetry import traces
from tests.service.chassis.conftest import STREAM, TUNING, Service, a_subscription, running, until
from tests.support.ledger import Entered, Ledger, a_cause, a_key

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_what_follows_elsewhere_stands_under_the_trace_of_the_call(
    service: Service, receiver: Service, client: Client
) -> None:
    async def follow(tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        effects: list[Effect[Ledger, Entered]] = [Effect(each, each.key, lambda _: [Entered(1)]) for each in events]
        await change_many(tx, receiver.files, effects, "approval")

    publisher = OutboxPublisher(service.worker, client, FactOutbox("ledger"), TUNING)
    with traces.continued("call", {"traceparent": PARENT}):
        await enter(service, a_key())
    assert await publisher.publish_batch() == (1, 0)
    assert await spans(client, 1) == PARENT
    async with running(InboxConsumer(receiver.worker, client, a_subscription(follow), tuning=TUNING).run):
        await until(lambda: has_facts(receiver, 1))
        await enter(service, a_key())
        assert await publisher.publish_batch() == (1, 0)
        assert await spans(client, 2) is None
        await until(lambda: has_facts(receiver, 2))
    assert await traces_of(receiver) == [PARENT, None]


async def enter(service: Service, key: FileKey) -> None:
    await service.files.change(key, a_cause(), lambda *_: [Entered(1)], actor="clerk")


async def spans(client: Client, seq: int) -> str | None:
    message = await client.jetstream().get_msg(STREAM, seq)
    return (message.headers or {}).get("traceparent")


async def traces_of(service: Service) -> list[str | None]:
    return [row["trace"] for row in await service.worker.fetch("select trace from outbox order by seq")]


async def has_facts(service: Service, count: int) -> bool:
    return await service.value("select count(*) = $1 from fact", count) is True
