"""Sweeps over a store in memory: days in order, batches, races, refusals, damaged files, serial numbers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest

from chassis.event_store import AppendResult, Drawn, FileKey, FileRepository, KeyTaken, MemoryStore
from chassis.event_store.model import Append
from chassis.postgres.database import Pool
from chassis.refusals import Away, NotYetHere
from chassis.settings.tuning import Tuning
from chassis.sweeps.sweeper import Sweep, Sweeper
from tests.support.ledger import DISTRICT, MORNING, Entered, Ledger, LedgerCodec, StillClock, a_cause, a_key

TODAY = MORNING.date()
LIMIT = 3
TUNING = Tuning(sweep_batch=2, sweep_rest=0.0, away_pause=0.0)


class TooEarly(Exception):
    """The act is not allowed yet."""


class Store(MemoryStore):
    """A store in memory whose batches may lose races."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: list[AppendResult | KeyTaken] = []
        """Results of the next batches, in place of writing them."""
        self.batches: list[int] = []

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        self.batches.append(len(changes))
        if not self.lost:
            return await super().append_many(changes, recorded_at)
        result = self.lost.pop(0)
        if isinstance(result, KeyTaken):
            raise result
        return [result] * len(changes)


@dataclass
class Days:
    """The table of finished days."""

    finished: dict[str, date] = field(default_factory=dict)
    away: int = 0

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        yield None

    async def fetch(self, _: str) -> list[dict[str, object]]:
        if self.away:
            self.away -= 1
            raise Away
        return [{"sweep": name, "day": day} for name, day in self.finished.items()]

    async def execute(self, _: str, district: str, name: str, day: date) -> str:
        assert district == DISTRICT
        self.finished[name] = max(day, self.finished.get(name, day))
        return "INSERT 0 1"


@dataclass
class World:
    """A store with open ledgers, and the days that were swept."""

    store: Store = field(default_factory=Store)
    days: Days = field(default_factory=Days)
    picked: list[date] = field(default_factory=list)
    clock: StillClock = field(default_factory=StillClock)

    def __post_init__(self) -> None:
        self.files: FileRepository[Ledger, Entered] = FileRepository(self.store, LedgerCodec(), StillClock())

    async def open(self, count: int) -> list[FileKey]:
        keys = [a_key() for _ in range(count)]
        for key in keys:
            await self.files.change(key, a_cause(), lambda *_: [Entered(1)], actor="clerk")
        return keys

    async def pick(self, _: object, day: date, limit: int) -> Sequence[FileKey]:
        self.picked.append(day)
        due = [key for key, file in self.store._files.items() if self._total(file) < LIMIT]
        return due[:limit]

    def _total(self, file: Any) -> int:
        return sum(LedgerCodec().decode(record.body).amount for record in file.records)

    def sweep(self, act: Any = None, **more: Any) -> Sweep[Ledger, Entered]:
        return Sweep("fill", cast("Any", self.pick), act or fill, self.files, **more)

    def sweeper(self, *sweeps: Sweep[Ledger, Entered]) -> Sweeper:
        return Sweeper(cast("Pool", self.days), self.clock, DISTRICT, sweeps, TUNING)

    def totals(self) -> list[int]:
        return sorted(self._total(file) for file in self.store._files.values())


def fill(ledger: Ledger, _day: date, _drawn: Drawn) -> list[Entered]:
    return [Entered(LIMIT - ledger.total)]


@pytest.fixture
def world() -> World:
    return World()


async def test_a_sweep_does_every_due_file_in_batches(world: World) -> None:
    await world.open(5)
    await world.sweeper(world.sweep()).sweep_up_to(TODAY)
    assert world.totals() == [LIMIT] * 5
    assert world.store.batches == [2, 2, 1]
    assert world.days.finished == {"fill": TODAY}


async def test_days_that_were_missed_are_done_in_order_each_with_its_own_date(world: World) -> None:
    days: list[date] = []

    def note(_ledger: Ledger, day: date, _drawn: Drawn) -> list[Entered]:
        days.append(day)
        return []

    await world.open(1)
    world.days.finished = {"fill": TODAY - timedelta(days=3)}
    await world.sweeper(world.sweep(note)).sweep_up_to(TODAY)
    assert days == [TODAY - timedelta(days=2), TODAY - timedelta(days=1), TODAY]


