"""Whatever comes first, whatever comes twice: the same rows, and the rows are nothing but a fold of what was heard."""

import random
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onewindow.approval.v1.approval_event_pb2 import LEG_STREET, CaseWithdrawn

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from services.metrics.adapters.projector import RowBatch
from services.metrics.adapters.subscriptions import PROJECTORS
from tests.service.metrics.conftest import MetricsDatabase, in_turns
from tests.service.metrics.lives import (
    DAY,
    FORWARDED,
    INSTANT,
    OTHER_STREET,
    SYNTHETIC,
    Life,
    catalogue_events,
    ticket,
)

NEXT = timedelta(days=1)


def everything() -> list[InboxEvent]:
    """Every kind of fact that tells something, matters that end in each way, at three places."""
    lives = [
        Life("granted").submitted(DAY).accepted(DAY).decided("granted", DAY + 5 * NEXT, early=True)
        .rated(1, DAY + 6 * NEXT),
        Life("refused", OTHER_STREET).submitted(DAY).accepted(DAY).decided("refused", DAY + 12 * NEXT, on_time=False),
        Life("instant", kind=INSTANT).submitted(DAY).accepted(DAY).ended("completed_on_the_spot", DAY).rated(4, DAY),
        Life("declined").submitted(DAY).ended("application_declined", DAY + NEXT),
        Life("lapsed").submitted(DAY).ended("correction_lapsed", DAY + 31 * NEXT),
        Life("referred", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY + NEXT, closes=True)
        .district_decided("refused", DAY + 9 * NEXT, closes=False),
        Life("returned", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY + NEXT, closes=True)
        .returned(DAY + 3 * NEXT),
        Life("again", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY + NEXT, closes=True)
        .returned(DAY + 3 * NEXT).referred(DAY + 3 * NEXT, closes=True, attempt=2)
        .returned(DAY + 5 * NEXT, attempt=2).referred(DAY + 6 * NEXT, closes=True, attempt=3),
        Life("permit", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY + NEXT, closes=False)
        .district_decided("granted", DAY + 9 * NEXT, closes=True).delivered(DAY + 10 * NEXT),
        Life("paused").submitted(DAY).accepted(DAY).paused(DAY + 2 * NEXT).resumed(DAY + 3 * NEXT, DAY)
        .paused(DAY + 4 * NEXT),
        Life("late").submitted(DAY).accepted(DAY).card(1, DAY + 8 * NEXT).card(2, DAY + 11 * NEXT),
        Life("synthetic", SYNTHETIC).submitted(DAY).accepted(DAY).decided("granted", DAY + NEXT, early=True),
    ]  # fmt: skip # a life reads best as one line
    stopped = Life("stopped").submitted(DAY).accepted(DAY).ended("application_withdrawn", DAY + NEXT)
    stopped.add("approval", "case_withdrawn", CaseWithdrawn(leg=LEG_STREET), DAY + NEXT)
    told = [*catalogue_events(), *ticket("A001", DAY, "W1"), *ticket("A002", DAY)]
    return [*told, *(event for life in [*lives, stopped] for event in life.events)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False), size=st.integers(1, 40))
async def test_any_interleaving_tells_the_same(
    shared_metrics: MetricsDatabase, order: random.Random, size: int
) -> None:
    await shared_metrics.empty()
    await shared_metrics.receive(everything())
    expected = await shared_metrics.rows()
    assert await shared_metrics.worker.fetchval("select count(*) from parked") == 0
    await shared_metrics.empty()
    events = everything()
    mixed = [*events, *order.sample(events, 10)]
    order.shuffle(mixed)
    for batch in in_turns(mixed, size):
        await shared_metrics.receive(batch)
    assert await shared_metrics.rows() == expected
    assert await shared_metrics.worker.fetchval("select count(*) from parked") == 0


async def test_the_rows_are_a_fold_of_what_was_heard(metrics: MetricsDatabase) -> None:
    await metrics.receive(everything())
    told = await metrics.rows()
    heard = await metrics.worker.fetch("select * from inbox order by source desc, file_id, revision")
    again = {projector.source: RowBatch() for projector in PROJECTORS}
    for projector in PROJECTORS:
        key_of = (FileKey(row["district"], row["street"], row["file_id"]) for row in heard)
        events = [
            InboxEvent(row["source"], key, row["revision"], row["event_id"], row["kind"], row["body"])
            for row, key in zip(heard, key_of, strict=True)
            if row["source"] == projector.source
        ]
        again[projector.source] = projector.batch(events)
    await metrics.empty()
    for batch in again.values():
        await metrics.worker.fetch("select project_received($1)", batch.as_json())
    assert await metrics.rows() == told


async def test_a_fact_heard_twice_counts_once(metrics: MetricsDatabase) -> None:
    events = everything()
    await metrics.receive(events)
    await metrics.receive(events)
    assert await metrics.worker.fetchval("select sum(facts) from fact_count") == len(events)


async def test_what_the_districts_leg_goes_through_leaves_the_matter_as_the_street_told_it(
    metrics: MetricsDatabase,
) -> None:
    life = Life("referred", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY + NEXT, closes=True)
    await metrics.receive(life.district_decided("granted", DAY + 9 * NEXT, closes=False).events)
    (row,) = await metrics.worker.fetch("select * from matter")
    assert (row["street"], row["outcome"], row["closed_on"]) == (life.street, "referred", DAY + NEXT)
    assert (row["on_time"], row["early"], row["district_outcome"]) == (True, True, "granted")


async def test_a_returned_matter_runs_again(metrics: MetricsDatabase) -> None:
    life = Life("returned", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY + NEXT, closes=True)
    await metrics.receive(life.returned(DAY + 3 * NEXT).events)
    (row,) = await metrics.worker.fetch("select * from matter")
    assert (row["closed_on"], row["outcome"], row["on_time"], row["early"]) == (None, None, None, None)
    assert row["returned_on"] == DAY + 3 * NEXT


async def test_an_event_of_another_place_than_its_headers_is_laid_aside(metrics: MetricsDatabase) -> None:
    (event,) = Life("forged").submitted(DAY).events
    key = FileKey(event.key.district, OTHER_STREET, event.key.file_id)
    await metrics.receive([InboxEvent(event.source, key, 1, event.event_id, event.kind, event.body)])
    assert await metrics.worker.fetchval("select count(*) from dead_letter") == 1
    assert await metrics.worker.fetchval("select count(*) from matter") == 0
