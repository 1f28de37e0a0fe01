"""The schedule holds the plan to the letter, and places every matter within the law and the year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

from catalogue.check import load
from catalogue.wire import item_message
from law.term_clock import TermClock, due_on
from law.terms import Unit
from law.workdays import state_council
from simulation.plan import NamedItem, Plan, PlanRefused, plan_of
from simulation.schedule import PlannedMatter, by_day, schedule
from simulation.timeline import MatterEnding, Timeline, WindowAnswer
from tests.support.examples import examples
from tests.unit.simulation.test_plan import GOOD

ITEMS = [item_message(item) for item in load(Path(str(files("catalogue") / "items")))]
UNITS = {catalogue.LIMIT_UNIT_WORKING_DAYS: Unit.WORKING, catalogue.LIMIT_UNIT_CALENDAR_DAYS: Unit.CALENDAR}
BY_CODE = {item.code: item for item in ITEMS}


def matters_of(change: Mapping[str, Any] | None = None) -> Sequence[PlannedMatter]:
    return schedule(plan_of({**GOOD, **(change or {})}), ITEMS, state_council())


def last_day(matter: PlannedMatter, days: Timeline) -> Any:
    item = BY_CODE[matter.item_code]
    answered_on = days.supplied_on or days.answered_on  # a correction counts from its last paper
    starts_on = days.received_on if matter.course.answer is WindowAnswer.DEEMED else answered_on
    return min(
        due_on(TermClock(starts_on, limit.days, UNITS[limit.unit]), state_council())
        for limit in (item.promised_limit, item.legal_limit)
    )


def test_the_counts_are_those_of_the_plan() -> None:
    matters = matters_of()
    rated = [matter for matter in matters if matter.grade]
    placed = [(matter, matter.days) for matter in rated if matter.days is not None]
    assert len(rated) == 100
    assert len(rated) - len(placed) == 60
    assert sum(matter.grade > 3 for matter in rated) == 1
    assert sum(days.closed_on > last_day(matter, days) for matter, days in placed) == 1
    assert sum(days.closed_on == last_day(matter, days) for matter, days in placed) == 2
    assert sum(matter.course.answer is WindowAnswer.CORRECTED for matter, _ in placed) == 2
    assert sum(matter.course.answer is WindowAnswer.DEEMED for matter, _ in placed) == 1
    assert sum(matter.withdrawn_on is not None for matter in matters) == 1
    assert sum(matter.lapses for matter in matters) == 1


def test_named_items_have_their_own_counts_and_are_never_late() -> None:
    matters = [each for each in matters_of() if BY_CODE[each.item_code].name == "廉租房申请初审"]
    assert len(matters) == 10
    assert sum(matter.refused for matter in matters) == 2
    assert all(matter.days is not None and matter.days.closed_on < last_day(matter, matter.days) for matter in matters)


def test_a_seed_gives_the_same_year_again_and_another_seed_another_year() -> None:
    assert matters_of() == matters_of()
    assert matters_of() != matters_of({"seed": 8})


def test_everything_happens_on_working_days_of_the_year_and_in_season() -> None:
    calendar = state_council()
    matters = matters_of({"items": {"流动人员公租房申办": {"applied": 10}}})
    assert all(calendar.works(on) and on.year == 2016 for on in by_day(matters))
    seasonal = [each for each in matters if BY_CODE[each.item_code].name == "流动人员公租房申办"]
    season = BY_CODE[seasonal[0].item_code].seasons[0]
    assert all(season.open_from <= matter.received_on.isoformat() <= season.open_to for matter in seasonal)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": {"没有这一项": {"applied": 1}}}, "items.没有这一项"),
        ({"items": {"老年人优待证办理": {"applied": 2, "refused": 1}}}, "items.老年人优待证办理.refused"),
        ({"items": {"老年人优待证办理": {"applied": 70}}}, "instant"),
        ({"instant": 95}, "instant"),
        ({"late": 40}, "late"),
        ({"late": 0, "last_day": 0, "among": {"deemed": 40}}, "among.deemed"),
    ],
)
def test_a_plan_that_the_catalogue_cannot_fill_is_refused(change: Mapping[str, Any], field: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        matters_of(change)
    assert refused.value.field == field


PLANS = st.builds(
    Plan,
    year=st.integers(2012, 2020),
    seed=st.integers(0, 99),
    volume=st.integers(30, 60),
    items=st.builds(lambda n, r: {"廉租房申请初审": NamedItem(n, min(n, r))}, st.integers(0, 9), st.integers(0, 9)),
    instant=st.integers(0, 15),
    late=st.integers(0, 1),
    last_day=st.integers(0, 2),
    dissatisfied=st.integers(0, 3),
    corrected=st.integers(0, 1),
    deemed=st.integers(0, 1),
    withdrawn=st.integers(0, 2),
    not_corrected=st.integers(0, 2),
)


@given(PLANS)
@settings(max_examples=examples(40), deadline=None)
def test_any_plan_is_placed_in_full(plan: Plan) -> None:
    open_all_years = [replace_years(item) for item in ITEMS]
    matters = schedule(replace(plan), open_all_years, state_council())
    assert sum(bool(matter.grade) for matter in matters) == plan.volume
    assert sum(matter.days is None and bool(matter.grade) for matter in matters) == plan.instant
    for matter in matters:
        days = matter.days
        if days is not None:
            assert days.received_on <= days.answered_on <= days.reviewed_on <= days.closed_on <= days.collected_on
            assert days.closed_on.year == plan.year
            assert matter.course.ending is not MatterEnding.REFERRAL or days.collected_on == days.closed_on


def replace_years(item: catalogue.Item) -> catalogue.Item:
    again = catalogue.Item()
    again.CopyFrom(item)
    again.effective_from, again.effective_to = "2008-01-01", ""
    del again.seasons[:]
    return again
