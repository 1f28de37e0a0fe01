"""Figures agree with a count by hand, and behind every number stand exactly its matters."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval

from chassis.scope import EVERY_STREET, Scope
from services.metrics.adapters.figures import PostgresFigures
from services.metrics.domain.indicator.conditions import holds
from services.metrics.domain.indicator.indicators import INDICATORS, Indicator
from services.metrics.domain.period import Period, PeriodKind, read_period
from services.metrics.ports import MattersQuery, Side
from tests.service.metrics.conftest import MetricsDatabase
from tests.service.metrics.lives import (
    DAY,
    DISTRICT,
    FORWARDED,
    INSTANT,
    ITEM,
    OTHER_STREET,
    PROMISED,
    STREET,
    SYNTHETIC,
    Life,
)
from tests.service.metrics.lives import catalogue_events as catalogue

EVE = DAY - timedelta(days=1)
WHOLE = Scope(DISTRICT, EVERY_STREET)
MARCH = read_period(PeriodKind.MONTH, "2016-03")
YEAR = read_period(PeriodKind.YEAR, "2016")


@dataclass
class Story:
    """One matter as it is counted by hand."""

    life: Life
    accepted_on: date | None = None
    closed_on: date | None = None
    on_time: bool | None = None
    early: bool = False
    instant: bool = False
    refused: bool = False
    at_district: bool = False
    rated_on: date | None = None
    grade: int = 0
    delivered_on: date | None = None
    delivered_on_time: bool = False


def a_story(n: int, chance: random.Random) -> Story:
    """A matter that ends in one of the ways there are, or not yet."""
    kind = chance.choice((INSTANT, PROMISED, FORWARDED))
    street = chance.choice((STREET, STREET, OTHER_STREET, SYNTHETIC))
    life = Life(f"story {n}", street, kind, ITEM[:-1] + str(chance.randrange(3)), chance.choice(("W1", "W2", "")))
    received = DAY + timedelta(days=chance.randrange(-40, 40))
    story = Story(life.submitted(received))
    if chance.random() < 0.1:
        life.ended("application_declined", received)
        return story
    story.accepted_on = received
    life.accepted(received)
    _end(story, received + timedelta(days=chance.randrange(15)), chance)
    return story


def _end(story: Story, on: date, chance: random.Random) -> None:
    life = story.life
    if life.kind == INSTANT:
        life.ended("completed_on_the_spot", on)
        story.closed_on, story.on_time, story.early, story.instant = on, True, True, True
    elif chance.random() < 0.2:
        return
    elif life.kind == FORWARDED and chance.random() < 0.3:  # a permit, and a report that may be late
        reported_on = on + timedelta(days=chance.choice((0, 0, 1, 40)))
        life.referred(on, closes=False).district_decided("granted", on, closes=True, reported_on=reported_on)
        story.closed_on, story.on_time, story.at_district = on, True, True
    elif life.kind == FORWARDED:
        life.referred(on, closes=True)
        story.closed_on, story.on_time, story.early = on, True, True
    else:
        story.on_time, story.refused, story.closed_on = chance.random() < 0.8, chance.random() < 0.3, on
        story.early = story.on_time and chance.random() < 0.5
        life.decided("refused" if story.refused else "granted", on, on_time=story.on_time, early=story.early)
    if chance.random() < 0.5:
        story.grade, story.rated_on = chance.randrange(1, 6), on
        life.rated(story.grade, on)
    if (
        life.kind == FORWARDED and not story.at_district and chance.random() < 0.3
    ):  # open again, and its rating of an end that is undone
        life.returned(on)
        story.closed_on, story.on_time, story.early, story.rated_on = None, None, False, None
    if chance.random() < 0.5:
        story.delivered_on, story.delivered_on_time = on, chance.random() < 0.5
        life.delivered(on, on_time=story.delivered_on_time)


@pytest.fixture
async def stories(metrics: MetricsDatabase) -> list[Story]:
    """Three hundred matters, heard."""
    chance = random.Random(2016)
    told = [a_story(n, chance) for n in range(300)]
    await metrics.receive(catalogue())
    events = [event for story in told for event in story.life.events]
    for source in ("notify", "approval", "intake"):
        await metrics.receive([event for event in events if event.source == source])
    return told


def counted(stories: Iterable[Story], street: str) -> list[Story]:
    """Those that are counted for a scope."""
    return [s for s in stories if s.life.street != SYNTHETIC and street in (EVERY_STREET, s.life.street)]


def inside(on: date | None, period: Period) -> bool:
    """Whether a day lies in the period."""
    return on is not None and period.first <= on <= period.last


BY_HAND: dict[str, tuple[Callable[[Story], bool], Callable[[Story, Period], bool]]] = {
    "early": (lambda s: s.early, lambda s, p: inside(s.closed_on, p)),
    "on_time": (lambda s: bool(s.on_time), lambda s, p: inside(s.closed_on, p)),
    "satisfied": (lambda s: s.grade <= 3, lambda s, p: inside(s.rated_on, p)),
    "instant": (lambda s: s.instant, lambda s, p: inside(s.accepted_on, p)),
    "early_promised": (lambda s: s.early, lambda s, p: inside(s.closed_on, p) and s.life.kind == PROMISED),
    "delivered_on_time": (lambda s: s.delivered_on_time, lambda s, p: inside(s.delivered_on, p)),
}


def behind_by_hand(stories: Iterable[Story], code: str, side: Side, period: Period) -> set[UUID]:
    """The applications on one side of an indicator."""
    counts, of = BY_HAND[code]
    wanted = {Side.NUMERATOR: (True,), Side.DENOMINATOR: (True, False), Side.REST: (False,)}[side]
    return {s.life.application_id for s in stories if of(s, period) and counts(s) in wanted}


@pytest.mark.parametrize("street", [EVERY_STREET, STREET, OTHER_STREET])
@pytest.mark.parametrize("period", [MARCH, YEAR], ids=["march", "year"])
async def test_every_number_is_the_count_by_hand(
    metrics: MetricsDatabase, stories: list[Story], street: str, period: Period
) -> None:
    mine = counted(stories, street)
    figures = await PostgresFigures(metrics.rpc).figures(Scope(DISTRICT, street), period)
    assert figures.totals["volume"] == sum(inside(s.accepted_on, period) for s in mine)
    assert figures.totals["closed"] == sum(inside(s.closed_on, period) for s in mine)
    for each in INDICATORS:
        for side in ("numerator", "denominator"):
            expected = behind_by_hand(mine, each.code, Side[side.upper()], period)
            assert figures.totals[f"{each.code}_{side}"] == len(expected), (each.code, side)
    assert sum(item["accepted"] for item in figures.items) == figures.totals["volume"]
    assert sum(item["agreed"] + item["refused"] for item in figures.items) == figures.totals["closed"]
    refused = sum(s.refused and inside(s.closed_on, period) for s in mine)
    assert sum(item["refused"] for item in figures.items) == refused
    at_windows = [s for s in mine if s.life.window and inside(s.accepted_on, period)]
    assert sum(window["accepted"] for window in figures.windows) == len(at_windows)
    assert sum(window["instant"] for window in figures.windows) == sum(s.instant for s in at_windows)


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("each", INDICATORS, ids=lambda each: each.code)
async def test_behind_a_number_stand_exactly_its_matters(
    metrics: MetricsDatabase, stories: list[Story], each: Indicator, side: Side
) -> None:
    expected = behind_by_hand(counted(stories, EVERY_STREET), each.code, side, MARCH)
    projections = PostgresFigures(metrics.rpc)
    found: list[UUID] = []
    numbers: list[str] = []
    after = None
    while True:
        asked = MattersQuery(each, side, MARCH, 7, after)
        rows, total = await projections.matters(WHOLE, asked)
        assert total == len(expected)
        found += [row["application_id"] for row in rows]
        numbers += [row["shown_number"] for row in rows]
        if len(rows) < asked.size:
            break
        after = rows[-1]["shown_number"], rows[-1]["application_id"]
    assert (len(found), set(found)) == (len(expected), expected)
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("each", INDICATORS, ids=lambda each: each.code)
async def test_the_sql_of_an_indicator_selects_what_its_condition_means(
    metrics: MetricsDatabase, stories: list[Story], each: Indicator
) -> None:
    counted_here = {
        row["application_id"]: dict(row) for row in await metrics.worker.fetch("select * from matter_figures")
    }
    for period in (MARCH, YEAR):
        expected = {
            application_id
            for application_id, matter in counted_here.items()
            if holds(each.of, matter, period) and holds(each.counts, matter, period)
        }
        wanted = MattersQuery(each, Side.NUMERATOR, period, 1000)
        rows, total = await PostgresFigures(metrics.rpc).matters(WHOLE, wanted)
        assert ({row["application_id"] for row in rows}, total) == (expected, len(expected))


@pytest.mark.parametrize(
    ("life", "received_on"),
    [
        (Life("evening").submitted(DAY, EVE).ended("application_withdrawn", EVE), EVE),
        (Life("evening").submitted(DAY, EVE).ended("application_declined", EVE), EVE),
        (Life("evening").submitted(DAY, EVE).accepted(EVE), EVE),
        (Life("evening").submitted(EVE).accepted(DAY).decided("granted", DAY), EVE),
        (Life("evening").submitted(DAY, EVE).ended("application_withdrawn", DAY + timedelta(days=1)), DAY),
    ],
    ids=["withdrawn before", "declined before", "accepted before", "first receipt", "withdrawn after"],
)
async def test_a_matter_came_in_on_the_first_receipt_or_at_an_earlier_end(
    metrics: MetricsDatabase, life: Life, received_on: date
) -> None:
    await metrics.receive(life.events)
    shown = await metrics.worker.fetchval("select first_received_on from matter_figures")
    assert shown == received_on


async def test_the_synthetic_place_is_counted_nowhere(metrics: MetricsDatabase) -> None:
    life = Life("canary", SYNTHETIC).submitted(DAY).accepted(DAY).card(1, DAY)
    await metrics.receive(life.decided("granted", DAY, early=True).rated(1, DAY).delivered(DAY).events)
    figures = await PostgresFigures(metrics.rpc).figures(WHOLE, YEAR)
    assert not any(figures.totals.values()), figures.totals
    assert not any(figures.cards.values())
    assert not any(figures.facts.values())
    assert (figures.items, figures.windows) == ([], [])


async def test_an_item_has_its_newest_name_and_cards_are_counted_by_level(metrics: MetricsDatabase) -> None:
    late = Life("late").submitted(DAY).accepted(DAY)
    await metrics.receive([*catalogue(), *late.card(1, DAY).card(2, DAY).card(3, DAY + timedelta(days=40)).events])
    figures = await PostgresFigures(metrics.rpc).figures(WHOLE, MARCH)
    assert figures.items[0]["item_name"] == "老年人优待证（第2版）"
    assert figures.cards == {"warning": 1, "yellow": 1, "red": 0}


async def test_a_card_of_a_day_after_a_decision_heard_late_leaves_the_figures(
    metrics: MetricsDatabase,
) -> None:
    late = Life("late").submitted(DAY).accepted(DAY).card(1, DAY).card(2, DAY + timedelta(days=2))
    decided = approval.DistrictDecided(
        outcome=approval.OUTCOME_GRANTED,
        closes=True,
        closed_on=(DAY + timedelta(days=1)).isoformat(),
        void_cards=[approval.CARD_LEVEL_YELLOW],
    )
    late.add("approval", "district_decided", decided, DAY + timedelta(days=3))
    await metrics.receive([*catalogue(), *late.events])
    figures = await PostgresFigures(metrics.rpc).figures(WHOLE, MARCH)
    assert figures.cards == {"warning": 1, "yellow": 0, "red": 0}


async def test_the_facts_are_all_that_was_heard_whatever_the_scope(
    metrics: MetricsDatabase, stories: list[Story]
) -> None:
    figures = await PostgresFigures(metrics.rpc).figures(Scope(DISTRICT, STREET), MARCH)
    counted_facts = "select count(*) from inbox where street not like '%999'"
    assert figures.facts == {
        "consumed": await metrics.worker.fetchval(counted_facts),
        "parked": 0,
        "dead_letters": 0,
    }


async def test_a_street_sees_its_own_rows_alone_whatever_is_asked(
    metrics: MetricsDatabase, stories: list[Story]
) -> None:
    async with metrics.rpc.acquire() as connection, connection.transaction():
        await connection.execute(
            "select set_config('app.district', $1, true), set_config('app.street', $2, true)", DISTRICT, STREET
        )
        for table in ("matter", "ticket", "card", "fact_count", "matter_figures", "card_figures"):
            streets = {row["street"] for row in await connection.fetch(f"select distinct street from {table}")}
            assert streets <= {STREET}, table
    assert await metrics.rpc.fetchval("select count(*) from matter") == 0


async def test_a_card_that_was_declared_void_is_in_no_figure_until_it_is_issued_again(metrics: MetricsDatabase) -> None:
    matters = [Life(f"card {n}").submitted(EVE).accepted(EVE).card(1, EVE).card(2, EVE) for n in range(3)]
    matters[1].recounted(DAY, 2)
    matters[2].recounted(DAY, 1, 2).card(1, DAY)
    await metrics.receive([*catalogue(), *(event for life in matters for event in life.events)])
    for scope in (WHOLE, Scope(DISTRICT, STREET)):
        cards = (await PostgresFigures(metrics.rpc).figures(scope, YEAR)).cards
        assert (cards["warning"], cards["yellow"], cards["red"]) == (3, 1, 0)
    shown = await metrics.worker.fetch("select level, count(*) from card_figures group by level order by level")
    assert [tuple(row) for row in shown] == [(1, 3), (2, 1)]
    await metrics.receive([*(event for life in matters for event in life.events)])
    assert (await PostgresFigures(metrics.rpc).figures(WHOLE, YEAR)).cards["yellow"] == 1, "heard again, the same"
