"""Every pair of acts at the same instant has one truth in all four services, also while services are killed."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue
from onewindow.recount.v1.recount_service_pb2 import GetRecountRequest, RecountedFile
from onewindow.recount.v1.recount_service_pb2 import PreviewCalendarRequest as Preview

from chassis.clock import SHANGHAI
from tests.journeys.kills import SERVICES, say
from tests.pairs.acts import DEEMED, LAPSED, STAGES, Stage, pairs
from tests.pairs.hall import Hall
from tests.pairs.race import Race, check, each, meet, prepare, races, report, run
from tests.pairs.truth import behind, closed, stored, unproven

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800)]
BATCH = 360
_ANSWER_DAYS = 8
_KILLED_BATCH = 60
_BETWEEN_KILLS = 0.2
_EVE = 0.3
_YEAR, _CORRECTION = 2016, "国办发明电〔2016〕7号"
_CORRECTED = (("2016-03-07",), ("2016-03-07", "2016-03-11", "2016-03-28"), ())
"""Further days of rest, one correction after the other; the last one takes all of them back."""
_RECOUNTED = ("2016-03-03", "2016-03-08", "2016-03-22")
_ALL_CORRECTED = {day for rest in (*_CORRECTED, _RECOUNTED) for day in rest}
_UNTIL_ACTS_ARE_DONE, _RECOUNT_WITHIN = 10.0, 120.0
_OF_EACH_STAGE = 6
_LOOK = 0.005
_FILES = {"intake": "application", "approval": "case_file", "notify": "dossier"}
_WAITS_WITH_A_PAGE = """
select exists (select from pg_locks where relation = $1::regclass and not granted and mode = 'RowExclusiveLock')
"""
"""True once somebody waits to change a file."""


async def test_every_pair_at_the_same_instant_has_one_truth(hall: Hall, times: int) -> None:
    planned, began = races(pairs(), times, seed=2016), time.monotonic()
    size = min(BATCH, len(planned) // 2 + 1)
    for start in range(0, len(planned), size):
        await run(hall, planned[start : start + size], heard=start // size % 2 == 0)
        if times > 1:
            say(f"{min(start + size, len(planned))} of {len(planned)} races, {time.monotonic() - began:.0f} s")
    _passes(planned)
    by_metrics = await behind(hall)
    assert by_metrics == await closed(hall)
    assert by_metrics


async def test_services_killed_in_the_middle_change_nothing(hall: Hall, times: int, kills: int) -> None:
    planned = races(pairs(), 1, seed=times)
    rounds = [SERVICES, *((service,) for _ in range(kills) for service in SERVICES)]
    for n, victims in enumerate(rounds):
        first = n * _KILLED_BATCH % len(planned)
        batch = [Race(race.stage, race.acts, race.order) for race in planned[first : first + _KILLED_BATCH]]
        await run(hall, batch, meanwhile=partial(_kill, hall, victims))
        _passes(batch)


async def test_holidays_corrected_beside_every_act_leave_one_truth(hall: Hall) -> None:
    planned = races(pairs(), 1, seed=11)
    size = len(planned) // len(_CORRECTED) + 1
    for n, rest in enumerate(_CORRECTED):
        await run(hall, planned[n * size : (n + 1) * size], meanwhile=partial(_correct, hall, rest))
    _passes(planned)


async def test_services_killed_while_they_recount_end_as_the_dry_run_said(hall: Hall) -> None:
    stages = (*STAGES, Stage("to be delivered", lambda hall: hall.decided("配对承诺件", phone=False), ()))
    matters = await each(stages * _OF_EACH_STAGE, lambda stage: stage.reach(hall))
    await hall.rest.wait(hall.clock.now())
    notice, recounts = await _corrected(hall, _RECOUNTED), hall.desks.recounts
    dry = {name: await _pages(hall, desk.PreviewCalendar, Preview(notice=notice)) for name, desk in recounts.items()}
    assert all(dry.values()), "every service has files that the notice moves"

    async with AsyncExitStack() as locks:
        held = {service: await locks.enter_async_context(_locked(hall, service)) for service in recounts}
        version = await _publish(hall, notice)
        await asyncio.gather(*(_kill_with_a_page_in_hand(hall, *each_held) for each_held in held.items()))
    await _all_recounted(hall, version)
    for name, desk in recounts.items():
        asked = GetRecountRequest(calendar_version=version, page_size=1000)
        assert await _pages(hall, desk.GetRecount, asked) == dry[name], name
    await hall.rest.wait(hall.clock.now())
    assert not list(filter(None, await each(matters, lambda matter: unproven(hall, matter))))
    await _all_recounted(hall, await _publish(hall, await _corrected(hall, ())))


async def test_an_act_and_the_sweep_of_deemed_acceptance_have_one_truth(hall: Hall, times: int) -> None:
    await _against_the_sweep(hall, DEEMED, times, hall.clock.now().date() + timedelta(days=_ANSWER_DAYS))


async def test_an_act_and_the_lapse_of_a_correction_have_one_truth(hall: Hall, times: int) -> None:
    matter = await LAPSED.reach(hall)
    await hall.rest.wait(hall.clock.now())
    rows = await stored(hall, [matter])
    assert rows.count("intake", matter.application_id, "correction_requested") == 1
    await _against_the_sweep(hall, LAPSED, times, await _supply_by(hall, matter.application_id) + timedelta(days=1))


async def _against_the_sweep(hall: Hall, stage: Stage, times: int, on: date) -> None:
    batch = [Race(stage, (act, act), 2) for act in stage.acts for _ in range(times)]

    await each(batch, lambda race: prepare(hall, race))
    await hall.clock.settle()
    await hall.clock.advance(datetime.combine(on - timedelta(days=1), datetime.min.time(), SHANGHAI).replace(hour=23))
    before = await stored(hall, [race.ours() for race in batch])
    draw = random.Random(times)

    async def later(race: Race) -> None:
        await asyncio.sleep(draw.uniform(0.0, 0.8))
        await meet(hall, race)

    racing = asyncio.ensure_future(each(batch, later))
    await asyncio.sleep(_EVE)  # a part of the acts comes on the day before, the others meet the sweep or come after it
    hall.clock.move(datetime.combine(on, datetime.min.time(), SHANGHAI).replace(hour=9))
    await racing
    await hall.clock.settle()
    await check(hall, batch, before)
    _passes(batch)


async def _supply_by(hall: Hall, application_id: str) -> date:
    connection = await asyncpg.connect(hall.postgres_url, database="intake")
    try:
        query = "select supply_by from application where application_id = $1"
        found: date = await connection.fetchval(query, application_id)
        return found
    finally:
        await connection.close()


async def _correct(hall: Hall, rest: Sequence[str]) -> None:
    """The holidays of the year are published anew while acts are under way, and every service counts by them."""
    await asyncio.sleep(_BETWEEN_KILLS)
    version = await _publish(hall, await _corrected(hall, rest))
    await asyncio.sleep(_UNTIL_ACTS_ARE_DONE)
    await _all_recounted(hall, version)


async def _corrected(hall: Hall, rest: Sequence[str]) -> HolidayNotice:
    asked = catalogue.GetCalendarRequest(year=_YEAR)
    known = (await hall.call("configurator", hall.desks.catalogue.GetCalendar, asked)).notice
    off = sorted({*known.days_off} - _ALL_CORRECTED | {*rest})
    return HolidayNotice(year=_YEAR, number=_CORRECTION, days_off=off, makeup_days=known.makeup_days)


async def _publish(hall: Hall, notice: HolidayNotice) -> str:
    request = catalogue.PublishCalendarRequest(request_id=uuid4().hex, notice=notice)
    version: str = (await hall.call("configurator", hall.desks.catalogue.PublishCalendar, request)).calendar_version
    return version


async def _all_recounted(hall: Hall, version: str) -> None:
    for service, desk in hall.desks.recounts.items():
        recount, until = GetRecountRequest(calendar_version=version, page_size=1), time.monotonic() + _RECOUNT_WITHIN
        while not (await hall.call("configurator", desk.GetRecount, recount)).finished:
            assert time.monotonic() < until, f"{service} has not counted by {version}"
            await asyncio.sleep(_BETWEEN_KILLS)


async def _pages(hall: Hall, method: Any, request: Any) -> Mapping[str, RecountedFile]:
    """The files of all pages, by their ids."""
    files: dict[str, RecountedFile] = {}
    while True:
        page = await hall.call("configurator", method, request)
        files |= {each.file_id: each for each in page.files}
        if not page.next_page_token:
            return files
        request.page_token = page.next_page_token


@asynccontextmanager
async def _locked(hall: Hall, service: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection whose lock lets no file of a service change."""
    connection = await asyncpg.connect(hall.postgres_url, database=service)
    try:
        await connection.execute("begin")
        await connection.execute(f"lock table {_FILES[service]} in share mode")
        yield connection
    finally:
        await connection.close()


async def _kill_with_a_page_in_hand(hall: Hall, service: str, connection: asyncpg.Connection) -> None:
    """Kills a service whose recount waits for our lock with the facts of a page, then gives the lock back."""
    async with asyncio.timeout(_RECOUNT_WITHIN):
        while not await connection.fetchval(_WAITS_WITH_A_PAGE, _FILES[service]):
            await asyncio.sleep(_LOOK)
    await _kill(hall, (service,))
    await connection.execute("rollback")


async def _kill(hall: Hall, victims: Sequence[str]) -> None:
    for service in victims:
        await asyncio.sleep(_BETWEEN_KILLS)
        pid = hall.stack.status()["services"][service]["pid"]
        os.kill(int(str(pid)), signal.SIGKILL)


def _passes(planned: Sequence[Race]) -> None:
    faulty = [race for race in planned if race.faults]
    words = Counter(word.rpartition(" ")[2] for race in planned for word in race.outcomes().split(", "))
    say(f"{len(planned)} races, {len(faulty)} with faults; answers {dict(words.most_common(12))}")
    assert not faulty, "\n" + report(faulty)
