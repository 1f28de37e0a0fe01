"""`onewindow calendar`: what is printed, and how it ends."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.calendar.calendar import app

NOTICE_2016 = "国办发明电〔2015〕18号"


def run(*arguments: str, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def answered(line: str | bytes) -> Any:
    """The one answer to one line."""
    result = run("due", "--lines", typed=line)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_a_due_date_is_told_in_the_words_of_the_office() -> None:
    result = run("due", "--from", "2016-03-01", "--days", "20")
    assert result.exit_code == 0
    assert result.stdout == f"最后一日：2016年3月29日（星期二）\n依据：{NOTICE_2016}\n"


def test_json_is_one_document_and_nothing_else() -> None:
    result = run("due", "--from", "2016-03-01", "--days", "20", "--pause", "2016-03-08..2016-03-22", "--json")
    assert json.loads(result.stdout) == {"due_on": "2016-04-14", "provisional": False, "notices": [NOTICE_2016]}


def test_pauses_can_be_given_more_than_once() -> None:
    result = run(
        "due",
        "--from=2016-03-01",
        "--days=20",
        "--pause=2016-03-08..2016-03-10",
        "--pause=2016-03-09..2016-03-22",
        "--json",
    )
    assert json.loads(result.stdout)["due_on"] == "2016-04-14"


def test_a_date_in_2027_is_told_to_be_provisional() -> None:
    ran = run("due", "--from", "2026-12-20", "--days", "20")
    assert "2027年1月18日" in ran.stdout
    assert "暂定" in ran.stdout
    as_json = json.loads(run("due", "--from", "2026-12-20", "--days", "20", "--json").stdout)
    assert as_json == {"due_on": "2027-01-18", "provisional": True, "notices": ["国办发明电〔2025〕7号"]}


def test_calendar_days_roll_from_a_rest_day() -> None:
    result = run("due", "--from", "2016-03-01", "--days", "11", "--unit", "calendar", "--json")
    assert json.loads(result.stdout)["due_on"] == "2016-03-14"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("--from", "2016-02-30", "--days", "5"), "from"),
        (("--from", "20160301", "--days", "5"), "from"),
        (("--from", "2016-03-01", "--days", "0"), "days"),
        (("--from", "2016-03-01", "--days", "-3"), "days"),
        (("--from", "2016-03-01", "--days", "five"), "days"),
        (("--from", "2016-03-01", "--days", "999999999999"), "days"),
        (("--from", "2016-03-01", "--days", "5", "--unit", "weeks"), "unit"),
        (("--from", "2016-03-01", "--days", "5", "--pause", "2016-03-03"), "pauses"),
        (("--from", "2016-03-01", "--days", "5", "--pause", "2016-03-03..2016-03-02"), "pauses"),
        (("--from", "2016-03-01", "--days", "5", "--pause", "2016-03-03..2016-03-04..2016-03-05"), "pauses"),
    ],
)
@pytest.mark.parametrize("command", ["due", "explain"])
def test_wrong_usage_names_the_field_and_ends_with_2(command: str, arguments: tuple[str, ...], field: str) -> None:
    ran = run(command, *arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"{field}：")
    as_json = run(command, *arguments, "--json")
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["error"]["field"] == field
    assert as_json.stderr == ""


def test_a_day_before_the_first_notice_has_no_answer_and_ends_with_1() -> None:
    result = run("due", "--from", "2006-06-01", "--days", "5", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"error": {"field": "from", "rule": "日历自2007-01-01起，更早的日期不能推算。"}}


@pytest.mark.parametrize(
    "arguments",
    [
        ("due",),
        ("due", "--from", "2016-03-01"),
        ("due", "--days", "5"),
        ("explain",),
        ("due", "--lines", "--from", "2016-03-01"),
        ("due", "--lines", "--unit", "calendar"),
        ("due", "--nonsense"),
    ],
)
def test_missing_or_contradicting_options_are_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_lines_are_answered_one_by_one_in_order() -> None:
    questions = [
        {"from": "2016-03-01", "days": 20},
        {"from": "2016-03-01", "days": 20, "unit": "working", "pauses": [["2016-03-08", "2016-03-22"]]},
        {"from": "2016-03-01", "days": 0},
        {"from": "2016-03-01", "days": 11, "unit": "calendar", "pauses": []},
    ]
    result = run("due", "--lines", typed="\n".join(map(json.dumps, questions)) + "\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer.get("due_on") for answer in answers] == ["2016-03-29", "2016-04-14", None, "2016-03-14"]
    assert answers[2] == {"error": {"field": "days", "rule": "天数应为1至10000之间的整数。"}}


def test_blank_lines_ask_nothing_and_are_passed_over() -> None:
    question = json.dumps({"from": "2016-03-01", "days": 20})
    result = run("due", "--lines", typed=f"\n{question}\n  \n\t\n{question}\n\n")
    assert [json.loads(line)["due_on"] for line in result.stdout.splitlines()] == ["2016-03-29"] * 2


def test_no_lines_have_no_answers() -> None:
    assert run("due", "--lines").stdout == ""


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("not json", "line"),
        ("[]", "line"),
        ("null", "line"),
        ('"2016-03-01"', "line"),
        ('{"from":"2016-03-01","days":5,"days":6}', "line"),
        ("[" * 100_000, "line"),
        ('{"from":"2016-03-01","days":' + "9" * 5000 + "}", "line"),
        (b'{"from":"2016-03-01","days":5,"unit":"\xff"}', "line"),
        ("{}", "from"),
        ('{"days":5}', "from"),
        ('{"from":"2016-03-01"}', "days"),
        ('{"from":20160301,"days":5}', "from"),
        ('{"from":"2016-3-1","days":5}', "from"),
        ('{"from":"2016-W09-2","days":5}', "from"),
        ('{"from":"2016-13-01","days":5}', "from"),
        ('{"from":"2006-03-01","days":5}', "from"),
        ('{"from":"9999-12-31","days":5}', "from"),
        ('{"from":null,"days":5}', "from"),
        ('{"from":"2016-03-01","days":"5"}', "days"),
        ('{"from":"2016-03-01","days":5.0}', "days"),
        ('{"from":"2016-03-01","days":true}', "days"),
        ('{"from":"2016-03-01","days":NaN}', "days"),
        ('{"from":"2016-03-01","days":null}', "days"),
        ('{"from":"2016-03-01","days":-5}', "days"),
        ('{"from":"2016-03-01","days":1000000}', "days"),
        ('{"from":"2016-03-01","days":5,"unit":"hours"}', "unit"),
        ('{"from":"2016-03-01","days":5,"unit":["working"]}', "unit"),
        ('{"from":"2016-03-01","days":5,"unit":null}', "unit"),
        ('{"from":"2016-03-01","days":5,"pauses":null}', "pauses"),
        ('{"from":"2016-03-01","days":5,"pauses":["2016-03-02","2016-03-03"]}', "pauses"),
        ('{"from":"2016-03-01","days":5,"pauses":[["2016-03-02"]]}', "pauses"),
        ('{"from":"2016-03-01","days":5,"pauses":[["2016-03-02",3]]}', "pauses"),
        ('{"from":"2016-03-01","days":5,"pauses":[["2016-03-03","2016-03-02"]]}', "pauses"),
        ('{"from":"2016-03-01","days":5,"pauses":[["2016-03-03","9999-12-31"]]}', "pauses"),
        ('{"from":"2016-03-01","days":5,"until":"2016-04-01"}', "until"),
        ('{"from":"2016-03-01","days":5,"\\ud800":1}', "\ud800"),
    ],
)
def test_a_line_that_cannot_be_answered_names_the_field_and_the_rule(line: str | bytes, field: str) -> None:
    after = line + (b"\n" if isinstance(line, bytes) else "\n")  # type: ignore[operator] # both sides are of one kind
    error = answered(after)["error"]
    assert error["field"] == field
    assert error["rule"]


def test_the_proof_is_told_day_by_day() -> None:
    result = run("explain", "--from", "2016-02-05", "--days", "2", "--pause", "2016-02-15..2016-02-15")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "2016年2月5日（星期五）的次日起算，期限2个工作日，中止计时1次："
    assert lines[1] == f"2016-02-06  星期六  第1日  调休上班（春节，{NOTICE_2016}）"
    assert lines[2] == f"2016-02-07  星期日  不计入  法定节假日（春节，{NOTICE_2016}）"
    assert lines[9] == f"2016-02-14  星期日  第2日  调休上班（春节，{NOTICE_2016}）"
    assert lines[-2:] == ["最后一日：2016年2月14日（星期日）", f"依据：{NOTICE_2016}"]


def test_the_proof_as_json_carries_the_answer_and_every_day() -> None:
    result = run("explain", "--from", "2016-03-01", "--days", "1", "--json")
    assert json.loads(result.stdout) == {
        "due_on": "2016-03-02",
        "provisional": False,
        "notices": [NOTICE_2016],
        "days": [
            {
                "date": "2016-03-02",
                "counts": True,
                "number": 1,
                "reason": "工作日",
                "notice": "",
                "provisional": False,
            }
        ],
    }
