"""Measures the structure of a checkout: `python -m tools.structure [ROOT] [--json] [--show MEASURE]`.

ROOT is this repository by default; any release since the first can be measured, in the old layout or the new one.
--json prints the numbers, --show the findings behind one measure.
"""

import argparse
import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tools import plain_language
from tools.budgets import FILE, FOLDER, FUNCTION, Budget, file_lengths, function_lengths, modules_by_folder, percentile
from tools.tree import PRODUCT, Violation, below, dotted, files, parse, python_files, read

ROOT = Path(__file__).resolve().parent.parent

_FUNCTION_BODY = re.compile(r"^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(\S+)", re.I | re.M)
_SMALL = 25
# Runs in a process of its own, so that the packages of ROOT are read and not those of this repository.
_IMPORTS_OF = """
import json, sys
import grimp
graph = grimp.build_graph(*sys.argv[1:], cache_dir=None)
imports = graph.find_modules_directly_imported_by
json.dump(sorted([importer, imported] for importer in graph.modules for imported in imports(importer)), sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the structure: its name, what is counted, the value, the limit and the findings behind it."""

    name: str
    title: str
    value: float
    limit: str = ""
    findings: list[str] = field(default_factory=list)


def measure(root: Path) -> list[Measure]:
    """Every measure of the checkout at `root`, in the order of the table."""
    return [
        *_language(root),
        *_files(root),
        *_imports_between_modules(root),
        *_sql(root),
        *_tests(root),
        *_lengths(root),
    ]


def cycles(edges: set[tuple[str, str]]) -> list[list[str]]:
    """Groups of nodes that reach each other (strongly connected components of more than one node), sorted."""
    successors: dict[str, set[str]] = {}
    for start, end in edges:
        successors.setdefault(start, set()).add(end)
    reach = {node: _reachable(node, successors) for node in successors}
    groups = {
        tuple(sorted({node, *(other for other in reach[node] if node in reach.get(other, ()))}))
        for node in successors
        if node in reach[node]
    }
    return sorted(list(group) for group in groups if len(group) > 1)


