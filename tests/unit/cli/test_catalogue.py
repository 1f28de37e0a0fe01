"""`onewindow catalogue check`: exit code and output that people and programs can rely on."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from catalogue.check import load_templates
from cli.catalogue.catalogue import app
from tests.unit.catalogue.shelf import CATALOGUE, ITEMS, LOW_RENT, SMALL_AID, edited, line_of


def test_a_sound_catalogue_ends_with_code_zero_and_the_number_of_items() -> None:
    answer = _run("check", str(ITEMS))
    *remarks, summary = answer.stdout.splitlines()
    assert (answer.exit_code, summary) == (0, f"检查通过：事项 88 项。另有 {len(remarks)} 条提示，不影响发布。")
    assert all(" 提示：" in remark for remark in remarks)


def test_every_kind_of_a_catalogue_is_counted() -> None:
    answer = _run("check", str(CATALOGUE))
    texts = sum(len(each.templates) for each in load_templates(CATALOGUE))
    counts = f"事项 88 项，街道 18 个，窗口 6 个，短信模板 {texts} 条"
    assert answer.exit_code == 0
    assert f"检查通过：{counts}。" in answer.stdout


def test_a_hall_without_a_list_of_streets_is_sound_and_its_street_is_named() -> None:
    first, second = _run("check", str(CATALOGUE / "windows.yaml")).stdout.splitlines()
    assert first == "检查通过：窗口 6 个。"
    assert "未核对大厅的街道：440105008" in second


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("streets.yaml", "未比对：街道 18 个；"),
        ("windows.yaml", "未比对：窗口 6 个；"),
    ],
)
def test_a_comparison_says_what_it_did_not_compare(name: str, says: str) -> None:
    answer = _run("diff", str(CATALOGUE / name))
    assert answer.exit_code == 0
    assert "没有可比对的事项。" in answer.stdout
    assert says in answer.stdout


def test_a_finding_ends_with_code_one_and_says_file_line_field_and_rule(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("sms: true", "sms: false"))
    answer = _run("check", str(file))
    assert answer.exit_code == 1
    assert f"{file}:{line_of(file, 'sms:')} sms 非即办件一律发短信，应为 true，现为 false。" in answer.stdout
    assert "共 1 个问题" in answer.stdout


def test_json_is_one_document_with_findings_and_the_number_of_items(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("sms: true", "sms: false"))
    answer = _run("check", str(file), "--json")
    sentence = "非即办件一律发短信，应为 true，现为 false。"
    finding = {
        "file": str(file),
        "line": line_of(file, "sms:"),
        "field": "sms",
        "rule": "told_by_kind",
        "sentence": sentence,
        "refused": True,
        "days": [],
    }
    assert answer.exit_code == 1
    counts = {"items": 1, "streets": 0, "windows": 0, "templates": 0, "calendars": 0}
    assert json.loads(answer.stdout) == {"findings": [finding], **counts}


def test_json_names_every_day_of_a_remark_and_the_file_is_sound() -> None:
    answer = _run("check", str(ITEMS / LOW_RENT), "--json")
    (remark,) = json.loads(answer.stdout)["findings"]
    assert (answer.exit_code, remark["refused"], remark["rule"]) == (0, False, "promised_within_legal")
    assert (len(remark["days"]), remark["days"][0]) == (1213, "2007-01-24")


def test_a_file_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    answer = _run("check", str(tmp_path / "none.yaml"), "--json")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "找不到" in answer.stderr


@pytest.mark.parametrize(
    ("street", "sentence"),
    [
        ('"44010500"', "「街道代码」应为九位数字，现为「44010500」。"),
        ("440105008", "「街道代码」应是文字，数字请加引号，现为 440105008。"),
    ],
)
def test_a_file_that_is_miswritten_says_that_its_rules_come_later(tmp_path: Path, street: str, sentence: str) -> None:
    file = tmp_path / "windows.yaml"
    shipped = (CATALOGUE / "windows.yaml").read_text(encoding="utf-8")
    file.write_text(shipped.replace('"440105008"', street), encoding="utf-8")
    answer = _run("check", str(file))
    assert sentence in answer.stdout
    assert answer.stdout.endswith("共 1 个问题，改正后才能发布。其余规则在写法改正后再检查。\n")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))
