"""`onewindow catalogue check`: exit code and output that people and programs can rely on."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from cli.catalogue.catalogue import app
from tests.unit.catalogue.shelf import ITEMS, SMALL_AID, edited, line_of


def test_a_sound_catalogue_ends_with_code_zero_and_the_number_of_items() -> None:
    answer = _run("check", str(ITEMS))
    assert (answer.exit_code, answer.stdout) == (0, "检查通过：事项 88 项。\n")


def test_a_finding_ends_with_code_one_and_says_file_line_field_and_rule(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("sms: true", "sms: false"))
    answer = _run("check", str(file))
    assert answer.exit_code == 1
    assert f"{file}:{line_of(file, 'sms:')} sms 非即办件一律发短信，应为 true。" in answer.stdout
    assert "共 1 个问题" in answer.stdout


def test_json_is_one_document_with_findings_and_the_number_of_items(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("sms: true", "sms: false"))
    answer = _run("check", str(file), "--json")
    sentence = "非即办件一律发短信，应为 true。"
    finding = {
        "file": str(file),
        "line": line_of(file, "sms:"),
        "field": "sms",
        "rule": "told_by_kind",
        "sentence": sentence,
    }
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == {"findings": [finding], "items": 1}


def test_a_file_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    answer = _run("check", str(tmp_path / "none.yaml"), "--json")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "找不到" in answer.stderr


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))
