"""A day is swept once, in order, whatever stops it in between."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import asyncpg
import pytest

from chassis.clock import SHANGHAI
from chassis.event_store import Drawn, FileKey
from chassis.postgres.database import Connection
from chassis.settings.tuning import Tuning
from chassis.sweeps.sweeper import Sweep, Sweeper
from tests.service.chassis.conftest import Service, running, until
from tests.support.ledger import DISTRICT, MORNING, OTHER_STREET, STREET, Entered, Ledger, StillClock, a_cause, a_key
from tests.support.servers import PostgresServer

TODAY = MORNING.date()
TUNING = Tuning(sweep_batch=3, sweep_rest=0.0, sweep_poll=0.05)


class TooEarly(Exception):
    """The act is not allowed."""


@dataclass
class Book:
    """A sweep of the tests: every ledger below its limit is due until it has reached it."""

    limit: int = 3
    days: list[date] = field(default_factory=list)
    seen: list[tuple[FileKey, date]] = field(default_factory=list)

    async def pick(self, connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
        rows = await connection.fetch(
            "select district, street, file_id from ledger where total < $1 order by file_id limit $2", self.limit, limit
        )
        self.days.append(day)
        return [FileKey(*row) for row in rows]

    def act(self, ledger: Ledger, day: date, drawn: Drawn) -> Sequence[Entered]:
        return [Entered(self.limit - ledger.total)]


async def open_ledgers(service: Service, count: int, street: str = STREET, amount: int = 1) -> list[FileKey]:
    keys = [a_key(street) for _ in range(count)]
    for key in keys:
        await service.files.change(key, a_cause(), lambda *_: [Entered(amount)], actor="clerk")
    return keys


def a_sweeper(service: Service, *sweeps: Sweep[Ledger, Entered]) -> Sweeper:
    return Sweeper(service.worker, StillClock(), DISTRICT, sweeps, TUNING)


def a_sweep(service: Service, book: Book, name: str = "fill", **more: object) -> Sweep[Ledger, Entered]:
    return Sweep(name, book.pick, book.act, service.files, **more)  # type: ignore[arg-type] # optional fields


async def totals(service: Service) -> list[int]:
    return [row["total"] for row in await service.worker.fetch("select total from ledger order by total")]


async def test_a_sweep_reaches_every_file_of_every_street(service: Service) -> None:
    await open_ledgers(service, 5)
    await open_ledgers(service, 5, OTHER_STREET)
    await a_sweeper(service, a_sweep(service, Book())).sweep_up_to(TODAY)
    assert await totals(service) == [3] * 10
    assert await service.value("select count(*) from cause where caller = 'sweep:fill'") == 10
    assert await service.value("select count(*) from fact where actor = 'sweep:fill'") == 10


async def test_the_first_run_begins_today_and_a_finished_day_is_not_swept_again(service: Service) -> None:
    book = Book()
    sweeper = a_sweeper(service, a_sweep(service, book))
    await sweeper.sweep_up_to(TODAY)
    await sweeper.sweep_up_to(TODAY)
    assert book.days == [TODAY]
    assert await service.value("select array_agg(day order by day) from swept") == [TODAY - timedelta(days=1), TODAY]


async def test_missed_days_are_swept_in_order_each_as_its_own_today(service: Service) -> None:
    book = Book(limit=0)
    sweeper = a_sweeper(service, a_sweep(service, book), a_sweep(service, book, "second"))
    await sweeper.sweep_up_to(TODAY)
    book.days.clear()
    await sweeper.sweep_up_to(TODAY + timedelta(days=3))
    assert book.days == [TODAY + timedelta(days=n) for n in (1, 1, 2, 2, 3, 3)]


async def test_facts_of_a_missed_day_happened_on_it(service: Service) -> None:
    sweeper = a_sweeper(service, a_sweep(service, Book()))
    await sweeper.sweep_up_to(TODAY)
    await open_ledgers(service, 1)
    await sweeper.sweep_up_to(TODAY + timedelta(days=1))
    days = "select array_agg(occurred_on order by revision) from fact"
    assert await service.value(days) == [TODAY, TODAY + timedelta(days=1)]


async def test_what_an_act_forbids_does_not_stop_the_day(service: Service) -> None:
    book = Book()

    def reluctant(ledger: Ledger, day: date, drawn: Drawn) -> Sequence[Entered]:
        if ledger.total == 1:
            raise TooEarly
        return [] if ledger.total == 2 else book.act(ledger, day, drawn)

    for amount in (1, 2, 0):
        await open_ledgers(service, 4, amount=amount)
    sweep = Sweep("fill", book.pick, reluctant, service.files, forbidden=(TooEarly,))
    await a_sweeper(service, sweep).sweep_up_to(TODAY)
    assert await totals(service) == [1] * 4 + [2] * 4 + [3] * 4
    assert await service.value("select count(*) from swept where day = $1", TODAY) == 1


async def test_a_file_that_cannot_be_read_does_not_keep_the_day_from_the_others(
    service: Service, postgres_server: PostgresServer
) -> None:
    (damaged,) = await open_ledgers(service, 1, amount=0)
    odd, *_ = await open_ledgers(service, 5)
    name = await service.value("select current_database()")
    owner = await asyncpg.connect(postgres_server.dsn(name))
    await owner.execute("set session_replication_role = replica")
    await owner.execute("update fact set body = 'no ledger' where file_id = $1", damaged.file_id)
    await owner.close()
    book = Book()

    def surprised(ledger: Ledger, day: date, drawn: Drawn) -> Sequence[Entered]:
        if ledger.total == 2:
            raise ArithmeticError
        return book.act(ledger, day, drawn)

    await service.files.change(odd, a_cause(), lambda *_: [Entered(1)], actor="clerk")
    unremembering = Service(service.rpc, service.worker)
    sweeper = a_sweeper(service, Sweep("fill", book.pick, surprised, unremembering.files))
    await sweeper.sweep_up_to(TODAY)
    assert await totals(service) == [0, 2, 3, 3, 3, 3]
    assert await service.value("select count(*) from swept where day = $1", TODAY) == 1
    await sweeper.sweep_up_to(TODAY + timedelta(days=1))
    assert await totals(service) == [0, 2, 3, 3, 3, 3]


async def test_a_file_that_changes_meanwhile_is_decided_again(service: Service) -> None:
    (key,) = await open_ledgers(service, 1)
    book = Book()
    interfering = [True]

    class Overtaken:
        def __getattr__(self, name: str) -> object:
            return getattr(service.store, name)

        async def append_many(self, *arguments: object) -> object:
            if interfering.pop() if interfering else False:
                await service.files.change(key, a_cause(), lambda *_: [Entered(1)], actor="clerk")
            return await service.store.append_many(*arguments)  # type: ignore[arg-type] # passed on

    files = type(service.files)(Overtaken(), service.files.unit_of_work._codec, StillClock())  # type: ignore[arg-type] # the rest is passed on
    await a_sweeper(service, Sweep("fill", book.pick, book.act, files)).sweep_up_to(TODAY)
    assert await totals(service) == [3]
    assert await service.value("select count(*) from fact") == 3


class Killed(BaseException):
    """The process ends here."""


async def test_killed_in_the_middle_of_a_day_each_file_is_swept_once(service: Service) -> None:
    await open_ledgers(service, 10)
    book = Book()
    acts = [0]

    def mortal(ledger: Ledger, day: date, drawn: Drawn) -> Sequence[Entered]:
        acts[0] += 1
        if acts[0] == 5:
            raise Killed
        return book.act(ledger, day, drawn)

    with pytest.raises(Killed):
        await a_sweeper(service, Sweep("fill", book.pick, mortal, service.files)).sweep_up_to(TODAY)
    assert await service.value("select unsettled($1)", TODAY) == ["outbox"]
    assert sorted(await totals(service)) == [1] * 7 + [3] * 3
    await a_sweeper(service, a_sweep(service, book)).sweep_up_to(TODAY)
    assert await totals(service) == [3] * 10
    assert await service.value("select count(*) from fact") == 20


async def test_each_act_is_given_a_number_of_its_own(service: Service) -> None:
    await open_ledgers(service, 4)
    await service.store.load(a_key(), None, ["numbers"])
    given: list[int] = []
    book = Book()

    def numbered(ledger: Ledger, day: date, drawn: Drawn) -> Sequence[Entered]:
        given.append(drawn["numbers"])
        return book.act(ledger, day, drawn)

    sweep = Sweep("fill", book.pick, numbered, service.files, serials=lambda _: ["numbers"])
    await a_sweeper(service, sweep).sweep_up_to(TODAY)
    assert given == [2, 3, 4, 5]


async def test_a_day_waits_for_its_sweeps_and_outboxes(service: Service, postgres_server: PostgresServer) -> None:
    superuser = await asyncpg.connect(postgres_server.dsn(await service.value("select current_database()")))
    await superuser.execute("insert into sweep_name values ('fill')")
    await superuser.close()
    await open_ledgers(service, 1)
    assert await service.value("select unsettled($1)", TODAY) == ["outbox", "sweep:fill"]
    await service.worker.execute("delete from outbox")
    await a_sweeper(service, a_sweep(service, Book(limit=0))).sweep_up_to(TODAY)
    assert await service.value("select unsettled($1)", TODAY) == []
    assert await service.value("select unsettled($1)", TODAY + timedelta(days=1)) == ["sweep:fill"]


async def test_a_change_of_the_clock_starts_the_sweep(service: Service) -> None:
    class Turned(StillClock):
        turned = asyncio.Event()

        async def wait_change(self, seconds: float) -> bool:
            await self.turned.wait()
            self.turned.clear()
            return True

    clock, book = Turned(), Book(limit=0)
    sweeper = Sweeper(service.worker, clock, DISTRICT, [a_sweep(service, book)], TUNING)
    finished = "select count(*) > 0 from swept where day = $1"
    async with running(sweeper.run):
        await until(lambda: service.value(finished, TODAY))
        clock.instant = datetime(2016, 3, 3, 9, tzinfo=SHANGHAI)
        clock.turned.set()
        await until(lambda: service.value(finished, date(2016, 3, 3)))
    assert book.days == [TODAY, date(2016, 3, 2), date(2016, 3, 3)]
