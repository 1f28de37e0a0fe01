"""`onewindow identity check`: right or wrong, and why."""

import json

import pytest
from typer.testing import CliRunner, Result

from cli.identity import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def test_a_right_number_ends_with_0_in_its_normal_form() -> None:
    result = run("11010519491231002x")
    assert (result.exit_code, result.stdout) == (0, "有效的公民身份号码：11010519491231002X\n")


def test_a_right_credit_code_is_one_json_document() -> None:
    result = run("12441500196720244T", "--json")
    assert json.loads(result.stdout) == {"valid": True, "kind": "统一社会信用代码", "value": "12441500196720244T"}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1101051949123100", "WRONG_LENGTH"),
        ("1101051949123100AX", "WRONG_LETTER"),
        ("110105194912310021", "WRONG_CHECK_DIGIT"),
        ("110105194902300023", "IMPOSSIBLE_DATE"),
        ("110105299912310023", "FUTURE_DATE"),
        ("110105179912310023", "DATE_TOO_EARLY"),
        ("12441500196720244U", "WRONG_CHECK_DIGIT"),
    ],
)
def test_a_wrong_number_ends_with_1_and_a_reason_of_its_own(value: str, reason: str) -> None:
    ran = run(value)
    assert ran.exit_code == 1
    assert ran.stdout.endswith(f"（{reason}）\n")
    as_json = run(value, "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout)["reason"]) == (1, reason)
    assert value not in as_json.stdout


def test_no_number_is_wrong_usage() -> None:
    assert run().exit_code == 2
