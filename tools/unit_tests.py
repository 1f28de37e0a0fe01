"""Runs the unit tests in two processes, one for each core of a small machine: `python -m tools.unit_tests`.

The files of tests/unit are dealt to the processes by their lines, longest first: workers of pytest-xdist would each
collect all of the tests first, which takes as long as to run them. The output of the first process
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
    """The arguments of each process: its share of the files, or what was asked for, with the options."""
    if any(argument.startswith("tests") for argument in arguments):
        return [[*arguments]]
    return [[*arguments, *map(str, share)] for share in shares(UNIT, PROCESSES)]


def shares(tests: Path, count: int) -> list[list[Path]]:
    """The files of the tests in `count` shares of about as many lines."""
    dealt: list[list[Path]] = [[] for _ in range(count)]
    total = [0] * count
    lines = {file: len(file.read_text("utf-8").splitlines()) for file in sorted(tests.rglob("test_*.py"))}
    for file in sorted(lines, key=lambda file: -lines[file]):
        smallest = total.index(min(total))
        dealt[smallest].append(file)
        total[smallest] += lines[file]
    return [sorted(share) for share in dealt if share]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
