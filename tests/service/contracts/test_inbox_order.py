"""Any interleaving, repetition and batching of received events gives the same state."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nats.aio.client import Client

from chassis.event_store import FileKey
from chassis.inbox import InboxConsumer, InboxEvent, Subscription, row_projection
from chassis.postgres.database import open_worker_pool
from tests.service.chassis.conftest import CONSUMER, STREAM, add_up, tallied
from tests.support.ledger import DISTRICT, STREET, pool_settings
from tests.support.servers import Database


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[dict[UUID, list[int]], list[list[tuple[UUID, int]]]]:
    """Some files with their amounts, and every event of them at least once, in batches of any order."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    files = {uuid4(): [2**n for n in range(size)] for size in sizes}
    events = [(file_id, revision) for file_id, amounts in files.items() for revision in range(1, len(amounts) + 1)]
    again = draw(st.lists(st.sampled_from(events), max_size=10))
    order = draw(st.permutations(events + again))
    cuts = sorted(draw(st.sets(st.integers(0, len(order)))))
    edges = [0, *cuts, len(order)]
    return files, [order[start:end] for start, end in pairwise(edges)]


@pytest.fixture(scope="session", params=["applied", "projected"])
async def consumer(store_database: Database, request: pytest.FixtureRequest) -> AsyncIterator[InboxConsumer]:
    """A consumer that is given its batches by hand: its effect is applied event by event, or written as rows."""
    applied = Subscription(CONSUMER, STREAM, "ledger", add_up, ("entered",))
    projected = replace(applied, apply=row_projection(tallied), projector=tallied)
    async with open_worker_pool(pool_settings(store_database, "worker"), DISTRICT) as pool:
        yield InboxConsumer(pool, Client(), applied if request.param == "applied" else projected)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=deliveries())
async def test_any_interleaving_and_repetition_gives_the_same_state(
    consumer: InboxConsumer, case: tuple[dict[UUID, list[int]], list[list[tuple[UUID, int]]]]
) -> None:
    files, batches = case
    ids = {
        (file_id, revision): uuid4() for file_id, amounts in files.items() for revision in range(1, len(amounts) + 1)
    }
    for batch in batches:
        await consumer.apply(
            [
                InboxEvent(
                    "ledger",
                    FileKey(DISTRICT, STREET, file_id),
                    revision,
                    ids[file_id, revision],
                    "entered",
                    b'{"amount": %d}' % files[file_id][revision - 1],
                )
                for file_id, revision in batch
            ]
        )
    rows = await consumer._pool.fetch("select file_id, total, events from tally where file_id = any ($1)", list(files))
    assert {row[0]: tuple(row)[1:] for row in rows} == {
        file_id: (sum(amounts), len(amounts)) for file_id, amounts in files.items()
    }
    left = await consumer._pool.fetchval("select count(*) from parked where file_id = any ($1)", list(files))
    assert left == 0
