"""A position that no answer carried is the caller's mistake, never the service's."""

from uuid import UUID

import pytest

from chassis.event_store.model import FileKey
from chassis.event_store.read_your_writes import (
    Position,
    PositionSignal,
    PositionSources,
    PositionWaiter,
    position_of,
    read_positions,
)
from chassis.event_store.store import StoreSettings
from chassis.refusals import Invalid, NotYetHere

FILE = "01a20952-0787-704f-9bcc-4673d7edf70b"


@pytest.mark.parametrize(
    "text", ["garbage", f"intake/440105/440105008/{FILE}/2147483648", f"intake/440105/440105008/{FILE}/-1"]
)
def test_a_position_that_no_answer_carried_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_positions(text)
    assert [fault.field for fault in refused.value.fields] == ["after"]


def test_a_position_is_read_as_it_was_written() -> None:
    text = f"intake/440105/440105008/{FILE}/2147483647"
    assert read_positions(text) == [Position("intake", FileKey("440105", "440105008", UUID(FILE)), 2**31 - 1)]


KEY = FileKey("440105", "440105008", UUID(FILE))


SOURCES = PositionSources("approval", received=("intake",), ignored=("notify",))


class Database:
    """Answers of PostgreSQL, and the number of queries."""

    def __init__(self, reached: int) -> None:
        self.reached = reached
        self.queries = 0

    async def __call__(self, position: Position) -> bool:
        self.queries += 1
        return self.reached >= position.revision


async def test_a_position_reached_in_this_process_needs_no_query() -> None:
    database, signal = Database(0), PositionSignal()
    signal.notify("intake", {KEY: 3})
    waiter = PositionWaiter(SOURCES, database, signal, StoreSettings())
    for revision in (2, 3):
        await waiter.until_reached(position_of("intake", KEY, revision))
    assert database.queries == 0


async def test_a_position_reached_by_another_replica_is_queried() -> None:
    database, signal = Database(4), PositionSignal()
    signal.notify("intake", {KEY: 3})
    await PositionWaiter(SOURCES, database, signal, StoreSettings()).until_reached(position_of("intake", KEY, 4))
    assert database.queries == 1


async def test_a_position_that_is_not_reached_is_refused_after_the_limit() -> None:
    signal = PositionSignal()
    signal.notify("intake", {KEY: 3})
    signal.notify("intake", {KEY: 2})
    waiter = PositionWaiter(SOURCES, Database(3), signal, StoreSettings(after_limit=0.05))
    with pytest.raises(NotYetHere) as refused:
        await waiter.until_reached(position_of("intake", KEY, 4))
    assert [fault.field for fault in refused.value.fields] == ["after"]


async def test_no_more_files_are_remembered_than_the_capacity() -> None:
    database, signal = Database(1), PositionSignal(capacity=1)
    other = FileKey("440105", "440105009", UUID(FILE))
    signal.notify("intake", {KEY: 1})
    signal.notify("intake", {other: 1})
    waiter = PositionWaiter(SOURCES, database, signal, StoreSettings())
    await waiter.until_reached(position_of("intake", other, 1))
    assert database.queries == 0
    await waiter.until_reached(position_of("intake", KEY, 1))
    assert database.queries == 1


@pytest.mark.parametrize("source", ["approval", "notify"])
async def test_own_and_ignored_positions_need_no_waiting(source: str) -> None:
    database = Database(0)
    waiter = PositionWaiter(SOURCES, database, PositionSignal(), StoreSettings(after_limit=3600))
    await waiter.until_reached(position_of(source, KEY, 2**31 - 1))
    assert database.queries == 0


@pytest.mark.parametrize("source", ["metrics", "sealed", ""])
async def test_a_source_without_facts_has_no_positions(source: str) -> None:
    waiter = PositionWaiter(SOURCES, Database(9), PositionSignal(), StoreSettings(after_limit=3600))
    with pytest.raises(Invalid) as refused:
        await waiter.until_reached(f"{position_of('intake', KEY, 1)},{position_of(source, KEY, 1)}")
    assert [fault.field for fault in refused.value.fields] == ["after"]
