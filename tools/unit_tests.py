"""Runs the unit tests in two processes, one for each core of a small machine: `python -m tools.unit_tests`.

The folders of tests/unit are dealt to the processes by their lines, longest first. The output of the first process
is shown as it comes, that of the second one after it. Options (`--durations=20`) go to both of them. Where a path is
given (`tests/unit/law -x`), one pytest runs it, with the options.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNIT = ROOT / "tests/unit"
PROCESSES = 2

_PYTEST = (sys.executable, "-m", "pytest", "--hypothesis-profile=quick", "-q")


def main(arguments: list[str]) -> int:
    """Run the tests; the exit code is that of the first process that did not end with 0."""
    first, *others = runs(arguments)
    with tempfile.TemporaryFile() as output:
        started = [
            subprocess.Popen([*_PYTEST, *run], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT) for run in others
        ]
        codes = [subprocess.run([*_PYTEST, *first], cwd=ROOT, check=False).returncode]
        codes += [process.wait() for process in started]
        output.seek(0)
        sys.stdout.write(output.read().decode(errors="replace"))
    failed = [code for code in codes if code]
    sys.stdout.write("some unit tests failed, see above\n" if failed else "all unit tests passed\n")
    return failed[0] if failed else 0


def runs(arguments: Sequence[str]) -> list[list[str]]:
    """The arguments of each process: its share of the folders, or what was asked for, with the options."""
    if any(argument.startswith("tests") for argument in arguments):
        return [[*arguments]]
    return [[*arguments, *map(str, share)] for share in shares(UNIT, PROCESSES)]


def shares(tests: Path, count: int) -> list[list[Path]]:
    """The folders of the tests in `count` shares of about as many lines."""
    dealt: list[list[Path]] = [[] for _ in range(count)]
    lines = [0] * count
    folders = {folder: _lines(folder) for folder in sorted(tests.iterdir()) if any(folder.glob("test_*.py"))}
    for folder in sorted(folders, key=lambda folder: -folders[folder]):
        smallest = lines.index(min(lines))
        dealt[smallest].append(folder)
        lines[smallest] += folders[folder]
    return [share for share in dealt if share]


def _lines(folder: Path) -> int:
    return sum(len(path.read_text("utf-8").splitlines()) for path in folder.rglob("test_*.py"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