async def test_a_finished_day_is_not_swept_again_by_one_sweep_for_the_sake_of_another(world: World) -> None:
    world.days.finished = {"fill": TODAY, "other": TODAY - timedelta(days=1)}
    other = Sweep("other", cast("Any", world.pick), fill, world.files)
    await world.sweeper(world.sweep(), other).sweep_up_to(TODAY)
    assert world.picked == [TODAY], "the other one alone"


async def test_a_refused_file_is_left_and_the_others_go_on(world: World) -> None:
    await world.open(3)

    def careful(ledger: Ledger, day: date, drawn: Drawn) -> list[Entered]:
        if not careful_calls:
            careful_calls.append(1)
            raise TooEarly
        return fill(ledger, day, drawn)

    careful_calls: list[int] = []
    await world.sweeper(world.sweep(careful, forbidden=(TooEarly,))).sweep_up_to(TODAY)
    assert world.totals() == [1, LIMIT, LIMIT]


async def test_a_damaged_file_is_left_to_an_operator(world: World) -> None:
    damaged, sound = await world.open(2)
    file = world.store._files[damaged]
    file.records[0], file.digests[0] = replace(file.records[0], body=b"damaged"), b"a digest that no cache knows"

    async def pick(_: object, _day: date, limit: int) -> Sequence[FileKey]:
        return [damaged, sound][:limit]

    sweep = Sweep("fill", cast("Any", pick), fill, world.files)
    await world.sweeper(sweep).sweep_day(sweep, TODAY)
    assert world.store.batches == [1, 1], "the sound file is written, and then left since its cause was answered"
    assert (await world.files.read(sound)).state.total == LIMIT


async def test_a_day_that_needs_what_has_not_come_yet_is_begun_again(world: World) -> None:
    await world.open(1)

    def waits(*_: object) -> list[Entered]:
        raise NotYetHere

    with pytest.raises(NotYetHere):
        await world.sweeper(world.sweep(waits)).sweep_up_to(TODAY)
    assert world.days.finished == {"fill": TODAY - timedelta(days=1)}


@pytest.mark.parametrize("lost", [AppendResult.STALE, KeyTaken()])
async def test_a_file_that_loses_its_race_is_decided_again(world: World, lost: AppendResult | KeyTaken) -> None:
    await world.open(1)
    world.store.lost = [lost, lost]
    await world.sweeper(world.sweep()).sweep_up_to(TODAY)
    assert world.store.batches == [1, 1, 1]
    assert world.totals() == [LIMIT]


async def test_a_file_that_loses_every_race_is_left_to_the_next_day(world: World) -> None:
    await world.open(1)
    world.store.lost = [AppendResult.STALE] * 9
    await world.sweeper(world.sweep()).sweep_up_to(TODAY)
    assert len(world.store.batches) == TUNING.sweep_attempts
    assert world.totals() == [1]


async def test_a_file_that_was_done_before_is_left(world: World) -> None:
    await world.open(1)
    world.store.lost = [AppendResult.REPEATED]
    await world.sweeper(world.sweep()).sweep_up_to(TODAY)
    assert world.store.batches == [1]


async def test_every_file_gets_its_own_number_from_one_draw(world: World) -> None:
    await world.open(3)
    drawn: list[int] = []

    def numbered(ledger: Ledger, day: date, numbers: Drawn) -> list[Entered]:
        drawn.append(numbers["case/2016"])
        return fill(ledger, day, numbers)

    await world.sweeper(world.sweep(numbered, serials=lambda _key: ["case/2016"])).sweep_up_to(TODAY)
    assert drawn == [1, 2, 3]


async def test_while_postgresql_is_away_the_day_is_tried_again(world: World) -> None:
    await world.open(1)
    world.days.away = 1
    sweeper = world.sweeper(world.sweep())
    await sweeper._sweep_and_rest()
    assert world.totals() == [1]
    await sweeper._sweep_and_rest()
    assert world.totals() == [LIMIT]


async def test_an_unexpected_error_ends_the_loop_which_is_then_restarted(world: World) -> None:
    async def broken(*_: object) -> Sequence[FileKey]:
        raise LookupError("a query that does not exist")

    with pytest.raises(LookupError):
        await world.sweeper(Sweep("fill", cast("Any", broken), fill, world.files))._sweep_and_rest()
