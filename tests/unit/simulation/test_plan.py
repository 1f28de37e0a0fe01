"""A plan that contradicts itself is refused with field and rule, before anything is played."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulation.plan import PlanRefused, load_plan, plan_of

GOOD: Mapping[str, Any] = {
    "year": 2016,
    "seed": 7,
    "volume": 100,
    "items": {"廉租房申请初审": {"applied": 10, "refused": 2}},
    "instant": 60,
    "late": 1,
    "last_day": 2,
    "dissatisfied": 1,
    "among": {"corrected": 2, "deemed": 1},
    "beside": {"withdrawn": 1, "not_corrected": 1},
}


def test_the_shipped_plan_is_the_streets_year() -> None:
    with (files("simulation") / "year_2016.yaml").open(encoding="utf-8") as shipped:
        plan = plan_of(yaml.safe_load(shipped))
    assert (plan.volume, plan.named, plan.instant) == (23837, 5 + 2952 + 757, 16686)
    assert plan.items["廉租房申请初审"].refused == 26


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": 1999}, "year"),
        ({"year": "2016"}, "year"),
        ({"volume": 0}, "volume"),
        ({"volume": -1}, "volume"),
        ({"volume": 99_999_999_999}, "volume"),
        ({"beside": {"withdrawn": 99_999_999_999}}, "beside"),
        ({"volume": True}, "volume"),
        ({"volume": 9}, "items"),
        ({"instant": 101}, "instant"),
        ({"dissatisfied": 101}, "dissatisfied"),
        ({"items": []}, "items"),
        ({"items": {"廉租房申请初审": {"applied": 1, "refused": 2}}}, "items.廉租房申请初审.refused"),
        ({"items": {"廉租房申请初审": {"refused": 0}}}, "items.廉租房申请初审.applied"),
        ({"items": {"廉租房申请初审": {"applied": 1, "agreed": 1}}}, "items.廉租房申请初审.agreed"),
        ({"among": {"corrupted": 1}}, "among.corrupted"),
        ({"beside": {"withdrawn": 1.5}}, "beside.withdrawn"),
        ({"volumes": 1}, "volumes"),
    ],
)
def test_a_wrong_field_is_named(change: Mapping[str, Any], field: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        plan_of({**GOOD, **change})
    assert refused.value.field == field
    assert refused.value.rule


@pytest.mark.parametrize("missing", ["year", "volume", "items", "instant", "late", "last_day", "dissatisfied"])
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        plan_of({key: value for key, value in GOOD.items() if key != missing})
    assert refused.value.field == missing


def test_what_stands_among_and_beside_may_be_left_out() -> None:
    plan = plan_of({key: value for key, value in GOOD.items() if key not in ("among", "beside", "seed")})
    assert (plan.corrected, plan.deemed, plan.withdrawn, plan.not_corrected) == (0, 0, 0, 0)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: [", b"- 1", b"[" * 600])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(PlanRefused):
        load_plan(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanRefused):
        load_plan(tmp_path / "none.yaml")


def test_a_field_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("year: 2016\nlate: 28\nlate: 29\n", encoding="utf-8")
    with pytest.raises(PlanRefused) as refused:
        load_plan(path)
    assert (refused.value.field, refused.value.rule) == ("late", "字段重复")
