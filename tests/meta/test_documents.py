"""Every path that a document names is in the tree, so that moving a module cannot leave a page behind."""

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

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


def test_a_path_that_is_gone_is_found() -> None:
    words = list(
        named("`law/lamp.py`, `law/gone.py`, `adapters/<act>.py`, `gone.toml`, `a/b` of a kind, `onewindow up`")
    )
    assert words == ["law/lamp.py", "law/gone.py", "adapters/<act>.py", "gone.toml"]
    assert [word for word in words if not exists(word)] == ["law/gone.py", "gone.toml"]
