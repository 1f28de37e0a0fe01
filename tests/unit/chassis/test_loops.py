"""Loops behind the calls: their names in logs and metrics, the locks that 0.1 knows, and one connection for all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from chassis.event_store import PositionSignal
from chassis.inbox import InboxConsumer, Subscription, consumer
from chassis.nats.broker import OutgoingMessage
from chassis.nats.broker_access import BrokerAccess
from chassis.outbox import publisher
from chassis.outbox.publisher import FactOutbox, Outbox, OutboxPublisher, OutboxRow, SealedOutbox, removable_rows
from chassis.postgres.database import Pool
from chassis.postgres.leader import lock_key
from chassis.process import stream_loop
from chassis.process.stream_loop import StreamLoop, Wakeups
from chassis.sweeps import sweeper
from chassis.sweeps.sweeper import Sweeper
from tests.support.ledger import DISTRICT, StillClock

NOWHERE: Any = None
"""Pools and connections that these tests never use."""


class Elections:
    """The elections that loops take part in: name of the loop, and name of its lock."""

    def __init__(self) -> None:
        self.entered: list[tuple[str, str]] = []

    async def lead(self, _pool: Pool, loop: str, _work: Callable[[], Awaitable[None]], lock: str = "") -> None:
        self.entered.append((loop, lock or loop))


@pytest.fixture
def elections(monkeypatch: pytest.MonkeyPatch) -> Elections:
    elections = Elections()
    for module in (consumer, publisher, sweeper):
        monkeypatch.setattr(module, "lead", elections.lead)
    return elections


async def effect(*_: object) -> None:
    """No effect."""


def subscription(stream: str = "OW_INTAKE") -> Subscription:
    return Subscription("approval", stream, "intake", effect, ["entered"])


async def test_loops_have_plain_names_and_compete_for_the_locks_of_0_1(elections: Elections) -> None:
    await OutboxPublisher(NOWHERE, NOWHERE, FactOutbox("intake")).run()
    await OutboxPublisher(NOWHERE, NOWHERE, SealedOutbox()).run()
    await InboxConsumer(NOWHERE, NOWHERE, subscription()).run()
    await Sweeper(NOWHERE, StillClock(), DISTRICT, []).run()
    assert elections.entered == [
        ("outbox:outbox", "relay:outbox"),
        ("outbox:sealed_outbox", "relay:sealed_outbox"),
        ("inbox:OW_INTAKE", "hearing:OW_INTAKE"),
        ("sweep", "sweep"),
    ]


@pytest.mark.parametrize(
    ("lock", "key"),
    [
        ("relay:outbox", -1757916630524099290),
        ("hearing:OW_INTAKE", 1009047500140175986),
        ("sweep", -2318448263244792918),
        ("rebuild", -3511531801989077810),
    ],
)
def test_a_lock_has_the_number_that_0_1_uses(lock: str, key: int) -> None:
    assert lock_key(lock) == key


class FakeLoop:
    """A publisher or consumer that runs until it is cancelled."""

    made: list["FakeLoop"]

    def __init__(self, *arguments: object, **more: object) -> None:
        self.arguments, self.more = arguments, more
        self.running = False
        FakeLoop.made.append(self)

    async def run(self) -> None:
        self.running = True
        try:
            await asyncio.Event().wait()
        finally:
            self.running = False

    def wake(self) -> None:
        """Wakes nothing."""


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[FakeLoop]:
    FakeLoop.made = []
    monkeypatch.setattr(stream_loop, "OutboxPublisher", FakeLoop)
    monkeypatch.setattr(stream_loop, "InboxConsumer", FakeLoop)
    return FakeLoop.made


async def test_one_connection_serves_every_stream_and_is_closed_at_the_end(
    loops: list[FakeLoop], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = asyncio.Event()

    class FakeClient:
        async def close(self) -> None:
            closed.set()

    async def connect(_access: BrokerAccess, name: str) -> Client:
        assert name == "approval"
        return cast("Client", FakeClient())

    monkeypatch.setattr("chassis.nats.broker.connect", connect)
    wakeups, rows = Wakeups(), Subscription("approval", "OW_NOTIFY", "notify", effect, [], projector=lambda _: None)
    outboxes: list[Outbox] = [FactOutbox("approval"), SealedOutbox()]
    loop = StreamLoop(
        "approval", BrokerAccess("nats://x"), NOWHERE, outboxes, [subscription(), rows], wakeups, PositionSignal()
    )
    assert await loop.progress("intake") is None
    running = asyncio.create_task(loop.run())
    while len(loops) < 4 or not all(each.running for each in loops):
        await asyncio.sleep(0)
    assert len(wakeups.publishers) == 2, "each publisher is woken after a commit"
    wakes = [each.more.get("wake") for each in loops[2:]]
    assert wakes[0] == wakeups.received
    assert wakes[1] != wakeups.received, "where events only write rows, no loop is woken"
    assert callable(wakes[1]) and wakes[1]() is None
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert closed.is_set()
    assert wakeups.publishers == []
    assert not any(each.running for each in loops)


FILES = [UUID(int=number) for number in range(1, 4)]


def rows(files: list[int]) -> list[OutboxRow]:
    message = OutgoingMessage("x", b"", "id", {})
    return [OutboxRow(seq, FILES[file], message) for seq, file in enumerate(files)]


def test_a_row_behind_a_refused_one_of_its_file_stays() -> None:
    """A4, B1, A5, B2, A6; A5 was refused."""
    assert removable_rows(rows([0, 1, 0, 1, 0]), {0, 1, 3, 4}) == [0, 1, 3]


@given(st.lists(st.integers(0, 2), max_size=12), st.data())
def test_removed_rows_are_stored_and_a_prefix_of_their_file(files: list[int], drawing: st.DataObject) -> None:
    stored = drawing.draw(st.sets(st.sampled_from(range(len(files))))) if files else set()
    removed = set(removable_rows(rows(files), stored))
    assert removed <= stored
    for file in range(3):
        of_file = [seq for seq, each in enumerate(files) if each == file]
        left = [seq for seq in of_file if seq not in removed]
        assert of_file == [seq for seq in of_file if seq in removed] + left, "none overtakes another"
        assert not left or left[0] not in stored, "and none stays without a reason"
