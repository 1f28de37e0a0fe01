"""Length of files and functions, number of arguments, modules in a folder, so that a reader stays comfortable."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from math import ceil
from pathlib import Path

from tools.tree import PRODUCT, Violation, below, files, parse, python_files, read


@dataclass(frozen=True, slots=True)
class Budget:
    """Lines: the median (None where it has no budget) and the 90th percentile over the product, and the longest."""

    median: int | None
    p90: int
    most: int


FILE = Budget(median=120, p90=220, most=350)
FUNCTION = Budget(median=None, p90=28, most=50)
CORE_ARGUMENTS = 4
ARGUMENTS = 6
CONSTRUCTOR_ARGUMENTS = 8
"""Of `__init__` in adapters, which are given their dependencies one by one."""
FILES = {"services/*/app.py": 80}
FOLDER = 15
"""Modules in one folder, without `__init__`."""

_CORE = ("law/*", "services/*/domain/*")
_ADAPTERS = "services/*/adapters/*"
_DUMPED = ("*/schema.sql", "tests/golden/*.sql")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def check(root: Path) -> list[Violation]:
    """Files, functions and folders over their budget, and percentiles of the product over theirs."""
    return [*_files(root), *_folders(root), *_functions(root), *_distribution(root)]


def modules_by_folder(root: Path) -> Counter[str]:
    """Modules of product code that hold code, without `__init__`, by folder."""
    paths = (path for path in python_files(root, *PRODUCT) if path.name != "__init__.py" and parse(path).body)
    return Counter(below(root, path.parent) for path in paths)


def file_lengths(root: Path) -> dict[str, int]:
    """Lines of every Python file of the product that holds code; an empty `__init__` would flatter the median."""
    found = {below(root, path): _lines(path) for path in python_files(root, *PRODUCT) if len(parse(path).body) > 1}
    return dict(sorted(found.items()))


def function_lengths(root: Path) -> dict[str, int]:
    """Lines of every function of the product, by file and line."""
    return {
        f"{below(root, path)}:{function.lineno}": _span(function)
        for path in python_files(root, *PRODUCT)
        for function in _walk_functions(path)
    }


def percentile(lengths: list[int], share: float) -> int:
    """The smallest length that at least `share` of all do not exceed; 0 when there are none."""
    return sorted(lengths)[max(0, ceil(share * len(lengths)) - 1)] if lengths else 0


def _files(root: Path) -> Iterator[Violation]:
    written = [
        path for path in files(root, "*.sql") if not any(fnmatch(below(root, path), dumped) for dumped in _DUMPED)
    ]
    for path in [*python_files(root), *written]:
        where, lines = below(root, path), _lines(path)
        own = [limit for pattern, limit in FILES.items() if fnmatch(where, pattern)]
        most = min([FILE.most, *own])
        if lines > most:
            yield Violation(where, 1, f"the file has {lines} lines, its budget is {most}")


def _folders(root: Path) -> Iterator[Violation]:
    for folder, modules in modules_by_folder(root).items():
        if modules > FOLDER:
            yield Violation(folder, 1, f"the folder has {modules} modules, the budget is {FOLDER}: group them by kind")


def _functions(root: Path) -> Iterator[Violation]:
    for path in python_files(root):
        where = below(root, path)
        for function in _walk_functions(path):
            if (lines := _span(function)) > FUNCTION.most:
                yield Violation(
                    where, function.lineno, f"{function.name} has {lines} lines, the budget is {FUNCTION.most}"
                )
            if (arguments := _arguments(function)) > (allowed := _allowed(where, function)):
                yield Violation(
                    where, function.lineno, f"{function.name} takes {arguments} arguments, the budget is {allowed}"
                )


def _distribution(root: Path) -> Iterator[Violation]:
    measured = [("file", FILE, file_lengths(root)), ("function", FUNCTION, function_lengths(root))]
    for kind, budget, lengths in measured:
        for name, share, limit in [("median", 0.5, budget.median), ("90th percentile", 0.9, budget.p90)]:
            if limit is not None and (found := percentile(list(lengths.values()), share)) > limit:
                longest = max(lengths, key=lambda where: lengths[where])
                yield Violation(
                    longest.partition(":")[0], 1, f"the {name} of {kind} lengths is {found}, the budget {limit}"
                )


def _allowed(where: str, function: Function) -> int:
    if any(fnmatch(where, core) for core in _CORE):
        return CORE_ARGUMENTS
    constructor = function.name == "__init__" and fnmatch(where, _ADAPTERS)
    return CONSTRUCTOR_ARGUMENTS if constructor else ARGUMENTS


def _walk_functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(parse(path)) if isinstance(node, Function))


def _lines(path: Path) -> int:
    return len(read(path).splitlines())


def _span(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _arguments(function: Function) -> int:
    arguments = function.args
    named = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    bound = 1 if named and named[0] in {"self", "cls"} else 0
    return len(named) - bound + len(arguments.kwonlyargs) + bool(arguments.vararg) + bool(arguments.kwarg)
