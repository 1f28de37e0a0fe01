"""Inside a domain: acts → stages → the file's state → facts → values, and no act imports an act.

import-linter keeps the rooms apart; the order inside a room goes by the kind of a module, which it cannot discover.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.tree import Violation, below, dotted, files, parse, read

LEVELS = ("values", "facts", "file", "stages", "act")


@dataclass(frozen=True, slots=True)
class Order:
    """Modules of a domain that are not acts: names of `[tool.onewindow.domain]`, level by level, lowest first."""

    values: frozenset[str]
    facts: frozenset[str]
    file: frozenset[str]
    stages: frozenset[str]

    def level(self, module: str) -> int:
        """0 what facts are made of, 1 facts, 2 the state of a file, 3 what its stages allow, 4 an act."""
        name = module.rpartition(".")[2]
        kinds = (self.values, self.facts, self.file, self.stages)
        return next((level for level, names in enumerate(kinds) if name in names), len(kinds))


def check(root: Path) -> list[Violation]:
    """Imports inside a domain that climb, or that join two acts."""
    order = _order(root)
    modules = {dotted(root, path): path for path in files(root, "services/*/domain/*.py") if path.name != "__init__.py"}
    return [
        Violation(below(root, path), line, _sentence(order, module, imported))
        for module, path in modules.items()
        for imported, line in _own_imports(module, path, modules)
        if not _allowed(order.level(module), order.level(imported))
    ]


def _order(root: Path) -> Order:
    table = tomllib.loads(read(root / "pyproject.toml"))["tool"]["onewindow"]["domain"]
    return Order(*(frozenset(table[level]) for level in LEVELS[:4]))


def _allowed(importer: int, imported: int) -> bool:
    """Downward always; beside each other only values, facts and states of files, which may be several."""
    return imported < importer or (imported == importer and importer < LEVELS.index("stages"))


def _sentence(order: Order, module: str, imported: str) -> str:
    importer, target = LEVELS[order.level(module)], LEVELS[order.level(imported)]
    rule = "acts > stages > file > facts > values, and no act imports an act"
    return f"{module} ({importer}) imports {imported} ({target}): {rule}"


def _own_imports(module: str, path: Path, modules: dict[str, Path]) -> Iterator[tuple[str, int]]:
    domain = module[: module.index(".domain.") + len(".domain")]
    for node in ast.walk(parse(path)):
        for name in _imported(node, module.rpartition(".")[0]):
            if name in modules and name != module and name.startswith(f"{domain}."):
                yield name, node.lineno if isinstance(node, ast.stmt) else 1


def _imported(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        parts = package.split(".")
        source = (
            ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])
            if node.level
            else node.module
        )
        return [str(source), *(f"{source}.{alias.name}" for alias in node.names)]
    return []
