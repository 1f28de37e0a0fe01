"""The repository's own files for the checks, without generated, installed or cached ones."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

PRODUCT = (
    *("law", "chassis", "protocol", "client", "services", "embedded", "operations"),
    *("cli", "web", "kit", "simulation", "catalogue", "bench", "tools"),
)

_GENERATED = frozenset({"gen", "build", "dist", "__pycache__", "node_modules"})
_OWN_HIDDEN = frozenset({".ci", ".github"})
_BINARY = frozenset({".png", ".ttf", ".otf", ".pdf", ".xlsx", ".docx", ".gz", ".tar", ".binpb", ".ico", ".pyc", ".bin"})


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One violation of a rule: path, line, and a sentence that describes it."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


def files(root: Path, *patterns: str) -> list[Path]:
    """Every own file of the repository whose path below `root` matches one of `patterns`, in order."""
    return sorted(path for path in _walk(root) if any(fnmatch(below(root, path), pattern) for pattern in patterns))


def python_files(root: Path, *folders: str) -> list[Path]:
    """The Python files of `folders`, or of the product packages and the tests when none is named."""
    return files(root, *(f"{folder}/*.py" for folder in folders or (*PRODUCT, "tests")))


def text_files(root: Path) -> list[Path]:
    """Every own file that holds text."""
    return [path for path in files(root, "*") if path.suffix not in _BINARY]


def read(path: Path) -> str:
    """The text of a file; what is not UTF-8 is replaced, because a check must not stumble over it."""
    return path.read_text(encoding="utf-8", errors="replace")


def parse(path: Path) -> ast.Module:
    """The syntax tree of a Python file, parsed once for all checks of a run."""
    return _parsed(path, path.stat().st_mtime_ns)


def below(root: Path, path: Path) -> str:
    """The path of a file below `root`, with forward slashes."""
    return path.relative_to(root).as_posix()


def dotted(root: Path, path: Path) -> str:
    """The module name of a Python file: path equals import."""
    return below(root, path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@lru_cache(maxsize=4096)
def _parsed(path: Path, _changed_ns: int) -> ast.Module:
    return ast.parse(read(path), filename=str(path))


def _walk(root: Path) -> Iterator[Path]:
    for folder, names, found in os.walk(root):
        names[:] = [name for name in names if _own(name)]
        for name in found:
            yield Path(folder) / name


def _own(folder: str) -> bool:
    return folder in _OWN_HIDDEN or not (folder.startswith(".") or folder in _GENERATED or folder.endswith(".egg-info"))
