"""Every path that a document names is in the tree, so that moving a module cannot leave a page behind."""

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from protocol.event_headers import EVENT_TYPES
from protocol.streams import STREAMS
from tools.check import ROOT

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "deploy/**/*.md", ".gitlab/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name not in {"CHANGELOG.md", "UPGRADING.md"}
)
"""CHANGELOG and UPGRADING speak of earlier releases too."""
MADE = {"gen/", ".venv/bin/onewindow", ".venv/bin/python", ".onewindow/"}
"""What set-up and the embedded stack make."""
INSIDE_A_ROOM = ("domain/", "usecases/", "adapters/", "migrations/", "sql/", "templates/")
"""Folders that a page may name without the service or the chart around them."""
FACTS = {
    source: [field.name for field in event.DESCRIPTOR.oneofs_by_name["fact"].fields]
    for source, event in EVENT_TYPES.items()
}
_PATH = re.compile(r"[\w.<>*…-]+(?:/[\w.<>*…-]+)*/?")
_FILE = re.compile(r"\w\.(?:py|md|toml|sql|proto|typ|tpl)$")


@cache
def tree() -> frozenset[str]:
    """Every tracked file, and every folder with a slash at its end."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = {name for name in listed.splitlines() if (ROOT / name).exists()}
    return frozenset(files | {f"{parent}/" for name in files for parent in Path(name).parents if parent != Path()})


def named(text: str) -> Iterator[str]:
    """The paths among the words in backticks."""
    top = {name.split("/")[0] for name in tree() if "/" in name}
    for word in re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^ *```.*?^ *```", "", text)):
        if _PATH.fullmatch(word) and (
            ("/" in word and (word.split("/")[0] in top or word.startswith(INSIDE_A_ROOM))) or _FILE.search(word)
        ):
            yield word


def exists(word: str) -> bool:
    """Whether the tree has the path: from its root, or below any folder where it does not begin at a top one."""
    pattern = re.sub(r"<[^>]*>|…", "*", word)
    patterns = [pattern.rstrip("/") + "/"] if pattern.endswith("/") else [pattern, f"{pattern}/"]
    return word in MADE or any(
        fnmatch(name, wanted) or fnmatch(name, f"*/{wanted}") for wanted in patterns for name in tree()
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert [word for word in named(page.read_text(encoding="utf-8")) if not exists(word)] == []


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_the_index_of_decisions_has_each_page_once_and_eight_to_read_first() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
    assert sorted(re.findall(r"^\| \[\d{4}\]\((.+?)\)", index, re.MULTILINE)) == pages
    assert len(re.findall(r"^\d\. \[\d{4}\]", index, re.MULTILINE)) == 8
    assert all((ROOT / "docs/adr" / page).read_text(encoding="utf-8").startswith(f"# {page[:4]}. ") for page in pages)


def test_the_map_lists_the_receivers_of_each_stream_and_facts_that_exist() -> None:
    section = (ROOT / "docs/map.md").read_text(encoding="utf-8").partition("## Who receives which fact")[2]
    listed, service, sources = set(), "", [""]
    for row in re.findall(r"^\|(.*)\|$", section.partition("\n## ")[0], re.MULTILINE)[2:]:
        first, second, facts, _ = (cell.strip() for cell in row.split("|"))
        service, sources = first or service, second.split(", ") if second else sources
        listed |= {(service, source) for source in sources}
        known = {kind for source in sources for kind in FACTS.get(source, ())}
        assert [fact for fact in re.findall(r"[a-z]+_[a-z_]+", facts) if fact not in known] == []
    assert listed == {(receiver, one.source) for one in STREAMS for receiver in one.receivers}


def test_a_path_that_is_gone_is_found() -> None:
    words = list(
        named("`law/lamp.py`, `law/gone.py`, `adapters/<act>.py`, `gone.toml`, `a/b` of a kind, `onewindow up`")
    )
    assert words == ["law/lamp.py", "law/gone.py", "adapters/<act>.py", "gone.toml"]
    assert [word for word in words if not exists(word)] == ["law/gone.py", "gone.toml"]
