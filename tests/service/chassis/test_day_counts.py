"""The facts of a day are counted by the service that recorded them, and every receiver knows what it lacks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest
from nats.aio.client import Client
from onewindow.desk.v1.desk_pb2 import DayClosedEvent
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from chassis.audit import AuditFinding, AuditRule
from chassis.audit.pages import DEFAULT_AUDIT_LIMITS, PageReader
from chassis.audit.projections import check_days
from chassis.clock import RealClock
from chassis.event_store import FileKey
from chassis.inbox import InboxConsumer, InboxEvent, InboxTransaction, Subscription
from chassis.inbox.applier import Applier
from chassis.inbox.day_check import DayCheck
from chassis.outbox.day_closer import DAY_CLOSED, DAYS_FILE, DayCloser
from chassis.outbox.publisher import FactOutbox, OutboxPublisher, first_id
from tests.service.chassis.conftest import CONSUMER, STREAM, TUNING, Service, running, until
from tests.support.ledger import DISTRICT, Entered, StillClock, a_cause, a_key
from tests.support.servers import PostgresServer

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
    made = (await service.value("select event_id from fact order by event_id desc limit 1")).int >> 80
    while int(RealClock().now().timestamp() * 1000) <= made:  # ids of the same millisecond are counted next time
        await asyncio.sleep(0.001)


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


@pytest.mark.parametrize("resumed", [1, 3])
async def test_facts_between_a_count_that_broke_off_and_its_repetition_are_in_the_next(
    service: Service, resumed: int
) -> None:
    """The process died between the append and the row of the day; places were recorded meanwhile."""
    closer, key = await begun(service), a_key()
    other = FileKey(DISTRICT, "440105009", a_key().file_id)
    await enter(service, key)
    await closer.close(FIRST + timedelta(days=1))
    await service.worker.execute("delete from closed_day where day > $1", FIRST)
    await enter(service, key, other)
    await closer.close(FIRST + timedelta(days=resumed))
    await closer.close(FIRST + timedelta(days=4))
    counts = [count for count in await closings(service) if count[1] <= 2]
    assert [count[:3] for count in counts] == [
        (key.street, 1, "2016-03-02"), (key.street, 2, "2016-03-05"), ("440105009", 1, "2016-03-05"),
    ]  # fmt: skip # one row a count
    assert [count[3] for count in counts] == [1, 2, 1], "the count itself is a fact of its place"
    rows = await service.worker.fetch("select until_ms from closed_day order by day")
    bodies = await service.worker.fetch("select body from fact where kind = $1 order by seq", DAY_CLOSED)
    published = {DayClosedEvent.FromString(row["body"]).day_closed.until_ms for row in bodies}
    assert {row["until_ms"] for row in rows[1:]} == published


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
    await a_closer(service).close(FIRST)
    names = "select unsettled($1)"
    assert "days" not in await service.value(names, FIRST + timedelta(days=1))
    assert "days" in await service.value(names, FIRST + timedelta(days=2))


async def test_an_office_day_waits_for_no_count_where_nobody_counts_any_more(service: Service) -> None:
    """A service of an earlier release runs on the database after a rollback."""
    await a_closer(service, 600.0).close(FIRST)
    assert "days" not in await service.value("select unsettled($1)", FIRST + timedelta(days=2))


async def nothing(_tx: InboxTransaction, _events: Sequence[InboxEvent]) -> None:
    """No effect."""


def a_received(*known_kinds: str) -> Subscription:
    return Subscription(CONSUMER, STREAM, "ledger", nothing, known_kinds or ("entered", DAY_CLOSED))


def a_consumer(receiver: Service, client: Client) -> InboxConsumer:
    return InboxConsumer(receiver.worker, client, a_received(), tuning=NOW)


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


def a_count(day: str = "2016-03-01", revision: int = 1, until_ms: int = 2_000, facts: int = 1) -> InboxEvent:
    """The event of a count of one place."""
    closed = DayClosedEvent()
    closed.day_closed.day, closed.day_closed.until_ms, closed.day_closed.facts = day, until_ms, facts
    key = FileKey(DISTRICT, "440105008", DAYS_FILE)
    return InboxEvent("ledger", key, revision, a_key().file_id, DAY_CLOSED, closed.SerializeToString())


async def test_a_count_is_noted_in_the_transaction_that_admits_it(
    receiver: Service, postgres_server: PostgresServer
) -> None:
    """PostgreSQL is shut down between the two: neither is there, and both are written once it is back."""
    superuser = await asyncpg.connect(postgres_server.dsn(), database=await receiver.value("select current_database()"))
    await superuser.execute(
        "create function shut_down() returns trigger language plpgsql as"
        " $$ begin raise exception 'shutting down' using errcode = '57P01'; end $$;"
        "create trigger away before insert on received_day execute function shut_down()"
    )
    with capture_logs() as lines:
        applied = asyncio.create_task(Applier(receiver.worker, a_received(), NOW).apply([a_count()]))

        async def tried() -> bool:
            return any(line["event"] == "inbox_away" for line in lines)

        await until(tried)
        assert await receiver.value("select count(*) from inbox") == 0
        await superuser.execute("drop trigger away on received_day")
        await applied
    await superuser.close()
    assert await receiver.value("select count(*) from inbox") == 1
    assert await compared(receiver) == [(1, None)]


async def test_counts_that_an_older_release_parked_are_noted_when_they_are_released(receiver: Service) -> None:
    await Applier(receiver.worker, a_received("entered"), NOW).apply([a_count()])
    assert await receiver.value("select count(*) from parked") == 1
    await receiver.worker.execute("delete from received_day")
    await Applier(receiver.worker, a_received(), NOW).apply(
        [a_count("2016-03-02", revision=2, until_ms=3_000, facts=4)]
    )
    assert await receiver.value("select count(*) from parked") == 0
    assert await compared(receiver) == [(1, None), (4, None)]


async def test_counts_of_a_quarter_ago_are_deleted_unless_they_lack_facts(receiver: Service) -> None:
    day = 86_400_000
    applier, check = Applier(receiver.worker, a_received(), NOW), DayCheck(receiver.worker, "ledger", NOW)
    await applier.apply([a_count("2016-03-01", 1, day, 0), a_count("2016-03-02", 2, 2 * day, 1)])
    await applier.apply([a_count("2016-05-30", 3, 91 * day, 0)])
    assert await check.compare() == 1
    assert await compared(receiver) == [(0, 0), (1, 0), (0, 0)], "ninety days are kept"
    await applier.apply([a_count("2016-05-31", 4, 93 * day, 0)])
    assert await check.compare() == 1
    assert await compared(receiver) == [(1, 0), (0, 0), (0, 0)]


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
    event = a_count(facts=3)
    applier = Applier(receiver.worker, a_received(), NOW)
    await applier.apply([event])
    await applier.apply([event])
    assert await check.compare() == 1
    assert await compared(receiver) == [(3, 2)]


@pytest.mark.parametrize("milliseconds", [0, 1_480_000_000_000])
def test_the_least_id_of_an_instant_sorts_before_all_that_are_made_then(milliseconds: int) -> None:
    assert first_id(milliseconds).int >> 80 == milliseconds
    assert first_id(milliseconds).int % (1 << 80) == 0
