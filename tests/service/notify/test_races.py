"""Transactions that meet on one matter wait for each other, and release 0.1 on the same tables changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.inbox import InboxEvent, InboxTransaction
from services.notify.domain.facts import DeliveryOpened, MessageFailed, UnsentReason
from services.notify.domain.message.state import MessageState
from services.notify.ports import EndedMessage, PostponedMessage
from tests.service.notify.release_0_1 import FirstRelease
from tests.service.notify.room import Room
from tests.service.notify.test_interleavings import OF_BOTH_RELEASES, a_matter, merged
from tests.support.examples import examples
from tests.support.ledger import MORNING
from tests.unit.notify.matter_events import MatterEvents

WAITING, SENDING, SENT, SUPERSEDED = (
    MessageState.WAITING, MessageState.SENDING, MessageState.SENT, MessageState.SUPERSEDED,
)  # fmt: skip # the states by their names
_ROWS = """
select 'matter', to_jsonb(m) - 'application_id' as row from matter m
union all
select 'message', to_jsonb(n) - 'application_id' - 'message_id' from message n
union all
select 'task', to_jsonb(t) - 'application_id' from document_task t
order by 1, 2
"""


async def states(room: Room, matter: MatterEvents) -> dict[str, MessageState]:
    rows = await room.rows("select template, state from message where application_id = $1", matter.application_id)
    return {row["template"]: MessageState(row["state"]) for row in rows}


@asynccontextmanager
async def applied(room: Room, *events: InboxEvent) -> AsyncIterator[None]:
    """The events are applied; they are committed when the block ends."""
    async with room.pool.acquire() as connection:
        tx = InboxTransaction(connection)
        async with connection.transaction():
            await room.subscription(events[0].source).apply(tx, events)
            yield
        tx.committed()


async def waits(task: "asyncio.Task[object]") -> None:
    """Pass while the task waits for a lock."""
    done, _ = await asyncio.wait([task], timeout=0.3)
    assert not done, task.result()


@pytest.mark.parametrize("known", [True, False], ids=["a known matter", "a matter that both report first"])
async def test_two_streams_that_report_a_matter_at_once_see_each_other(room: Room, known: bool) -> None:
    matter = MatterEvents()
    submitted, accepted, decided = matter.submitted(), matter.accepted(), matter.decided()
    first = [accepted] if known else [submitted, accepted]
    if known:
        await room.receive(submitted)

    async def approval() -> None:
        async with applied(room, decided):
            pass

    async with applied(room, *first):
        second = asyncio.create_task(approval())
        await waits(second)
    await second
    assert await states(room, matter) == {"N01": SUPERSEDED, "N07": WAITING}
    (opened,) = await room.facts(matter.key)
    assert isinstance(opened, DeliveryOpened)


async def test_batches_that_touch_the_same_matters_in_another_order_do_not_block_each_other_for_ever(
    room: Room,
) -> None:
    matters = [MatterEvents() for _ in range(12)]
    for matter in matters:
        await room.receive(matter.submitted())
    window = [matter.accepted() for matter in matters]
    desks = [matter.decided() for matter in reversed(matters)]

    async def receive(events: Sequence[InboxEvent]) -> None:
        async with applied(room, *events):
            await asyncio.sleep(0.05)

    await asyncio.gather(receive(window), receive(desks))
    for matter in matters:
        assert await states(room, matter) == {"N01": SUPERSEDED, "N07": WAITING}


async def postponed(room: Room, matter: MatterEvents, *, uncertain: bool = False) -> PostponedMessage:
    """The postponement of the message that is being sent."""
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    (due,) = await room.table.take(room.clock.instant, 10)
    return PostponedMessage(due.key, due.message_id, MORNING + timedelta(minutes=1), None, uncertain)


@pytest.mark.parametrize("stage", ["decided", "case_withdrawn", "paused"])
async def test_a_message_that_was_not_taken_gives_way_to_what_happened_meanwhile(room: Room, stage: str) -> None:
    matter = MatterEvents()
    again = await postponed(room, matter)
    await room.receive(getattr(matter, stage)())
    assert (await states(room, matter))["N01"] is SENDING
    await room.table.settle([], [again])
    assert (await states(room, matter))["N01"] is SUPERSEDED


async def test_a_message_that_was_not_taken_waits_while_nothing_happened(room: Room) -> None:
    matter = MatterEvents()
    await room.table.settle([], [await postponed(room, matter)])
    assert await states(room, matter) == {"N01": WAITING}


async def test_a_message_that_may_be_sent_is_never_suppressed(room: Room) -> None:
    matter = MatterEvents()
    again = await postponed(room, matter, uncertain=True)
    await room.receive(matter.decided())
    await room.table.settle([], [again])
    assert await states(room, matter) == {"N01": SENDING, "N07": WAITING}


async def test_a_message_that_was_dropped_meanwhile_is_not_written_again(room: Room) -> None:
    matter = MatterEvents()
    again = await postponed(room, matter)
    await room.rows("delete from message where application_id = $1", matter.application_id)
    await room.table.settle([], [again])
    assert await states(room, matter) == {}


async def test_a_failed_try_waits_for_the_batch_that_holds_its_matter(room: Room) -> None:
    matter, other = MatterEvents(), MatterEvents()
    again = await postponed(room, matter)
    await room.receive(other.submitted(), other.accepted(), other.envelope())
    (due,) = [each for each in await room.table.take(room.clock.instant, 10) if each.key == other.key]
    ended = EndedMessage(due.key, MessageFailed(MORNING.date(), due.message_id, "N01", UnsentReason.REJECTED, 1))
    async with applied(room, matter.decided(), other.decided()):
        settling = asyncio.create_task(room.table.settle([ended], [again]))
        await waits(settling)
    await settling
    assert await states(room, matter) == {"N01": SUPERSEDED, "N07": WAITING}
    assert await states(room, other) == {"N01": MessageState.FAILED, "N07": WAITING}
    opened, failed = await room.facts(other.key)
    assert isinstance(opened, DeliveryOpened) and isinstance(failed, MessageFailed)


async def test_the_first_release_waits_for_a_matter_that_this_one_holds(room: Room) -> None:
    matter = MatterEvents()
    old = FirstRelease(room)
    await room.receive(matter.submitted())
    async with applied(room, matter.accepted()):
        deciding = asyncio.create_task(old.receive(matter.decided()))
        await waits(deciding)
    await deciding
    assert await states(room, matter) == {"N01": SUPERSEDED, "N07": WAITING}


async def test_this_release_waits_for_a_matter_that_the_first_one_holds(room: Room) -> None:
    matter = MatterEvents()
    old = FirstRelease(room)
    await room.receive(matter.submitted())

    async def decide() -> None:
        async with applied(room, matter.decided()):
            pass

    async with room.pool.acquire() as connection, connection.transaction():
        await old.apply(InboxTransaction(connection), [matter.accepted()])
        deciding = asyncio.create_task(decide())
        await waits(deciding)
    await deciding
    assert await states(room, matter) == {"N01": SUPERSEDED, "N07": WAITING}


async def rows_after(room: Room, events: Sequence[InboxEvent], old: Sequence[bool]) -> list[object]:
    """The rows after these events; a batch whose turn it is goes to the first release."""
    for table in ("message", "document_task", "matter", "item_version"):
        await room.pool.execute(f"delete from {table}")
    first, turns = FirstRelease(room), iter([*old, *[False] * len(events)])
    for _, batch in groupby([event for event in events if event.source != "sealed"], lambda event: event.source):
        if next(turns):
            await first.receive(*batch)
        else:
            async with applied(room, *batch):
                pass
    return [tuple(row) for row in await room.rows(_ROWS)]


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turns=st.lists(st.integers(0, 3), min_size=8, max_size=12),
    old=st.lists(st.booleans(), min_size=6, max_size=6),
    sms=st.booleans(),
    ending=st.sampled_from(OF_BOTH_RELEASES),
)
async def test_batches_of_both_releases_in_any_order_end_in_the_same_rows(
    room: Room, turns: list[int], old: list[bool], sms: bool, ending: str
) -> None:
    _, streams = a_matter({"sms": sms}, ending)
    _, others = a_matter({"sms": sms}, ending)
    plain = [event for stream in streams for event in stream]
    by_this_release = await rows_after(room, plain, [])
    assert await rows_after(room, merged(others, turns), old) == by_this_release
