"""Mutation testing of the rules that dates rest on: `python -m tools.measures.mutation [--report] [MUTANT …]`.

mutmut changes one operator, number or name at a time in law/ and in the acts that touch dates, and runs the tests that
reach the changed function; a change that no test notices has survived. Prints a row for each module, then the names of
the survivors. --report prints the last run again, a name such as `law.lamp*` runs these alone. Exit 1 below the limit.

Functions under a decorator (properties, caches, the rules of items) are not changed by mutmut: the branch coverage of
`make coverage` and the tests of docs/rules.md hold those.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST = 90
"""Least share of changes that a test notices, in percent."""

_COPY = ROOT / "mutants"
_LOG = ROOT / "build/mutation.log"
_NOTICED = {1, 3, 24, 36, -24, 152, 255}
"""Exit codes of pytest for a failed test or an error, and of mutmut for a run that never ended."""
_SURVIVED, _UNREACHED = {0}, {5, 33}
_NAMED = 200
"""Survivors that a report names."""


@dataclass(slots=True)
class Mutants:
    """The changes to one module, by what became of them."""

    module: str
    noticed: int = 0
    survivors: list[str] = field(default_factory=list)
    unknown: int = 0
    """Not run, or ended by a signal."""

    @property
    def percent(self) -> float:
        """Share of the changes run that a test noticed, in percent; all of none."""
        run = self.noticed + len(self.survivors)
        return 100 * self.noticed / run if run else 100.0


def results(copy: Path = _COPY) -> list[Mutants]:
    """The modules of the last run."""
    found = []
    for path in sorted(copy.rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
        if not codes:
            continue
        module = Mutants(path.relative_to(copy).as_posix().removesuffix(".meta"))
        for name, code in codes.items():
            if code in _NOTICED:
                module.noticed += 1
            elif code in _SURVIVED | _UNREACHED:
                module.survivors.append(name)
            else:
                module.unknown += 1
        found.append(module)
    return found


def printed(found: list[Mutants]) -> Iterator[str]:
    """The lines of the report."""
    yield f"{'module':<60} {'changes':>8} {'noticed':>8} {'%':>6}"
    for module in found:
        run = module.noticed + len(module.survivors)
        yield f"{module.module:<60} {run:>8} {module.noticed:>8} {module.percent:>6.1f}"
    noticed, survived = sum(each.noticed for each in found), sum(len(each.survivors) for each in found)
    yield f"{'all':<60} {noticed + survived:>8} {noticed:>8} {_share(found):>6.1f}"
    if unknown := sum(each.unknown for each in found):
        yield f"{unknown} changes were not run"
    yield from [name for each in found for name in each.survivors][:_NAMED]


def _share(found: list[Mutants]) -> float:
    counts = Counter(noticed=sum(each.noticed for each in found), left=sum(len(each.survivors) for each in found))
    return 100 * counts["noticed"] / counts.total() if counts.total() else 100.0


def _run(names: list[str]) -> int:
    _LOG.parent.mkdir(exist_ok=True)
    if not names:
        shutil.rmtree(_COPY, ignore_errors=True)
    command = [str(Path(sys.executable).parent / "mutmut"), "run", "--max-children", "2", *names]
    with _LOG.open("w") as log:
        return subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False).returncode


def main() -> int:
    """Run, unless the last report is wanted, and print; 1 when too many changes survived or none was run."""
    names = [argument for argument in sys.argv[1:] if argument != "--report"]
    if "--report" not in sys.argv and (code := _run(names)):
        sys.stderr.write(f"mutmut ended with {code}: see {_LOG.relative_to(ROOT)}\n")
        return 1
    found = results()
    sys.stdout.write("\n".join(printed(found)) + "\n")
    return 0 if found and _share(found) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
