"""Windows and message texts are held to their rules as items are."""

from pathlib import Path

import pytest

from catalogue.check import check
from catalogue.check.document import read
from catalogue.wire import street_messages
from tests.support.told_value import tells, value_at
from tests.unit.catalogue.shelf import CATALOGUE, Broken, found

LAST_STAFF = "from: 2012-01-04, to: 2015-09-30, substitute: NHX-003}"

BROKEN = [
    ("windows.yaml", "name: 综合4号窗", "name: ''", "windows[3].name", "length"),
    ("windows.yaml", "code: W4,", "code: W3,", "windows[3].code", "duplicate_code"),
    ("windows.yaml", "open_to: 2015-09-30}\n  - {code: S2", "open_to: 2009-09-30}\n  - {code: S2",
     "windows[4].open_to", "window_dates"),
    ("windows.yaml", "window: S2,", "window: S9,", "staff[5].window", "unknown_window"),
    ("windows.yaml", LAST_STAFF, LAST_STAFF.replace("2015-09-30", "2015-10-01"), "staff[5].from", "assignment_dates"),
    ("windows.yaml", LAST_STAFF, LAST_STAFF.replace("to: 2015-09-30, ", ""), "staff[5].from", "assignment_dates"),
    ("windows.yaml", LAST_STAFF, LAST_STAFF.replace("to: 2015", "to: 2011"), "staff[5].to", "assignment_dates"),
    ("windows.yaml", LAST_STAFF, LAST_STAFF.replace("NHX-003", "NHX-004"), "staff[5].substitute", "substitute"),
    ("windows.yaml", LAST_STAFF, LAST_STAFF.replace("NHX-003", "NHX-099"), "staff[5].substitute", "substitute"),
    ("windows.yaml", 'closes_at: "12:00"', 'closes_at: "08:00"', "hall.hours[0].closes_at", "hours"),
    ("windows.yaml", 'opens_at: "14:00"', 'opens_at: "11:00"', "hall.hours[1]", "hours_overlap"),
    ("windows.yaml", 'opens_at: "16:30"', 'opens_at: "17:30"', "hall.closures[0].closes_at", "hours"),
    ("windows.yaml", ', closes_at: "17:30", effective_from', ", effective_from", "hall.closures[0].closes_at",
     "closure_times"),
    ("windows.yaml", "weekday: 5", "weekday: 8", "hall.closures[0].weekday", "range"),
    ("windows.yaml", "says: 业务学习", "says: =1+1", "hall.closures[0].says", "formula"),
    ("windows.yaml", 'street: "440105008"', "street: 440105008", "hall.street", "wrong_kind"),
    ("templates.yaml", "您申办的{item}已受理", "您申办的{items}已受理", "templates[0].text", "placeholder"),
    ("templates.yaml", "您申办的{item}已受理", "您申办的{item已受理", "templates[0].text", "placeholder"),
    ("templates.yaml", "，请留意签收。", "，见 www.example.cn。", "templates[7].text", "site_address"),
    ("templates.yaml", "，请留意签收。", "，见172.16.53.140:9000。", "templates[7].text", "site_address"),
    ("templates.yaml", "【南华西街道】您的办理结果", "您的办理结果", "templates[7].text", "signature"),
    ("templates.yaml", "event: sent_by_courier", "event: sent", "templates[7].event", "unknown_value"),
    ("templates.yaml", "code: N08", "code: N07", "templates[7].code", "duplicate_code"),
]  # fmt: skip # one broken rule a line reads as a table


@pytest.mark.parametrize("broken", [Broken(*each) for each in BROKEN])
def test_a_broken_rule_of_a_hall_or_a_text_is_told_at_its_line(tmp_path: Path, broken: Broken) -> None:
    shipped = (CATALOGUE / broken.file).read_text(encoding="utf-8")
    assert shipped.count(broken.text) == 1
    file = tmp_path / broken.file
    file.write_text(shipped.replace(broken.text, broken.instead), encoding="utf-8")
    line = shipped[: shipped.index(broken.text)].count("\n") + 1
    assert (broken.field, broken.rule, line) in found(file), check(file).findings
    for finding in check(file).findings:
        assert tells(finding.sentence, value_at(read(file).content, finding.field)), finding


def test_a_text_that_ends_before_it_begins_is_told(tmp_path: Path) -> None:
    shipped = (CATALOGUE / "templates.yaml").read_text(encoding="utf-8")
    file = tmp_path / "templates.yaml"
    file.write_text(shipped + "    effective_to: 2015-10-07\n", encoding="utf-8")
    assert [(field, rule) for field, rule, _ in found(file)] == [("templates[9].effective_to", "effective_dates")]


def folder_of(tmp_path: Path, street: str) -> Path:
    """The shipped list of streets beside the shipped hall, which stands in `street`."""
    for name in ("streets.yaml", "windows.yaml"):
        text = (CATALOGUE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace('street: "440105008"', f'street: "{street}"'), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("street", ["440105088", "440106001"])
def test_a_hall_stands_in_a_listed_street(tmp_path: Path, street: str) -> None:
    folder = folder_of(tmp_path, street)
    line = (folder / "windows.yaml").read_text(encoding="utf-8").split(street)[0].count("\n") + 1
    assert found(folder) == [("hall.street", "unknown_street", line)]
    assert found(folder / "windows.yaml") == []  # without a list only intake knows


def test_a_street_is_published_from_a_list_alone(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "440105088")
    assert street_messages(check(folder / "windows.yaml").streets) == []
    codes = [street.code for street in street_messages(check(folder).streets)]
    assert (len(codes), "440105088" in codes) == (18, False)
