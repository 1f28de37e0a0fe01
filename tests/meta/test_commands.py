"""The roads into the repository explain themselves and do nothing cleverer than they say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.meta.conftest import Seed
from tests.support.run_order import LAST, ORDER, rank
from tools import check, commands

TARGETS = ["help", "setup", "proto", "demo", "up", "test", "check", "bench", "rule"]


def test_make_help_has_a_line_for_every_target() -> None:
    makefile = (check.ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    shown = subprocess.run(["make", "help"], cwd=check.ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\S+) +\S", shown, re.MULTILINE) == declared
    assert set(TARGETS) <= set(declared)


def test_ci_runs_what_the_readme_says_and_nothing_else() -> None:
    script = check.ROOT / ".ci" / "run"
    lines = [line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines == ["set -eu", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert script.stat().st_mode & 0o111


def test_pre_commit_downloads_nothing() -> None:
    hooks = yaml.safe_load((check.ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [(repo["repo"], hook["language"]) for repo in hooks for hook in repo["hooks"]] == [("local", "system")]


def test_a_name_that_is_no_check_is_refused() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tools.check", "speling"], cwd=check.ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, "speling" in ran.stderr) == (2, True)


def test_a_finding_ends_the_check_with_one(
    monkeypatch: pytest.MonkeyPatch, seed: Seed, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "ROOT", seed({"law/term.py": "DATA = 1\n"}))
    assert check.main(["words"]) == 1
    assert "law/term.py:1: `DATA` says `data`" in capsys.readouterr().out
    assert check.main(["budgets"]) == 0


def test_a_file_that_cannot_be_read_is_reported_and_the_other_checks_go_on(
    monkeypatch: pytest.MonkeyPatch, seed: Seed, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "ROOT", seed({"law/term.py": "def due(:\n"}))
    assert check.main(["budgets", "chart-readme"]) == 1
    printed = capsys.readouterr().out
    assert ("law/term.py:1: cannot be read" in printed, "chart-readme" in printed) == (True, True)


def test_types_that_do_not_fit_are_found(seed: Seed) -> None:
    found = commands.check_types(seed({"law/term.py": "DAYS: int = 'ten'\n"}))
    assert [(finding.path, finding.line) for finding in found] == [("law/term.py", 1)]


def test_a_file_that_is_not_formatted_is_found(seed: Seed) -> None:
    assert [found.path for found in commands.check_format(seed({"law/term.py": "DAYS=10\n"}))] == ["law/term.py"]


def test_what_needs_nothing_runs_first_and_every_folder_has_its_place() -> None:
    folders = [*ORDER, "something_new", *LAST]
    ranks = [rank(Path("/r/tests") / folder / "test_a.py", Path("/r")) for folder in folders]
    assert ranks == sorted(set(ranks))
