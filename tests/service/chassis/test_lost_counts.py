"""A count of a day that was lost hides nothing: the later ones are compared although they are parked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from nats.aio.client import Client
from prometheus_client import REGISTRY

from chassis.inbox.applier import Applier
from chassis.inbox.consumer import start_at_zero
from chassis.inbox.day_check import DayCheck
from chassis.outbox.day_closer import DAYS_FILE
from chassis.postgres.database import Pool
from operations import received
from protocol.streams import Topology
from tests.service.chassis.conftest import Service, running, until
from tests.service.chassis.test_day_counts import (
    FIRST,
    NOW,
    a_consumer,
    a_count,
    a_received,
    begun,
    compared,
    enter,
    gauge,
    published,
)
from tests.support.ledger import a_key


@dataclass(frozen=True)
class OpenWorker:
    """The database of a service, as an operator's command opens it."""

    service: Service

    @asynccontextmanager
    async def pool(self) -> AsyncIterator[Pool]:
        yield self.service.worker


async def test_a_count_needs_no_order_and_is_noted_once(receiver: Service) -> None:
    """The count of the first day was lost: those behind it are parked, and noted all the same."""
    applier = Applier(receiver.worker, a_received(), NOW)
    early = [a_count("2016-03-02", 2, until_ms=3_000, facts=4), a_count("2016-03-03", 3, until_ms=4_000, facts=5)]
    await applier.apply(early)
    assert applier.take_progress().any_counts, "they are compared at once"
    await applier.apply(early)
    assert await receiver.value("select count(*) from parked") == 2
    assert await compared(receiver) == [(4, None), (5, None)]
    await DayCheck(receiver.worker, "ledger", NOW).compare()
    await applier.apply([a_count()])
    assert await receiver.value("select count(*) from parked") == 0
    assert await compared(receiver) == [(1, None), (4, 0), (5, 0)]


async def test_counts_that_an_older_release_parked_are_noted_when_the_loop_begins(receiver: Service) -> None:
    await Applier(receiver.worker, a_received(), NOW).apply([a_count(revision=2)])
    await receiver.worker.execute("delete from received_day")
    check = DayCheck(receiver.worker, "ledger", NOW)
    assert await check.compare() == 0
    assert await check.compare(everything=True) == 1


async def test_a_count_that_cannot_be_read_is_parked_and_fails_in_its_turn(receiver: Service) -> None:
    broken = replace(a_count(revision=2), body=b"\xff")
    applier = Applier(receiver.worker, a_received(), NOW)
    await applier.apply([broken, a_count("2016-03-03", 3, until_ms=4_000, facts=5)])
    assert await receiver.value("select count(*) from parked") == 2
    assert await compared(receiver) == [(5, None)]
    await applier.apply([a_count()])
    assert await receiver.value("select revision from dead_letter") == 2
    assert await compared(receiver) == [(1, None), (5, None)]


async def test_a_day_that_was_lost_with_its_count_is_found_and_healed(
    service: Service, receiver: Service, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day's facts and its count were acknowledged and lost; each later day lacks a fact of its own, too."""
    closer = await begun(service)
    await enter(service, a_key())
    await closer.close(FIRST + timedelta(days=1))
    await published(service, client)
    await enter(service, a_key(), a_key())
    await closer.close(FIRST + timedelta(days=2))
    await service.worker.execute("delete from outbox")
    for days in (3, 4):
        lost = a_key()
        await enter(service, lost, a_key())
        await service.worker.execute(
            "delete from outbox o using fact f where f.seq = o.seq and f.file_id = $1", lost.file_id
        )
        await closer.close(FIRST + timedelta(days=days))
        await published(service, client)
    monkeypatch.setattr(received, "STREAMS", [Topology("ledger", "ledger", ("tally",), 1)])
    workers = cast("Any", {"ledger": OpenWorker(service), "tally": OpenWorker(receiver)})

    async def missing() -> list[received.MissingFact]:
        scope = received.ComparisonScope(settled=timedelta())
        return [fact async for fact in received.missing_facts(workers, scope)]

    async def shown() -> bool:
        waits = REGISTRY.get_sample_value("onewindow_parked_oldest_seconds", {"source": "ledger"})
        return gauge() == 3 and (waits or 0.0) > 0  # the lost count, which is a fact of the third day, and two facts

    async def healed() -> bool:
        counts = await compared(receiver)
        waits = REGISTRY.get_sample_value("onewindow_parked_oldest_seconds", {"source": "ledger"})
        return gauge() == waits == 0 and [entry[0] for entry in counts] == [1, 3, 3, 3] and await missing() == []

    async with running(a_consumer(receiver, client).run):
        await until(shown)
        lacking = await missing()
        assert [fact.revision for fact in lacking if fact.key.file_id == DAYS_FILE] == [2]
        assert len(lacking) == 5
        assert await received.publish_missing(cast("Any", OpenWorker(service)), lacking) == 5
        await published(service, client)
        await until(healed)
    assert await receiver.value("select count(*) from inbox") == await service.value("select count(*) from fact")
    assert await receiver.value("select count(*) from parked") == 0


def test_the_age_of_what_is_parked_begins_at_0() -> None:
    start_at_zero(replace(a_received(), source="unheard"))
    assert REGISTRY.get_sample_value("onewindow_parked_oldest_seconds", {"source": "unheard"}) == 0