def main(arguments: list[str]) -> int:
    """Print the table, the numbers as JSON, or the findings of one measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--json", action="store_true", help="numbers alone, as JSON")
    parser.add_argument("--show", metavar="MEASURE", help="the findings behind one measure")
    chosen = parser.parse_args(arguments)
    found = measure(chosen.root.resolve())
    if chosen.json:
        sys.stdout.write(json.dumps({each.name: each.value for each in found}, indent=2) + "\n")
    elif chosen.show:
        sys.stdout.writelines(f"{line}\n" for each in found if each.name == chosen.show for line in each.findings)
    else:
        width = max(len(each.title) for each in found)
        sys.stdout.writelines(f"{e.name:<20} {e.title:<{width}} {e.value:>9g}  {e.limit}\n" for e in found)
    return 0


def _language(root: Path) -> list[Measure]:
    docstrings = plain_language.docstrings(root)
    duplicates = plain_language.duplicate_classes(root)
    names = {finding.sentence.split("`")[1] for finding in duplicates}
    dialect, gerunds = plain_language.dialect_identifiers(root), plain_language.gerund_modules(root)
    percent = round(docstrings.percent, 1)
    return [
        Measure(
            "docstrings", "docstrings that start with a question word, %", percent, "<= 3", _shown(docstrings.findings)
        ),
        Measure("class-names", "class names defined more than once", len(names), "0", _shown(duplicates)),
        Measure("dialect", "definitions named by the dialect", len(dialect), "0", _shown(dialect)),
        Measure("gerund-modules", "modules named by a gerund", len(gerunds), "0", _shown(gerunds)),
    ]


def _files(root: Path) -> list[Measure]:
    paths = python_files(root, *PRODUCT)
    modules = [path for path in paths if path.name != "__init__.py" and parse(path).body]
    lines = sum(_lines(path) for path in paths)
    folders = modules_by_folder(root)
    listed = [f"{folder}: {count} modules" for folder, count in folders.most_common(15)]
    comments = sum(map(_comment_lines, paths))
    return [
        Measure("lines", "lines of product code", lines),
        Measure("files", "modules of product code, without __init__", len(modules)),
        Measure("files-per-1000", "modules per 1,000 lines", round(1000 * len(modules) / lines, 1), "<= 9"),
        Measure("largest-folder", "modules in the largest folder", max(folders.values()), f"<= {FOLDER}", listed),
        Measure("comments", "lines with a comment, %", round(100 * comments / lines, 1)),
    ]


def _imports_between_modules(root: Path) -> list[Measure]:
    packages = [package for package in PRODUCT if (root / package / "__init__.py").exists()]
    command = [sys.executable, "-c", _IMPORTS_OF, *packages]
    ran = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=True)
    edges = [(importer, imported) for importer, imported in json.loads(ran.stdout)]
    by_file = cycles(set(edges))
    by_package = [group for level in sorted(_levels(edges).items()) for group in cycles(level[1])]
    joined = [[" <-> ".join(group) for group in groups] for groups in (by_file, by_package)]
    small = _small_modules(root, edges)
    return [
        Measure("circles-by-file", "import circles between modules", len(by_file), "0", joined[0]),
        Measure("circles-by-package", "import circles between packages, every depth", len(by_package), "0", joined[1]),
        Measure("small-modules", f"modules under {_SMALL} lines with one importer", len(small), "0", small),
    ]


def _small_modules(root: Path, edges: list[tuple[str, str]]) -> list[str]:
    """Modules that should be merged into their only importer, with it."""
    importers: dict[str, list[str]] = {}
    for importer, imported in edges:
        importers.setdefault(imported, []).append(importer)
    return [
        f"{below(root, path)}: {_lines(path)} lines, imported by {users[0]}"
        for path in python_files(root, *PRODUCT)
        if path.name != "__init__.py" and _lines(path) < _SMALL
        if len(users := importers.get(dotted(root, path), [])) == 1
    ]


def _levels(edges: list[tuple[str, str]]) -> dict[str, set[tuple[str, str]]]:
    """For every package, the imports between its direct children: a.b.c -> a.d.e is the edge a.b -> a.d of a."""
    levels: dict[str, set[tuple[str, str]]] = {}
    for importer, imported in edges:
        ours, theirs = importer.split("."), imported.split(".")
        shared = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
        if shared is not None:
            edge = (".".join(ours[: shared + 1]), ".".join(theirs[: shared + 1]))
            levels.setdefault(".".join(ours[:shared]), set()).add(edge)
    return levels


def _reachable(start: str, successors: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = successors.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _sql(root: Path) -> list[Measure]:
    bodies = [
        f"{below(root, path)}: {name}"
        for path in files(root, "*/migrations/*.sql")
        if path.name != "schema.sql"
        for name in _FUNCTION_BODY.findall(read(path))
    ]
    return [Measure("sql-functions", "function bodies in migrations", len(bodies), "0", bodies)]


def _tests(root: Path) -> list[Measure]:
    tested: Counter[str] = Counter()
    for path in files(root, "tests/*.py"):
        tested[_tested_room(path)] += _lines(path)
    sources: Counter[str] = Counter()
    for path in python_files(root, *PRODUCT):
        sources[_room(dotted(root, path))] += _lines(path)
    overall = sum(tested.values()) / sum(sources.values())
    return [
        Measure("test-ratio", "lines of tests per line of product code", round(overall, 2), ">= 1.2"),
        *(
            Measure(
                f"test-ratio-{room}", f"the same for {room} alone", round(tested[room] / sources[room], 2), ">= 1.5"
            )
            for room in ("law", "domain")
        ),
    ]


def _room(module: str) -> str:
    if module.partition(".")[0] == "law":
        return "law"
    return "domain" if fnmatch(f"{module}.", "services.*.domain.*") else "other"


def _tested_room(path: Path) -> str:
    """The outermost room that a test imports: a test of law imports law alone, one of a domain law and domains."""
    imported = [name for node in ast.walk(parse(path)) for name in _imports(node)]
    rooms = {_room(name) for name in imported if name.partition(".")[0] in PRODUCT}
    return next((room for room in ("other", "domain", "law") if room in rooms), "other")


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _lengths(root: Path) -> list[Measure]:
    measured: list[tuple[str, Callable[[Path], dict[str, int]], Budget]] = [
        ("file", file_lengths, FILE),
        ("function", function_lengths, FUNCTION),
    ]
    found = []
    for kind, lengths_of, budget in measured:
        lengths = lengths_of(root)
        longest = [f"{where}: {lengths[where]}" for where in sorted(lengths, key=lambda at: -lengths[at])[:30]]
        values = list(lengths.values())
        median = f"<= {budget.median}" if budget.median else ""
        found += [
            Measure(f"{kind}-p50", f"{kind} length, median", percentile(values, 0.5), median),
            Measure(f"{kind}-p90", f"{kind} length, 90th percentile", percentile(values, 0.9), f"<= {budget.p90}"),
            Measure(f"{kind}-max", f"{kind} length, longest", max(values, default=0), f"<= {budget.most}", longest),
        ]
    return found


def _lines(path: Path) -> int:
    return len(read(path).splitlines())


def _comment_lines(path: Path) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(read(path)).readline)
    return sum(token.type == tokenize.COMMENT for token in tokens)


def _shown(findings: list[Violation]) -> list[str]:
    return [str(finding) for finding in findings]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
