"""How long a file or a function may be, and how much it may be asked for, so that a reader stays comfortable."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from math import ceil
from pathlib import Path

from tools.tree import PRODUCT, Finding, below, files, parse, python_files, read


@dataclass(frozen=True, slots=True)
class Budget:
    """Lines: the median and the 90th percentile over the product, and the most that any one may have."""

    median: int
    p90: int
    most: int


FILE = Budget(median=90, p90=220, most=350)
FUNCTION = Budget(median=9, p90=28, most=50)
CORE_ARGUMENTS = 4
ARGUMENTS = 6
ROOMS = {"services/*/app.py": 120, "services/*/usecases*.py": 150}

_CORE = ("law/*", "services/*/domain/*")
_DUMPED = ("*/schema.sql", "tests/golden/*")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def check(root: Path) -> list[Finding]:
    """What is too long or asks for too much."""
    return [*_files(root), *_functions(root), *_distribution(root)]


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


def _files(root: Path) -> Iterator[Finding]:
    dumped = [path for pattern in _DUMPED for path in files(root, "*.sql") if fnmatch(below(root, path), pattern)]
    written = [path for path in files(root, "*.sql") if path not in dumped]
    for path in [*python_files(root), *written]:
        where, lines = below(root, path), _lines(path)
        most = min([FILE.most, *(limit for room, limit in ROOMS.items() if fnmatch(where, room))])
        if lines > most:
            yield Finding(where, 1, f"the file has {lines} lines, its budget is {most}")


def _functions(root: Path) -> Iterator[Finding]:
    for path in python_files(root):
        where = below(root, path)
        allowed = CORE_ARGUMENTS if any(fnmatch(where, core) for core in _CORE) else ARGUMENTS
        for function in _walk_functions(path):
            if (lines := _span(function)) > FUNCTION.most:
                yield Finding(
                    where, function.lineno, f"{function.name} has {lines} lines, the budget is {FUNCTION.most}"
                )
            if (asked := _arguments(function)) > allowed:
                yield Finding(
                    where, function.lineno, f"{function.name} takes {asked} arguments, the budget is {allowed}"
                )


def _distribution(root: Path) -> Iterator[Finding]:
    measured = [("file", FILE, file_lengths(root)), ("function", FUNCTION, function_lengths(root))]
    for kind, budget, lengths in measured:
        for name, share, limit in [("median", 0.5, budget.median), ("90th percentile", 0.9, budget.p90)]:
            if (found := percentile(list(lengths.values()), share)) > limit:
                longest = max(lengths, key=lambda where: lengths[where])
                yield Finding(
                    longest.partition(":")[0], 1, f"the {name} of {kind} lengths is {found}, the budget {limit}"
                )


def _walk_functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(parse(path)) if isinstance(node, Function))


def _lines(path: Path) -> int:
    return len(read(path).splitlines())


def _span(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _arguments(function: Function) -> int:
    asked = function.args
    named = [argument.arg for argument in [*asked.posonlyargs, *asked.args]]
    bound = 1 if named and named[0] in {"self", "cls"} else 0
    return len(named) - bound + len(asked.kwonlyargs) + bool(asked.vararg) + bool(asked.kwarg)
