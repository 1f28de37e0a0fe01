"""Unit tests run in two processes: each folder in one of them, and about as many lines in either."""

from pathlib import Path

import pytest

from tools.unit_tests import UNIT, runs, shares


def folder(root: Path, name: str, lines: int) -> Path:
    """A folder with one test file of so many lines."""
    path = root / name
    path.mkdir()
    (path / "test_it.py").write_text("#\n" * lines)
    return path


def test_folders_are_dealt_longest_first_to_the_share_with_fewest_lines(tmp_path: Path) -> None:
    law, intake, notify, cli = (folder(tmp_path, *row) for row in [("a", 90), ("b", 60), ("c", 50), ("d", 10)])
    assert shares(tmp_path, 2) == [[law, cli], [intake, notify]]


def test_what_holds_no_tests_is_in_no_share(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "helper").mkdir()
    (tmp_path / "helper" / "matters.py").write_text("#\n")
    only = folder(tmp_path, "a", 5)
    assert shares(tmp_path, 2) == [[only]]
    assert shares(tmp_path, 1) == [[only]]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_folder_of_the_unit_tests_is_in_exactly_one_share(count: int) -> None:
    dealt = [folder for share in shares(UNIT, count) for folder in share]
    assert sorted(dealt) == sorted({path.parent for path in UNIT.rglob("test_*.py")})


def test_options_go_to_both_runs_and_add_no_other_tests() -> None:
    first, second = runs(["--durations=5"])
    assert first[0] == second[0] == "--durations=5"
    folders = [*first[1:], *second[1:]]
    assert folders and all(Path(folder).is_relative_to(UNIT) for folder in folders)


def test_a_path_is_run_alone() -> None:
    assert runs(["tests/unit/law", "-x"]) == [["tests/unit/law", "-x"]]
