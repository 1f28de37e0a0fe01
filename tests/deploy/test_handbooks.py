"""What handbooks and runbooks tell an operator to type exists, and works where there is a cluster and no laptop."""

import json
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

from chassis.rpc import passes
from chassis.vault.keys import Keyring
from chassis.vault.sealed import open_sealed, seal_to
from chassis.watched_file import WatchedFile
from cli.main import COMMANDS
from tests.deploy.rendering import CHART, ROOT, kind, minimal

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
    lines = [line for line in page.read_text().splitlines() if re.search(r"日志|\blogs?\b", line)]
    assert [name for name in _LOGGED.findall("\n".join(lines)) if f'"{name}"' not in sources] == []


def _blocks(language: str) -> list[str]:
    page = (CHART / "README.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_office_keys_made_as_the_chart_says_are_keys_that_the_services_take(tmp_path: Path) -> None:
    [made] = [block for block in _blocks("sh") if "genpkey" in block]
    subprocess.run(["sh", "-euc", made], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    for service in ("intake", "approval", "notify"):
        assert Keyring(WatchedFile(tmp_path / f"vault-{service}.json")).now().current == 1
    sealed = seal_to((tmp_path / "seal-public.pem").read_bytes(), b"words", b"place")
    assert open_sealed([(tmp_path / "seal-private.pem").read_bytes()], sealed, b"place") == b"words"
    read_pass = passes.sign({"case": "1"}, (tmp_path / "read-pass-private.pem").read_bytes(), 2e9)
    assert passes.verify(read_pass, (tmp_path / "read-pass-public.pem").read_bytes(), 1e9)["case"] == "1"
    assert len((tmp_path / "pepper").read_text().strip()) == 64


def test_the_register_of_systems_that_the_chart_shows_is_one(tmp_path: Path) -> None:
    [shown] = _blocks("json")
    assert {each["system"] for each in json.loads(shown).values()} == {"PROBE", "PORTAL", "DISTRICT_SYSTEM"}
    told = kind(minimal(tls={"source": "certManager", "certManager": {"issuer": "i"}}), "Certificate")
    assert told["onewindow-test"]["spec"]["uris"][0] in json.loads(shown)
