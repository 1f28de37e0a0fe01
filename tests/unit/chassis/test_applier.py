"""Batches of events over an inbox in memory: one statement where it suffices, halves where an effect fails."""

from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent, InboxTransaction, Retry, Subscription
from chassis.inbox.applier import Applier
from chassis.inbox.events import UnreadableMessage
from chassis.settings.tuning import Tuning
from tests.support.examples import examples
from tests.support.ledger import DISTRICT, a_key

TUNING = Tuning(inbox_batch=100, away_pause=0.0)


class FakeInbox:
    """The rules of the inbox tables over dictionaries: offsets, parked events, dead letters."""

    source = "ledger"

    def __init__(self) -> None:
        self.offsets: dict[FileKey, int] = {}
        self.parked: dict[tuple[FileKey, int], InboxEvent] = {}
        self.letters: list[tuple[InboxEvent, str]] = []
        self.before: set[tuple[FileKey, int]] = set()
        self.blocked: set[FileKey] = set()
        self.at_once = 0
        self.away = 0

    def snapshot(self) -> tuple[Any, ...]:
        return dict(self.offsets), dict(self.parked), set(self.blocked)

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        self.offsets, self.parked, self.blocked = snapshot

    def _due(self, event: InboxEvent) -> bool:
        return event.key not in self.blocked and event.revision == self.offsets.get(event.key, 0) + 1

    async def admit_and_project(self, _: object, events: Sequence[InboxEvent], rows: str | None) -> bool:
        if self.away:
            self.away -= 1
            raise ConnectionResetError
        before = self.snapshot()
        for event in events:
            if not self._due(event) or self.parked:
                self.restore(before)
                return False
            self.offsets[event.key] = event.revision
        self.at_once += 1
        return True

    async def admit(self, _: object, events: Sequence[InboxEvent], *, alone: bool) -> Sequence[InboxEvent]:
        due: list[InboxEvent] = []
        self.before = set(self.parked)
        for event in events:
            if event.revision <= self.offsets.get(event.key, 0):
                continue
            self.parked.setdefault((event.key, event.revision), event)
        for key in dict.fromkeys(event.key for event in events):
            given_now = {event.revision for event in events if event.key == key}
            while (following := self.parked.get((key, self.offsets.get(key, 0) + 1))) is not None:
                if not self._due(following) or (alone and following.revision not in given_now):
                    break
                del self.parked[key, following.revision]
                self.offsets[key] = following.revision
                due.append(following)
        return due

    async def newly_parked(self, _: object, events: Sequence[InboxEvent]) -> int:
        return len({(event.key, event.revision) for event in events} & (self.parked.keys() - self.before))

    async def released(self, _: object, limit: int) -> list[InboxEvent]:
        return [event for event in self.parked.values() if self._due(event)][:limit]

    async def bury(self, _: object, event: InboxEvent, reason: str) -> None:
        self.letters.append((event, reason))
        self.parked.pop((event.key, event.revision), None)
        self.blocked.add(event.key)

    async def exhume(self, _: object, letter: int) -> InboxEvent | None:
        if letter >= len(self.letters):
            return None
        event, _reason = self.letters.pop(letter)
        self.blocked.discard(event.key)
        return event


class FakePool:
    """Connections whose transactions roll the inbox and the totals back."""

    def __init__(self, inbox: FakeInbox, totals: dict[FileKey, list[int]]) -> None:
        self._inbox, self._totals = inbox, totals

    @asynccontextmanager
    async def acquire(self) -> Any:
        yield self

    @asynccontextmanager
    async def transaction(self) -> Any:
        before, totals = self._inbox.snapshot(), {key: [*values] for key, values in self._totals.items()}
        try:
            yield
        except BaseException:
            self._inbox.restore(before)
            self._totals.clear()
            self._totals.update(totals)
            raise

    async def fetchval(self, _: str) -> str:
        return DISTRICT


