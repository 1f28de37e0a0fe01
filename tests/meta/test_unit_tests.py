"""Unit tests run in two processes: each file in one of them, and about as many lines in either."""

from pathlib import Path

import pytest

from tools.unit_tests import UNIT, runs, shares


def written(root: Path, name: str, lines: int) -> Path:
    """A test file of so many lines in a folder of its own."""
    path = root / name / f"test_{name}.py"
    path.parent.mkdir()
    path.write_text("#\n" * lines)
    return path


def test_files_are_dealt_longest_first_to_the_share_with_fewest_lines(tmp_path: Path) -> None:
    law, intake, notify, cli = (written(tmp_path, *row) for row in [("a", 90), ("b", 60), ("c", 50), ("d", 10)])
    assert shares(tmp_path, 2) == [[law, cli], [intake, notify]]


def test_what_holds_no_tests_is_in_no_share(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "helper").mkdir()
    (tmp_path / "helper" / "matters.py").write_text("#\n")
    only = written(tmp_path, "a", 5)
    assert shares(tmp_path, 2) == [[only]]
    assert shares(tmp_path, 1) == [[only]]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_file_of_the_unit_tests_is_in_exactly_one_share(count: int) -> None:
    dealt = [file for share in shares(UNIT, count) for file in share]
    assert sorted(dealt) == sorted(UNIT.rglob("test_*.py"))


def test_options_go_to_both_runs_and_add_no_other_tests() -> None:
    first, second = runs(["--durations=5"])
    assert first[0] == second[0] == "--durations=5"
    files = [*first[1:], *second[1:]]
    assert files and all(Path(file).is_relative_to(UNIT) for file in files)


def test_a_path_is_run_alone() -> None:
    assert runs(["tests/unit/law", "-x"]) == [["tests/unit/law", "-x"]]
