"""A rule that is silenced says why on the same line; that of clock and environment is not silenced in the product."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tools.tree import Finding, below, files, python_files, read

_DIRECTIVE = re.compile(
    r"(?:ruff:\s*)?noqa(?::\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?"
    r"|type:\s*ignore(?:\[[\w, -]+\])?"
    r"|pragma:\s*no\s+\w+|fmt:\s*(?:off|skip)|mypy:\s*[\w-]+(?:=\S+)?"
    r"|buf:lint:ignore\s+[A-Z_]+|shellcheck\s+disable=\S+|yamllint\s+disable\S*(?:\s+rule:\S+)?",
)
_BLANKET = re.compile(r"(?:ruff:\s*)?noqa(?!:)|type:\s*ignore(?!\[)")
_REASON = re.compile(r"\w{2,}\W+\w{2,}")
_NEVER = re.compile(r"noqa:[^#]*\bTID251\b")
_QUIET_TABLE = "[tool.ruff.lint.per-file-ignores]"
_QUIET_LISTS = ("ignore = [", "extend-ignore = [")


def check(root: Path) -> list[Finding]:
    """Silenced rules without a reason, blanket silence, and silence where none is allowed."""
    python = [found for path in python_files(root) for found in _judged(root, path, _comments(read(path)))]
    marked = files(root, "*.proto", "*.sh", "*.yaml", ".ci/*")
    others = [found for path in marked for found in _judged(root, path, _marked(read(path)))]
    return [*python, *others, *_settings(root)]


def _judged(root: Path, path: Path, comments: Iterator[tuple[int, str]]) -> Iterator[Finding]:
    for number, comment in comments:
        if not _DIRECTIVE.search(comment):
            continue
        if _BLANKET.search(comment):
            yield Finding(below(root, path), number, "silences every rule at once: name the rule")
        if _NEVER.search(comment) and not below(root, path).startswith("tests/"):
            yield Finding(below(root, path), number, "TID251 (clock, environment) is lifted in pyproject.toml alone")
        if not _REASON.search(_DIRECTIVE.sub(" ", comment)):
            yield Finding(below(root, path), number, "silences a rule without its reason on the same line")


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _marked(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), start=1):
        if found := re.search(r"(?:#|//)\s*(.*)$", line):
            yield number, found.group(1)


def _settings(root: Path) -> Iterator[Finding]:
    path = root / "pyproject.toml"
    table = listed = False
    for number, line in enumerate(read(path).splitlines() if path.exists() else [], start=1):
        if line.startswith("["):
            table, listed = line == _QUIET_TABLE, False
        elif line.endswith("["):
            listed = table or line.startswith(_QUIET_LISTS)
        elif line == "]":
            listed = False
        elif line and (table or listed) and not _REASON.search(line.partition("#")[2]):
            yield Finding(below(root, path), number, "silences a rule without its reason on the same line")
