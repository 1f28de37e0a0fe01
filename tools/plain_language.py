"""Plain technical English in product code: identifiers, module names, class names, docstrings.

The tables are in `tools/words.toml`. Each rule is a function from a root to all its findings, used by the structure
script, and a check that leaves out the folders of `[staged]`, used by `make check`.
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

from tools.tree import PRODUCT, Violation, below, files, parse, python_files, read
from tools.words import definitions, parts

_TABLE = Path(__file__).with_name("words.toml")
_PROTO_NAME = re.compile(r"^\s*(?:message|enum|rpc)\s+(\w+)", re.MULTILINE)
_DOMAIN = "services/*/domain/*"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Dialect words that are right in some folders, or phrases that are right everywhere."""

    words: frozenset[str]
    paths: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The tables of plain language: banned words, banned first words, exceptions, folders not clean yet."""

    dialect: frozenset[str]
    allowed: tuple[Allowed, ...]
    gerund_modules: frozenset[str]
    first_words: tuple[str, ...]
    most_percent: int
    class_names: frozenset[str]
    staged: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Docstrings:
    """Number of docstrings in product code, and a finding for each that starts with a question word."""

    total: int
    findings: list[Violation]

    @property
    def percent(self) -> float:
        """Share of docstrings that start with a question word, in percent."""
        return 100 * len(self.findings) / self.total if self.total else 0.0


@lru_cache(maxsize=1)
def language() -> Language:
    """The tables as they stand in `tools/words.toml`."""
    source = tomllib.loads(read(_TABLE))
    dialect = source["dialect"]
    allowed = [
        Allowed(frozenset(row.get("words", ())), tuple(row.get("paths", ())), tuple(row.get("phrases", ())))
        for row in dialect["allow"]
    ]
    return Language(
        dialect=frozenset(dialect["never"]),
        allowed=tuple(allowed),
        gerund_modules=frozenset(name for row in dialect["gerund_module"] for name in row["names"]),
        first_words=tuple(source["docstrings"]["never"]),
        most_percent=source["docstrings"]["most_percent"],
        class_names=frozenset(name for row in source["class_names"]["allow"] for name in row["names"]),
        staged={rule: tuple(folders) for rule, folders in source["staged"].items()},
    )


def check_dialect(root: Path) -> list[Violation]:
    """Identifiers of the dialect and modules named by a gerund, outside the staged folders."""
    return [
        *_unstaged("dialect", dialect_identifiers(root)),
        *_unstaged("gerund_modules", gerund_modules(root)),
    ]


def check_class_names(root: Path) -> list[Violation]:
    """Class names that are defined more than once outside the staged folders."""
    return duplicate_classes(root, staged=language().staged["class_names"])


def check_docstrings(root: Path) -> list[Violation]:
    """Docstrings that start with a question word, when their share outside the staged folders is over the limit."""
    found = docstrings(root, staged=language().staged["docstrings"])
    return found.findings if found.percent > language().most_percent else []


def dialect_identifiers(root: Path) -> list[Violation]:
    """Definitions of product code whose name contains a word of the dialect."""
    return [
        Violation(where, identifier.line, f"`{identifier.name}` contains `{word}`: use a plain word")
        for where, tree in _modules(root)
        for identifier in definitions(tree, _name(where))
        for word in _dialect_words(identifier.name, where)
    ]


def gerund_modules(root: Path) -> list[Violation]:
    """Modules and packages of product code whose name ends in a gerund."""
    return [
        Violation(where, 1, f"`{module}` is a gerund: name the module by a noun")
        for where, _tree in _modules(root)
        for module in [_name(where)]
        if module.endswith("ing") and module not in language().gerund_modules
    ]


def duplicate_classes(root: Path, staged: tuple[str, ...] = ()) -> list[Violation]:
    """Definitions of product classes whose name another class has, one finding for each definition."""
    contract = frozenset(name for path in files(root, "proto/*.proto") for name in _PROTO_NAME.findall(read(path)))
    places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for where, tree in _modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not _below(where, staged):
                places[node.name].append((where, node.lineno))
    return [
        Violation(where, line, f"class `{name}` is defined {len(found)} times: {', '.join(at for at, _ in found)}")
        for name, found in sorted(places.items())
        if len(found) > 1 and name not in language().class_names
        if not (name in contract and all(fnmatch(at, _DOMAIN) for at, _ in found))
        for where, line in found
    ]


def docstrings(root: Path, staged: tuple[str, ...] = ()) -> Docstrings:
    """Docstrings of modules, classes and functions of product code, outside `staged`."""
    total, findings = 0, []
    for where, tree in _modules(root):
        if _below(where, staged):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if text := ast.get_docstring(node):
                total += 1
                findings += [
                    Violation(where, getattr(node, "lineno", 1), f"the docstring starts with `{word}`: {text[:60]}")
                    for word in language().first_words
                    if re.match(rf"{word}\b", text, re.IGNORECASE)
                ]
    return Docstrings(total, findings)


def _unstaged(rule: str, findings: list[Violation]) -> list[Violation]:
    return [finding for finding in findings if not _below(finding.path, language().staged[rule])]


def _below(where: str, folders: tuple[str, ...]) -> bool:
    return any(where == folder or where.startswith(f"{folder}/") for folder in folders)


def _modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    return ((below(root, path), parse(path)) for path in python_files(root, *PRODUCT))


def _name(where: str) -> str:
    path = Path(where)
    return path.parent.name if path.stem == "__init__" else path.stem


def _dialect_words(name: str, where: str) -> list[str]:
    said = parts(name)
    for allowed in language().allowed:
        for phrase in allowed.phrases:
            said = said.replace(f" {phrase} ", "  ")
    free = {word for allowed in language().allowed if _matches(where, allowed.paths) for word in allowed.words}
    return sorted((language().dialect - free) & set(said.split()))


def _matches(where: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(where, pattern) for pattern in patterns)
