"""A year's notice is checked before it is published: field, rule and line of everything that is wrong with it."""

from pathlib import Path

import pytest

from catalogue.check import check
from catalogue.check.document import read
from catalogue.wire import notice_message
from tests.support.told_value import tells, value_at

NOTICE = """\
document: calendar
year: 2027
number: 国办发明电〔2026〕1号
published_on: 2026-11-20
holidays:
  - {name: 元旦, off: ["2027-01-01..2027-01-03"]}
  - name: 春节
    off: ["2027-02-05..2027-02-11"]
    makeup: ["2027-02-20", "2027-02-28"]
  - {name: 清明节, off: ["2027-04-03..2027-04-05"]}
  - {name: 劳动节, off: ["2027-05-01..2027-05-05"], makeup: ["2027-04-25", "2027-05-08"]}
  - {name: 端午节, off: ["2027-06-09"]}
  - {name: 中秋节, off: ["2027-09-15"]}
  - {name: 国庆节, off: ["2027-10-01..2027-10-07"], makeup: ["2027-09-26", "2027-10-09"]}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The sample notice, with each text replaced."""
    text = NOTICE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = folder / "2027.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_sound_notice_is_every_day_that_it_names(tmp_path: Path) -> None:
    checked = check(written(tmp_path))
    (calendar,) = checked.calendars
    assert checked.findings == ()
    message = notice_message(calendar)
    assert (message.year, len(message.days_off), len(message.makeup_days)) == (2027, 27, 6)
    assert list(message.days_off[:4]) == ["2027-01-01", "2027-01-02", "2027-01-03", "2027-02-05"]


def test_a_file_may_leave_out_what_it_is_where_only_calendars_are_published(tmp_path: Path) -> None:
    file = written(tmp_path, ("document: calendar\n", ""))
    assert check(file, "calendar").findings == ()
    assert [finding.rule for finding in check(file).findings] == ["unknown_document"]


@pytest.mark.parametrize(
    ("old", "new", "field", "rule", "line"),
    [
        ("year: 2027", "year: soon", "year", "wrong_kind", 2),
        ("year: 2027", "year: 1999", "year", "range", 2),
        ("number: 国办发明电〔2026〕1号\n", "", "number", "required", 1),
        ("2026-11-20", "2026-11-31", "published_on", "date", 4),
        ("published_on", "amends", "amends", "whole_year", 4),
        (
            "{name: 端午节, off",
            '{name: 端午节, ordinary: ["2027-06-10"], off',
            "holidays[4].ordinary",
            "whole_year",
            12,
        ),
        ("{name: 端午节, off", "{name: 端午节, of", "holidays[4].of", "unknown_field", 12),
        ('"2027-06-09"', '"2027-6-9"', "holidays[4].off[0]", "pattern", 12),
        ('"2027-06-09"', '"2027-06-31"', "holidays[4].off[0]", "date", 12),
        ('"2027-06-09"', '"2028-06-09"', "holidays[4].off[0]", "other_year", 12),
        ('"2027-06-09"', '"2027-04-05"', "holidays[4].off[0]", "duplicate_day", 12),
        ("2027-02-05..2027-02-11", "2027-02-11..2027-02-05", "holidays[1].off[0]", "span", 8),
        ("2027-02-05..2027-02-11", "2027-02-05..2027-05-11", "holidays[1].off[0]", "span", 8),
        ('"2027-02-28"', '"2027-03-01"', "holidays[1].makeup[1]", "makeup_weekday", 9),
        ('"2027-02-28"', '"2027-02-07"', "holidays[1].makeup[1]", "duplicate_day", 9),
    ],
)
def test_what_is_wrong_is_told_by_field_rule_and_line(
    tmp_path: Path, old: str, new: str, field: str, rule: str, line: int
) -> None:
    file = written(tmp_path, (old, new))
    findings = check(file).findings
    assert (field, rule, line) in [(finding.field, finding.rule, finding.line) for finding in findings]
    assert check(written(tmp_path, (old, new))).calendars == ()
    for finding in findings:
        assert tells(finding.sentence, value_at(read(file).content, finding.field)), finding


@pytest.mark.parametrize(
    ("old", "new", "field", "rule", "said"),
    [
        ('  - {name: 端午节, off: ["2027-06-09"]}\n', "", "holidays", "statutory_day_missing", "2027-06-09端午节"),
        ("2027-02-05..2027-02-11", "2027-02-06..2027-02-11", "holidays", "statutory_day_missing", "2027-02-05春节"),
        ("国办发明电〔2026〕1号", "测试", "number", "number", "不是完整的发文字号"),
        (
            "国办发明电〔2026〕1号",
            "国办发明电[2016] 17号",
            "number",
            "number",
            "的年份2016与2027年的安排不符",
        ),
        ("国办发明电〔2026〕1号", "国办发明电〔2024〕1号", "number", "number", "在上年或当年印发"),
    ],
)
def test_what_the_law_demands_of_every_notice_is_told_as_well(
    tmp_path: Path, old: str, new: str, field: str, rule: str, said: str
) -> None:
    findings = check(written(tmp_path, (old, new))).findings
    assert {(finding.field, finding.rule) for finding in findings} == {(field, rule)}
    assert any(said in finding.sentence for finding in findings)


def test_a_number_is_read_in_one_spelling(tmp_path: Path) -> None:
    (calendar,) = check(written(tmp_path, ("国办发明电〔2026〕1号", "国办发明电【２０２６】 １ 号"))).calendars
    assert calendar.number == "国办发明电〔2026〕1号"