class World:
    """An applier over the fakes, with an effect that lists the applied amounts of each file."""

    def __init__(self, *, poison: int | None = None, projector: Any = None, kinds: Any = None) -> None:
        self.inbox, self.totals = FakeInbox(), cast("dict[FileKey, list[int]]", {})
        self.poison = poison
        self.errors: list[Exception] = []
        subscription = Subscription(
            "tally", "OW_LEDGER", "ledger", self.apply, ["entered"], applied_kinds=kinds, projector=projector
        )
        self.applier = Applier(cast("Any", FakePool(self.inbox, self.totals)), subscription, TUNING)
        self.applier._inbox = cast("Any", self.inbox)

    async def apply(self, _: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        for event in events:
            self.totals.setdefault(event.key, []).append(int(event.body))
        if self.errors:
            raise self.errors.pop(0)
        if any(int(event.body) == self.poison for event in events):
            raise LookupError("poison")


def events(key: FileKey, *amounts: int, first: int = 1, kind: str = "entered") -> list[InboxEvent]:
    return [
        InboxEvent("ledger", key, revision, uuid4(), kind, str(amount).encode())
        for revision, amount in enumerate(amounts, start=first)
    ]


@pytest.fixture
def key() -> Iterator[FileKey]:
    yield a_key()


async def test_a_batch_in_order_is_applied_and_its_progress_is_told_once(key: FileKey) -> None:
    world = World()
    await world.applier.apply(events(key, 1, 2))
    assert world.totals == {key: [1, 2]}
    progress = world.applier.take_progress()
    assert (dict(progress.reached), progress.any_applicable) == ({key: 2}, True)
    again = world.applier.take_progress()
    assert (dict(again.reached), again.any_applicable) == ({}, False)
    await world.applier.apply([])


def parked_so_far() -> float:
    return REGISTRY.get_sample_value("onewindow_parked_total", {"source": "ledger"}) or 0.0


async def test_only_what_was_parked_counts_as_parked_and_once_though_a_try_fails(key: FileKey) -> None:
    world, before = World(), parked_so_far()
    first, second, third, fourth = events(key, 1, 2, 3, 4)
    await world.applier.apply([first])
    await world.applier.apply([first, first])
    assert parked_so_far() == before, "repeats are not parked"
    await world.applier.apply([first, third, fourth])
    await world.applier.apply([third, fourth])
    assert parked_so_far() == before + 2
    other = a_key()
    world.errors = [Retry(), Retry()]
    await world.applier.apply([second, *events(other, 2, first=2)])
    assert parked_so_far() == before + 3
    assert world.totals == {key: [1, 2, 3, 4]}


async def test_rows_alone_need_one_statement(key: FileKey) -> None:
    world = World(projector=lambda batch: str(len(batch)))
    await world.applier.apply(events(key, 1, 2))
    assert (world.inbox.at_once, world.totals) == (1, {})
    await world.applier.apply(events(key, 4, first=4))
    assert world.inbox.at_once == 1, "an early event goes the longer way"


async def test_events_without_effect_need_one_statement_too_and_wake_no_loop(key: FileKey) -> None:
    world = World(kinds={"adjusted"})
    await world.applier.apply(events(key, 1))
    assert (world.inbox.at_once, world.applier.take_progress().any_applicable) == (1, False)


async def test_a_projector_that_raises_is_left_to_the_longer_way(key: FileKey) -> None:
    def broken(_: Sequence[InboxEvent]) -> str:
        raise ValueError("a kind that it cannot read")

    world = World(projector=broken)
    await world.applier.apply(events(key, 1))
    assert world.totals == {key: [1]}, "its effect is asked event by event"


async def test_while_postgresql_is_away_the_batch_is_tried_again(key: FileKey) -> None:
    world = World(projector=lambda batch: str(len(batch)))
    world.inbox.away = 2
    await world.applier.apply(events(key, 1))
    assert world.inbox.at_once == 1


@pytest.mark.parametrize("error", [Retry(), ConnectionResetError(), asyncpg.DeadlockDetectedError("x")])
async def test_a_lost_race_applies_the_whole_batch_again(key: FileKey, error: Exception) -> None:
    world = World()
    world.errors = [error, error]
    await world.applier.apply(events(key, 1, 2))
    assert world.totals == {key: [1, 2]}
    assert world.inbox.letters == []


async def test_a_dead_letter_can_be_redriven_once_its_cause_is_gone(key: FileKey) -> None:
    world = World(poison=13)
    await world.applier.apply(events(key, 1, 13, 2))
    assert world.totals == {key: [1]}
    assert [(event.revision, reason) for event, reason in world.inbox.letters] == [(2, "LookupError")]
    assert await world.applier.redrive(0) is False
    assert len(world.inbox.letters) == 1
    world.poison = None
    assert await world.applier.redrive(0) is True
    assert await world.applier.redrive(0) is False, "there is none of this number any more"
    await world.applier.apply(await world.applier.released())
    assert world.totals == {key: [1, 13, 2]}


async def test_the_reason_of_a_dead_letter_names_the_constraint_and_no_value(key: FileKey) -> None:
    error = asyncpg.CheckViolationError("row contains (440105198001010011)")
    cast("Any", error).constraint_name = "amount_positive"
    world = World()
    world.errors = [error]
    await world.applier.apply(events(key, 1))
    assert world.inbox.letters[0][1] == "CheckViolationError (amount_positive)"


async def test_a_message_that_is_no_event_becomes_a_dead_letter_of_no_file() -> None:
    world = World()
    message = SimpleNamespace(data=b"what is this", headers=None)
    await world.applier.lay_aside(cast("Any", message), UnreadableMessage("headers"))
    ((letter, reason),) = world.inbox.letters
    assert (letter.key.district, letter.key.file_id.int, letter.body) == (DISTRICT, 0, b"what is this")
    assert reason == "UnreadableMessage"


@settings(max_examples=examples(80), deadline=None)
@given(st.data())
async def test_in_any_order_and_with_any_poison_other_files_are_applied_in_order(drawing: st.DataObject) -> None:
    keys = [a_key() for _ in range(3)]
    poisoned = drawing.draw(st.sampled_from([None, 0, 1, 2]), "file with an event that fails")
    world = World(poison=99)
    every = []
    for number, key in enumerate(keys):
        amounts = [*range(1, drawing.draw(st.integers(1, 4)) + 1)]
        if number == poisoned:
            amounts[drawing.draw(st.integers(0, len(amounts) - 1))] = 99
        every += events(key, *amounts)
    shuffled = drawing.draw(st.permutations(every))
    repeated = shuffled + drawing.draw(st.lists(st.sampled_from(every), max_size=3))
    size = drawing.draw(st.integers(1, len(repeated)))
    for start in range(0, len(repeated), size):
        await world.applier.apply(repeated[start : start + size])
    for number, key in enumerate(keys):
        expected = [int(event.body) for event in every if event.key == key]
        if number == poisoned:
            expected = expected[: expected.index(99)]
        assert world.totals.get(key, []) == expected
