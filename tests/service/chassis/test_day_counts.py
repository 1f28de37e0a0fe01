"""The facts of a day are counted by the service that recorded them, and every receiver knows what it lacks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from nats.aio.client import Client
from onewindow.desk.v1.desk_pb2 import DayClosedEvent
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.audit import AuditFinding, AuditRule
from chassis.audit.pages import DEFAULT_AUDIT_LIMITS, PageReader
from chassis.audit.projections import check_days
from chassis.event_store import FileKey
from chassis.inbox import InboxConsumer, InboxEvent, InboxTransaction, Subscription
from chassis.inbox.day_check import DayCheck
from chassis.outbox.day_closer import DAY_CLOSED, DAYS_FILE, DayCloser, first_id
from chassis.outbox.publisher import FactOutbox, OutboxPublisher
from tests.service.chassis.conftest import CONSUMER, STREAM, TUNING, Service, running, until
from tests.support.ledger import DISTRICT, Entered, StillClock, a_cause, a_key

NOW = replace(TUNING, day_margin=0.0, day_poll=0.05)
"""Counts up to now, so that a test need not wait for the margin."""
FIRST = date(2016, 3, 1)


def gauge() -> float:
    return REGISTRY.get_sample_value("onewindow_inbox_missing_facts", {"source": "ledger"}) or 0.0


def a_closer(service: Service, margin: float = 0.0) -> DayCloser:
    tuning = replace(NOW, day_margin=margin)
    return DayCloser(service.worker, service.store, StillClock(), DISTRICT, lambda: None, tuning)


async def begun(service: Service) -> DayCloser:
    """A closer whose first count has begun, ten minutes ago."""
    assert await a_closer(service, 600.0).close(FIRST) == 0
    return a_closer(service)


async def enter(service: Service, *keys: FileKey) -> None:
    for key in keys:
        await service.files.change(key, a_cause(), lambda *_: [Entered(1)], actor="clerk")
    await asyncio.sleep(0.005)  # ids of the next millisecond are counted next time


async def closings(service: Service) -> list[tuple[str, int, str, int]]:
    """Place, revision, day and number of every count."""
    rows = await service.worker.fetch(
        "select street, revision, occurred_on, body from fact where kind = $1 order by street, revision", DAY_CLOSED
    )
    counts = [(row, DayClosedEvent.FromString(row["body"]).day_closed) for row in rows]
    return [(row["street"], row["revision"], count.day, count.facts) for row, count in counts]


async def test_each_place_with_facts_has_one_count_a_day(service: Service) -> None:
    closer, key = await begun(service), a_key()
    other = FileKey(DISTRICT, "440105009", a_key().file_id)
    await enter(service, key, key, a_key(), other)
    assert await closer.close(FIRST + timedelta(days=1)) == 2
    assert await closer.close(FIRST + timedelta(days=1)) == 0, "a day is counted once"
    assert await closings(service) == [(key.street, 1, "2016-03-02", 3), ("440105009", 1, "2016-03-02", 1)]
    assert await service.value("select count(*) from outbox o join fact f using (seq) where kind = 'day_closed'") == 2


async def test_a_count_that_broke_off_is_made_again_and_no_place_is_counted_twice(service: Service) -> None:
    closer, key = await begun(service), a_key()
    await enter(service, key)
    await closer.close(FIRST + timedelta(days=1))
    await service.worker.execute("delete from closed_day where day > $1", FIRST)
    await closer.close(FIRST + timedelta(days=1))
    assert [entry[:3] for entry in await closings(service)] == [(key.street, 1, "2016-03-02")]


async def test_counts_follow_one_another_without_a_gap(service: Service) -> None:
    closer, key = await begun(service), a_key()
    await closer.close(FIRST + timedelta(days=1))
    await enter(service, key)
    await closer.close(FIRST + timedelta(days=4))
    rows = await service.worker.fetch("select day, since_ms, until_ms from closed_day order by day")
    assert [row["day"].day for row in rows] == [1, 2, 5]
    assert [row["since_ms"] for row in rows[1:]] == [row["until_ms"] for row in rows[:-1]]


async def test_facts_of_before_the_first_count_are_not_counted(service: Service) -> None:
    await enter(service, a_key())
    assert await a_closer(service).close(FIRST) == 0
    assert await a_closer(service).close(FIRST + timedelta(days=1)) == 0
    assert await closings(service) == []


async def test_an_office_day_waits_for_its_count(service: Service) -> None:
    await begun(service)
    names = "select unsettled($1)"
    assert "days" not in await service.value(names, FIRST + timedelta(days=1))
    assert "days" in await service.value(names, FIRST + timedelta(days=2))


async def nothing(_tx: InboxTransaction, _events: Sequence[InboxEvent]) -> None:
    """No effect."""


def a_consumer(receiver: Service, client: Client) -> InboxConsumer:
    subscription = Subscription(CONSUMER, STREAM, "ledger", nothing, ["entered", DAY_CLOSED])
    return InboxConsumer(receiver.worker, client, subscription, tuning=NOW)


async def published(service: Service, client: Client) -> OutboxPublisher:
    publisher = OutboxPublisher(service.worker, client, FactOutbox("ledger"), NOW)
    while (await publisher.publish_batch())[0]:
        pass
    return publisher


async def compared(receiver: Service) -> list[tuple[int, int | None]]:
    rows = await receiver.worker.fetch("select facts, received from received_day order by day, street")
    return [(row["facts"], row["received"]) for row in rows]


async def test_a_receiver_that_has_everything_lacks_nothing(
    service: Service, receiver: Service, client: Client
) -> None:
    closer, key = await begun(service), a_key()
    await enter(service, key, key, a_key())
    await closer.close(FIRST + timedelta(days=1))
    await published(service, client)

    async def agreed() -> bool:
        return await compared(receiver) == [(3, 3)]

    async with running(a_consumer(receiver, client).run):
        await until(agreed)
        assert gauge() == 0


async def test_facts_that_were_lost_on_the_way_are_shown_until_they_have_come(
    service: Service, receiver: Service, client: Client
) -> None:
    closer, lost = await begun(service), a_key()
    await enter(service, a_key(), lost, lost)
    await service.worker.execute(
        "delete from outbox o using fact f where f.seq = o.seq and f.file_id = $1", lost.file_id
    )  # acknowledged, and then lost with the stream
    await closer.close(FIRST + timedelta(days=1))
    await published(service, client)

    async def shown() -> bool:
        return gauge() == 2

    async def healed() -> bool:
        return gauge() == 0 and await compared(receiver) == [(3, 3)]

    with capture_logs() as lines:
        async with running(a_consumer(receiver, client).run):
            await until(shown)
            found: list[AuditFinding] = []
            await check_days(PageReader(receiver.worker, DEFAULT_AUDIT_LIMITS), found.append)
            assert [each.rule for each in found] == [AuditRule.DAY_INCOMPLETE]
            assert found[0].name == f"ledger {lost.street} 2016-03-02 2"
            await service.worker.execute(
                "insert into outbox (seq, district) select seq, district from fact where file_id = $1", lost.file_id
            )
            await published(service, client)
            await until(healed)
    (line,) = [line for line in lines if line["event"] == "facts_missing"]
    assert (line["source"], line["street"], line["missing"]) == ("ledger", lost.street, 2)


async def test_what_is_parked_or_a_dead_letter_was_received(receiver: Service) -> None:
    check = DayCheck(receiver.worker, "ledger", NOW)
    made = first_id(1_000)
    for table in ("parked", "dead_letter"):
        more = ("reason", "'gap'") if table == "parked" else ("error", "''")
        await receiver.worker.execute(
            f"insert into {table} (source, district, street, file_id, revision, event_id, kind, body, {more[0]})"
            f" values ('ledger', $1, '440105008', $2, 1, $3, 'entered', '', {more[1]})",
            DISTRICT, a_key().file_id, UUID(int=made.int + len(table)),
        )  # fmt: skip # one row
    count = DayClosedEvent()
    count.day_closed.day, count.day_closed.until_ms, count.day_closed.facts = "2016-03-01", 2_000, 3
    key = FileKey(DISTRICT, "440105008", DAYS_FILE)
    event = InboxEvent("ledger", key, 1, a_key().file_id, DAY_CLOSED, count.SerializeToString())
    await check.note([event])
    await check.note([event])
    assert await check.compare() == 1
    assert await compared(receiver) == [(3, 2)]


@pytest.mark.parametrize("milliseconds", [0, 1_480_000_000_000])
def test_the_least_id_of_an_instant_sorts_before_all_that_are_made_then(milliseconds: int) -> None:
    assert first_id(milliseconds).int >> 80 == milliseconds
    assert first_id(milliseconds).int % (1 << 80) == 0
