"""Text of the repository: a silenced rule has its reason on the same line, no line names a machine or a registry.

The rule of clock and environment is not silenced in place at all.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from subprocess import run
from sys import executable

from tools.tree import Violation, below, files, python_files, read, text_files

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
_HOMES = re.compile(r"(?<![\w.])/(?:home|Users)/\w+/")
_REGISTRY = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|^\s*(?:extra-)?index-url\s*=", re.MULTILINE)
_PRIVATE = re.compile(r"https?://(?:[^/\s@]*@)?(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+")


def check_silenced(root: Path) -> list[Violation]:
    """Silenced rules without a reason, blanket silence, and silence where none is allowed."""
    python = [found for path in python_files(root) for found in _judged(root, path, _comments(read(path)))]
    marked = files(root, "*.proto", "*.sh", "*.yaml", ".ci/*")
    others = [found for path in marked for found in _judged(root, path, _marked(read(path)))]
    return [*python, *others, *_settings(root)]


def check_addresses(root: Path) -> list[Violation]:
    """Lines with a path of a machine, an address of a registry or of a private network."""
    banned = [_HOMES, _REGISTRY, _PRIVATE, re.compile(rf"(?<![\w.]){re.escape(str(root))}(?![\w-])")]
    banned += [re.compile(rf"(?<![\w.-]){re.escape(host)}(?![\w-])") for host in _registry_hosts()]
    return [
        Violation(below(root, path), number, f"speaks of a machine, not of the product: {found.group()}")
        for path in text_files(root)
        if path.name != Path(__file__).name
        for number, line in enumerate(read(path).splitlines(), start=1)
        for pattern in banned
        for found in pattern.finditer(line)
    ]


def _judged(root: Path, path: Path, comments: Iterator[tuple[int, str]]) -> Iterator[Violation]:
    for number, comment in comments:
        if not _DIRECTIVE.search(comment):
            continue
        if _BLANKET.search(comment):
            yield Violation(below(root, path), number, "silences every rule at once: name the rule")
        if _NEVER.search(comment) and not below(root, path).startswith("tests/"):
            yield Violation(below(root, path), number, "TID251 (clock, environment) is lifted in pyproject.toml alone")
        if not _REASON.search(_DIRECTIVE.sub(" ", comment)):
            yield Violation(below(root, path), number, "silences a rule without its reason on the same line")


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _marked(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), start=1):
        if found := re.search(r"(?:#|//)\s*(.*)$", line):
            yield number, found.group(1)


def _settings(root: Path) -> Iterator[Violation]:
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
            yield Violation(below(root, path), number, "silences a rule without its reason on the same line")


@lru_cache(maxsize=1)
def _registry_hosts() -> list[str]:
    """The hosts this machine installs from; they end up in locks by accident."""
    settings = run([executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    hosts = re.findall(r"[a-z]+://(?:[^/@\s]*@)?([\w.-]+)", settings)
    return sorted(set(hosts) - {"localhost", "127.0.0.1", "pypi.org"})
