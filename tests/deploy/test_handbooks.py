"""What handbooks and runbooks tell an operator to type exists, and works where there is a cluster and no laptop."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

from cli.main import COMMANDS
from tests.deploy.rendering import ROOT

PAGES = [
    *sorted((ROOT / "docs/runbook").glob("*.md")),
    *sorted((ROOT / "docs/deploy").glob("*.md")),
    *sorted((ROOT / "deploy").rglob("*.md")),
    *(ROOT / name for name in ("docs/operations.md", "docs/zh/operations.md", "UPGRADING.md")),
]
OF_A_LAPTOP = {"up", "down", "status", "demo", "clock", "token", "report", "case", "bench"}
"""Commands that look for the embedded stack; beside a cluster they find none."""
_TYPED = re.compile(r"(?:`|/bin/|^ *)onewindow ((?:[a-z]+ ?)+)", re.MULTILINE)
_LOGGED = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")


def _commands(text: str) -> Iterator[list[str]]:
    for found in _TYPED.finditer(text):
        yield found[1].split()


def _known(words: list[str]) -> bool:
    """Whether the words lead to a command; what follows one are its arguments."""
    if words[0] not in COMMANDS:
        return False
    group = get_group(import_module(COMMANDS[words[0]][0]).app)
    return words[0] in group.commands or len(words) == 1 or words[1] in group.commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_tells_exists(page: Path) -> None:
    told = list(_commands(page.read_text()))
    assert [words for words in told if not _known(words)] == []
    sized = page.name == "sizing.md"  # what a matter costs is measured on a machine of one's own
    assert [words for words in told if words[0] in OF_A_LAPTOP and not sized] == []


def test_commands_are_found_at_all() -> None:
    assert ["streams", "recreate"] in list(_commands((ROOT / "docs/operations.md").read_text()))
    assert not _known(["streams", "drop"])


@pytest.mark.parametrize("page", sorted((ROOT / "docs/runbook").glob("O*.md")), ids=lambda page: page.stem)
def test_every_line_of_a_log_that_a_runbook_names_is_written(page: Path) -> None:
    sources = "".join(path.read_text() for name in ("chassis", "services") for path in (ROOT / name).rglob("*.py"))
    assert [name for name in _LOGGED.findall(page.read_text()) if f'"{name}"' not in sources] == []
