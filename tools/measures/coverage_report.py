"""Branch coverage of each package: `python -m tools.measures.coverage_report [--files] [--report] [PYTEST ARGUMENT …]`.

Runs the tests with every Python process of .venv measured, the services of the embedded stack among them, and prints
a row for each package. --files adds the files below their limit with their open branches, --report prints the last
run again. Exit 1 when a package is below its limit; processes that are killed leave no data.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.tree import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build/coverage"
CORE, OTHER = 95, 85
"""Least branch coverage in percent: of law and the domains, of every other package."""

_REPORT = FOLDER / "report.json"
# Sorted before the .pth file by which the library starts itself in every process that has these variables.
_START = Path(sysconfig.get_path("purelib")) / "a0_onewindow_coverage.pth"


@dataclass(slots=True)
class Coverage:
    """Branches and lines of one package, counted and covered, with the figures of its files."""

    package: str
    branches: int = 0
    branches_covered: int = 0
    lines: int = 0
    lines_covered: int = 0
    files: list[tuple[str, float, str]] = field(default_factory=list)

    @property
    def limit(self) -> int:
        """Least branch coverage in percent."""
        return CORE if self.package == "law" or self.package.endswith("/domain") else OTHER

    @property
    def percent(self) -> float:
        """Branches that a test takes, in percent; all of none."""
        return _percent(self.branches_covered, self.branches)

    def add(self, path: str, summary: dict[str, int], missing: list[list[int]]) -> None:
        """Count a file."""
        self.branches += summary["num_branches"]
        self.branches_covered += summary["covered_branches"]
        self.lines += summary["num_statements"]
        self.lines_covered += summary["covered_lines"]
        open_branches = ", ".join(f"{start}->{end if end > 0 else 'exit'}" for start, end in missing)
        self.files.append((path, _percent(summary["covered_branches"], summary["num_branches"]), open_branches))


def package_of(path: str) -> str:
    """The package that a file is counted in: of a service its domain and the rest are counted apart."""
    first, *rest = path.split("/")
    if first != "services" or len(rest) < 2:
        return first
    return f"services/{rest[0]}/domain" if rest[1] == "domain" else f"services/{rest[0]}"


def packages(report: Path = _REPORT) -> list[Coverage]:
    """Every package of the report, in the order of the product's packages."""
    found: dict[str, Coverage] = {}
    for path, measured in json.loads(report.read_text())["files"].items():
        package = package_of(path)
        found.setdefault(package, Coverage(package)).add(path, measured["summary"], measured["missing_branches"])
    counted = (each for each in found.values() if each.lines)
    return sorted(counted, key=lambda each: (PRODUCT.index(each.package.partition("/")[0]), each.package))


def printed(found: list[Coverage], *, files: bool) -> Iterator[str]:
    """The table, and with `files` the files below their limit."""
    yield f"{'package':<28}{'branches':>10}{'covered':>10}{'limit':>8}{'lines':>10}{'covered':>10}\n"
    for each in found:
        low = " below" if each.percent < each.limit else ""
        lines = _percent(each.lines_covered, each.lines)
        row = f"{each.package:<28}{each.branches:>10}{each.percent:>9.1f}%{each.limit:>7}%"
        yield f"{row}{each.lines:>10}{lines:>9.1f}%{low}\n"
        for path, percent, missing in sorted(each.files) if files else []:
            if percent < each.limit:
                yield f"    {path} {percent:.0f}%: {missing}\n"


def main(arguments: list[str]) -> int:
    """Run the tests measured, or read the last report, and print the table."""
    options = {"--files", "--report"} & set(arguments)
    tests_failed = 0
    if "--report" not in options:
        tests_failed = _measure([argument for argument in arguments if argument not in options])
    found = packages()
    sys.stdout.writelines(printed(found, files="--files" in options))
    return tests_failed or int(any(each.percent < each.limit for each in found))


def _measure(arguments: list[str]) -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    # Servers of the stack may run under an account of their own.
    FOLDER.chmod(0o777)
    existing = ", ".join(package for package in PRODUCT if (ROOT / package / "__init__.py").exists())
    with _measured_everywhere():
        # Packages that no test imports are reported too.
        subprocess.run([sys.executable, "-c", f"import {existing}"], cwd=ROOT, check=True)
        ran = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False)
    for command in (["combine", "--quiet"], ["json", "--quiet", "--ignore-errors", "-o", str(_REPORT)]):
        file = f"--data-file={FOLDER / 'data'}"
        subprocess.run([sys.executable, "-m", "coverage", command[0], file, *command[1:]], cwd=ROOT, check=True)
    return ran.returncode


@contextmanager
def _measured_everywhere() -> Iterator[None]:
    settings = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"), "COVERAGE_FILE": str(FOLDER / "data")}
    # A file that stays behind, because this process was killed, measures nothing.
    running = f"os.path.exists('/proc/{os.getpid()}')"
    _START.write_text(f"import os; {running} and os.environ.update({settings!r})\n")
    try:
        yield
    finally:
        _START.unlink()


def _percent(covered: int, total: int) -> float:
    return 100 * covered / total if total else 100.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
