"""The page of callers is compared with the contract."""

from pathlib import Path

from tools.contracts.access_page import PAGE, check, page

ROOT = Path(__file__).resolve().parents[2]


def test_a_page_that_differs_from_the_contract_is_found(tmp_path: Path) -> None:
    (tmp_path / "proto/onewindow/access").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    assert [violation.path for violation in check(tmp_path)] == [PAGE]
    (tmp_path / PAGE).write_text(page(), encoding="utf-8")
    assert check(tmp_path) == []
    (tmp_path / PAGE).write_text(page().replace("| CLERK |", "| CLERKS |"), encoding="utf-8")
    assert "stale" in check(tmp_path)[0].sentence


def test_the_page_of_this_repository_is_current() -> None:
    assert check(ROOT) == []
