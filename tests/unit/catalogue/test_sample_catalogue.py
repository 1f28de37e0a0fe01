"""The catalogue that comes with the product: eighty-eight samples, the report's own among them, all of them sound."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from catalogue.check import ItemDocument, check, load, load_halls, load_templates
from catalogue.check.schema import kinds
from law.items import PublicPeriod
from tests.unit.catalogue.shelf import CATALOGUE, ITEMS

TIME_SENSITIVE = ["独生子女证信息登记", "全面二孩生育登记", "公共集体户", "流动人员公租房申办", "退休人员年审"]


@cache
def items() -> dict[str, ItemDocument]:
    return {item.name: item for item in load(ITEMS)}


def test_the_whole_catalogue_is_sound_and_holds_exactly_eighty_eight_items() -> None:
    checked = check(CATALOGUE)
    assert checked.refusals == ()
    assert len(checked.items) == 88
    assert len(items()) == 88
    assert len({item.code for item in checked.items}) == 88


def test_every_item_is_marked_as_a_sample_in_its_heading_and_in_a_field() -> None:
    for item in items().values():
        assert item.sample
        assert item.path.read_text(encoding="utf-8").startswith("# 样例，非正式目录。")


@pytest.mark.parametrize(
    ("name", "kind", "closes_on"),
    [
        ("再生育子女审批", "promised", "decision"),
        ("广东省居住证核发", "forwarded", "district_decision"),
        ("廉租房申请初审", "forwarded", "referral"),
    ],
)
def test_the_three_items_of_the_report_close_where_the_report_counts_them(name: str, kind: str, closes_on: str) -> None:
    assert (items()[name].kind, items()[name].closes_on) == (kind, closes_on)
    assert "online" in items()[name].accept_points, "均已进驻网上办事大厅"


@pytest.mark.parametrize("name", TIME_SENSITIVE)
def test_a_time_sensitive_item_of_the_report_is_open_for_part_of_2016_only(name: str) -> None:
    seasons = items()[name].seasons
    assert any(season.open_from.year == 2016 for season in seasons)
    assert all(earlier.open_to < later.open_from for earlier, later in pairwise(seasons))


def test_only_the_five_time_sensitive_items_have_seasons() -> None:
    assert sorted(name for name, item in items().items() if item.seasons) == sorted(TIME_SENSITIVE)


def test_papers_of_the_2016_rental_batch_are_taken_until_the_seventh_of_july() -> None:
    assert items()["流动人员公租房申办"].seasons == (PublicPeriod(date(2016, 5, 19), date(2016, 7, 7)),)


def test_most_items_are_completed_on_the_spot_and_the_others_promise_three_days_to_four_weeks() -> None:
    counted = Counter(item.kind for item in items().values())
    assert counted == {"instant": 46, "promised": 24, "forwarded": 18}
    promised = {item.promised_limit.calendar_days for item in items().values() if item.promised_limit}
    assert (min(promised), max(promised)) == (3, 28)
    assert len(promised) > 12


def test_each_of_the_five_lines_of_the_hall_has_instant_and_slow_items() -> None:
    kinds_of = {(item.line, item.kind) for item in items().values()}
    assert len(kinds_of) == 5 * 3


def test_every_item_is_in_force_on_the_first_day_of_2016() -> None:
    assert all(item.effective_from <= date(2016, 1, 1) for item in items().values())
    assert all((item.effective_to or date.max) >= date(2016, 12, 31) for item in items().values())


def test_whatever_tells_of_illness_income_disability_or_assistance_is_sensitive() -> None:
    telling = ("救助", "低保", "最低生活", "特困", "残疾", "病残", "困难", "廉租", "失业保险金", "丧葬", "扶助")
    named = {name for name in items() if any(word in name for word in telling)}
    assert {name for name in named if not items()[name].sensitive} == set()


def test_the_hall_has_four_general_windows_and_two_former_special_ones() -> None:
    (hall,) = load_halls(CATALOGUE / "windows.yaml")
    general = [window for window in hall.windows if window.general]
    assert [window.code for window in general] == ["W1", "W2", "W3", "W4"]
    assert all(len(window.lines) == 5 and window.served.first == date(2015, 10, 8) for window in general)
    assert [window.served.last.year for window in hall.windows if not window.general] == [2015, 2015]
    assert hall.street == "440105008"


def test_the_ten_message_texts_are_numbered_and_hide_the_item_behind_a_placeholder() -> None:
    (texts,) = load_templates(CATALOGUE / "templates.yaml")
    assert [template.code for template in texts.templates] == [f"N{number:02d}" for number in range(1, 11)]
    assert all("item" in template.placeholders or template.code == "N08" for template in texts.templates)


@pytest.mark.parametrize("kind", kinds())
def test_every_property_of_a_schema_has_a_title_and_a_sentence_and_every_object_is_closed(kind: str) -> None:
    schema = json.loads((CATALOGUE / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for path, node in _objects(schema, ()):
        assert node["additionalProperties"] is not True, path
        for name, written in node["properties"].items():
            assert written["title"], (path, name)
            assert written["description"].endswith((".", ")")), (path, name)


def _objects(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and "additionalProperties" in node:
            yield path, node
        for key, inner in node.items():
            yield from _objects(inner, (*path, key))
