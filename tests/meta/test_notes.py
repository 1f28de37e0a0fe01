"""Notes without an issue, silence without a reason, and traces of a machine are found."""

from pathlib import Path

import pytest

from tests.meta.conftest import Seed
from tools import commands, source_text

NOTES = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_without_an_issue_is_found(seed: Seed, note: str) -> None:
    found = commands.check_lint(seed({"law/term.py": f'"""Term."""\n\n# {note}: some day\n'}))
    assert ("law/term.py", 3) in {(each.path, each.line) for each in found if "TD003" in each.sentence}


def test_a_note_with_an_issue_may_stand(seed: Seed) -> None:
    line = f"# {NOTES[0]}(#12): when the calendar of 2028 is out"
    assert commands.check_lint(seed({"law/term.py": f'"""Term."""\n\n{line}\n'})) == []


@pytest.mark.parametrize(
    "comment",
    ["noqa: E501", "noqa", "noqa: E501,F401", "type: ignore[misc]", "type: ignore", "fmt: off", "pragma: no cover"],
)
def test_silence_without_a_reason_is_found(seed: Seed, comment: str) -> None:
    assert source_text.check_silenced(seed({"law/term.py": f"\nTERM = 1  # {comment}\n"}))[0].line == 2


def test_silence_without_a_rule_is_found_though_it_has_a_reason(seed: Seed) -> None:
    (found,) = source_text.check_silenced(seed({"law/term.py": "TERM = 1  # noqa because it is long\n"}))
    assert "name the rule" in found.sentence


@pytest.mark.parametrize(
    "comment",
    [
        "noqa: E501 - an address that cannot be broken",
        "type: ignore[misc]  # the library has no types",
        "type: ignore[misc]  # noqa: E501 - no types, and long",
    ],
)
def test_silence_with_its_reason_may_stand(seed: Seed, comment: str) -> None:
    assert source_text.check_silenced(seed({"law/term.py": f"TERM = 1  # {comment}\n"})) == []


def test_a_string_that_speaks_of_silence_is_not_silence(seed: Seed) -> None:
    assert source_text.check_silenced(seed({"law/term.py": "TEXT = '# noqa'\n"})) == []


def test_a_contract_is_not_silenced_without_a_reason(seed: Seed) -> None:
    assert len(source_text.check_silenced(seed({"proto/a.proto": "// buf:lint:ignore FIELD_LOWER_SNAKE_CASE\n"}))) == 1


def test_a_setting_that_silences_says_why(seed: Seed, tmp_path: Path) -> None:
    seed({})
    lists = '[tool.ruff.lint]\nignore = [\n    "E501",\n    "E502", # too long\n]\n'
    table = '[tool.ruff.lint.per-file-ignores]\n"a" = [\n    "E501",\n]\n"b" = ["E501"] # too long\n"c" = ["E501"]\n'
    (tmp_path / "pyproject.toml").write_text(lists + table)
    assert [found.line for found in source_text.check_silenced(tmp_path)] == [3, 8, 11]


@pytest.mark.parametrize(
    "line",
    [
        "/ho" + "me/somebody/onewindow/",
        "/Us" + "ers/somebody/onewindow/",
        "--index" + "-url https://packages.example/simple",
        "--find" + "-links wheels",
        "http" + "://10.1.2.3:8080/simple",
        "http" + "s://192.168.0.7/simple",
    ],
)
def test_a_path_of_a_machine_or_a_registry_is_found(seed: Seed, line: str) -> None:
    (found,) = source_text.check_addresses(seed({"requirements.lock": f"\n{line}\n"}))
    assert (found.path, found.line) == ("requirements.lock", 2)


def test_the_folder_of_the_working_tree_is_found(seed: Seed, tmp_path: Path) -> None:
    (found,) = source_text.check_addresses(seed({"docs/map.md": f"see {tmp_path}/docs\n"}))
    assert found.path == "docs/map.md"


@pytest.mark.parametrize(
    "line", ["http://127.0.0.1:9464/metrics", "10.96.0.0/12", "localhost/onewindow:0.1.0", "/home"]
)
def test_addresses_of_the_product_may_stand(seed: Seed, line: str) -> None:
    assert source_text.check_addresses(seed({"docs/map.md": f"{line}\n"})) == []
