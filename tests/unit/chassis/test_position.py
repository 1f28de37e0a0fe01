"""A position that no answer carried is the caller's mistake, never the service's."""

import asyncio
from uuid import UUID

import pytest

from chassis.event_store.model import FileKey
from chassis.event_store.read_your_writes import (
    Position,
    PositionSignal,
    PositionSources,
    PositionWaiter,
    SharedLook,
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


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"intake/440105/440105008/{FILE}/{number}"
            for number in ("+1", "01", " 1", "1 ", "1_0", "\u0661", "\uff11", "-0")
        ),
        *(
            f"intake/440105/440105008/{name}/1"
            for name in (
                f"urn:uuid:{FILE}",
                f"{{{FILE}}}",
                FILE.replace("-", ""),
                FILE.upper(),
                f"{FILE[:8]}{FILE[9:]}",
            )
        ),
    ],
)
def test_a_position_in_another_form_than_an_answer_gives_is_refused(text: str) -> None:
    for given in (text, f"intake/440105/440105008/{FILE}/1,{text}"):
        with pytest.raises(Invalid) as refused:
            read_positions(given)
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


async def test_only_the_database_says_that_a_position_is_reached() -> None:
    database, signal = Database(2), PositionSignal()
    signal.notify("intake", [KEY])
    waiter = PositionWaiter(SOURCES, database, signal, StoreSettings(after_limit=0.05), "440105")
    await waiter.until_reached(position_of("intake", KEY, 2))
    assert database.queries == 1
    with pytest.raises(NotYetHere):
        await waiter.until_reached(position_of("intake", KEY, 3))


async def test_a_position_that_is_not_reached_is_refused_after_the_limit() -> None:
    signal = PositionSignal()
    waiter = PositionWaiter(SOURCES, Database(3), signal, StoreSettings(after_limit=0.05), "440105")
    with pytest.raises(NotYetHere) as refused:
        await waiter.until_reached(position_of("intake", KEY, 4))
    assert [fault.field for fault in refused.value.fields] == ["after"]


async def test_what_follows_from_a_file_is_awaited_like_a_position() -> None:
    signal, looks = PositionSignal(), list[str]()

    async def look() -> bool:
        looks.append("look")
        return len(looks) > 1

    waiter = PositionWaiter(SOURCES, Database(0), signal, StoreSettings(after_limit=30, after_recheck=3600), "440105")
    waiting = asyncio.create_task(waiter.until("notify", KEY, look))
    while not looks:
        await asyncio.sleep(0)
    signal.notify("notify", [KEY])
    await waiting
    impatient = PositionWaiter(SOURCES, Database(0), signal, StoreSettings(after_limit=0.01), "440105")
    looks.clear()
    with pytest.raises(NotYetHere):
        await impatient.until("notify", KEY, lambda: asyncio.sleep(0, result=False))


class Published:
    """A number that others raise, and looks at it that take a while."""

    def __init__(self) -> None:
        self.number = 0
        self.looks = 0

    async def look(self) -> int:
        self.looks += 1
        seen = self.number
        for _ in range(3):
            await asyncio.sleep(0)
        return seen


async def test_a_shared_look_begins_after_everybody_who_gets_it_has_asked() -> None:
    published = Published()
    shared = SharedLook(published.look)
    first = asyncio.create_task(shared())
    while not published.looks:
        await asyncio.sleep(0)
    published.number = 1
    later = [asyncio.create_task(shared()) for _ in range(50)]
    assert await first == 0
    assert set(await asyncio.gather(*later)) == {1}
    assert published.looks == 2
    published.number = 2
    assert await shared() == 2


async def test_a_failed_look_fails_its_callers_alone() -> None:
    errors = [ConnectionError("away")]

    async def look() -> int:
        if errors:
            raise errors.pop()
        return 7

    shared = SharedLook(look)
    failed = await asyncio.gather(shared(), shared(), return_exceptions=True)
    assert [type(each) for each in failed] == [ConnectionError, ConnectionError]
    assert await shared() == 7


async def test_a_caller_that_goes_away_takes_no_look_from_the_others() -> None:
    published = Published()
    shared = SharedLook(published.look)
    gone, staying = asyncio.create_task(shared()), asyncio.create_task(shared())
    await asyncio.sleep(0)
    gone.cancel()
    assert await staying == 0


@pytest.mark.parametrize("source", ["approval", "notify"])
async def test_own_and_ignored_positions_need_no_waiting(source: str) -> None:
    database = Database(0)
    waiter = PositionWaiter(SOURCES, database, PositionSignal(), StoreSettings(after_limit=3600), "440105")
    await waiter.until_reached(position_of(source, KEY, 2**31 - 1))
    assert database.queries == 0


@pytest.mark.parametrize("source", ["metrics", "sealed", ""])
async def test_a_source_without_facts_has_no_positions(source: str) -> None:
    waiter = PositionWaiter(SOURCES, Database(9), PositionSignal(), StoreSettings(after_limit=3600), "440105")
    with pytest.raises(Invalid) as refused:
        await waiter.until_reached(f"{position_of('intake', KEY, 1)},{position_of(source, KEY, 1)}")
    assert [fault.field for fault in refused.value.fields] == ["after"]


@pytest.mark.parametrize(
    "place", ["440106/440106008", "440105/440106008", "440106/440105008", "440105/44010500", "x/y", "440105/440105*"]
)
@pytest.mark.parametrize("source", ["intake", "approval", "notify"])
async def test_a_position_outside_the_district_never_comes_and_is_the_callers_mistake(place: str, source: str) -> None:
    database = Database(0)
    waiter = PositionWaiter(SOURCES, database, PositionSignal(), StoreSettings(after_limit=0.05), "440105")
    with pytest.raises(Invalid) as refused:
        await waiter.until_reached(f"{source}/{place}/{FILE}/1")
    assert [fault.field for fault in refused.value.fields] == ["after"]
    assert database.queries == 0
