"""Mutation testing of the rules that dates rest on: `python -m tools.measures.mutation [--report|--again] [MUTANT …]`.

mutmut changes one operator, number or name at a time in law/ and in the acts that compute or move dates, and runs the
unit tests of the same room that reach the changed function; a change that no test notices has survived. Prints a row
for each module, then the names of the survivors. --report prints the last run again, --again runs its survivors and
what has changed since, in the rooms of the names if any; a name such as `law.lamp*` alone runs these, and `law.*[37]` a
sample of a fifth. Exit 1 below the limit.

Functions under a decorator (properties, caches, rules) are changed as well, see tools/measures/mutable_copy.py. Tables
and other values of a module are not: mutmut changes functions alone.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from tools.measures import mutable_copy

ROOT = Path(__file__).resolve().parents[2]
LEAST = 90
"""Least share of changes that a test notices, in percent."""

_COPIES = ROOT / "build/mutation"
_LOG = ROOT / "build/mutation.log"
_FOLDERS = (
    "law", "services", "tests", "gen", "bench", "catalogue", "chassis", "cli", "client", "deploy", "docs", "embedded",
    "operations", "proto", "protocol", "simulation", "tools",
)  # fmt: skip # a name a line says no more
"""Folders that tests read or import."""
_SOURCES = ("law", "services")
_OPTIONS = [
    "-p", "no:cacheprovider", "-p", "tools.measures.fresh_caches", "-q", "--hypothesis-profile=quick", "--timeout=0",
    "-o", "disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true",
]  # fmt: skip # an option stands beside its value
"""Names of tests stay as written, since escaped ones are escaped once more when they are collected again."""
_LOOPS_AFTER = 4.0
"""A run that takes this many times the CPU seconds of its tests never ends: the change has made an endless loop."""
_NOTICED = {1, 3, 24, 36, -24, 152, 255}
"""Exit codes of pytest for a failed test or an error, and of mutmut for a run that never ended."""
_WILDCARD = re.compile(r"[*?\[]")
_SURVIVED, _UNREACHED = {0}, {5, 33}
_NAMED = 200
"""Survivors that a report names."""


@dataclass(frozen=True, slots=True)
class Room:
    """Modules that are changed, and the tests that are to notice it: those of the same room, quick and close by."""

    name: str
    changed: tuple[str, ...]

    @property
    def copy(self) -> Path:
        """The folder in which mutmut works."""
        return _COPIES / self.name

    @property
    def configuration(self) -> str:
        """The table of mutmut; lists of JSON are lists of TOML."""
        copied = [folder for folder in _FOLDERS if folder not in (*_SOURCES, "tests")]
        table = {
            "source_paths": _SOURCES,
            "only_mutate": self.changed,
            "also_copy": copied,
            "pytest_add_cli_args_test_selection": [f"tests/unit/{self.name}"],
            "pytest_add_cli_args": _OPTIONS,
            "timeout_multiplier": _LOOPS_AFTER,
        }
        return "\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())

    def holds(self, mutant: str) -> bool:
        """True for the name of a change in the room, or a pattern that some of its names can match."""
        wanted, *rest = _WILDCARD.split(mutant.replace(".", "/"), maxsplit=1)
        heads = [_WILDCARD.split(pattern.removesuffix(".py"))[0] for pattern in self.changed]
        return any(wanted.startswith(head) or (bool(rest) and head.startswith(wanted)) for head in heads)


ROOMS = (
    Room("law", ("law/*",)),
    Room(
        "approval",
        (
            "services/approval/domain/case/*",
            "services/approval/domain/supervision/*",
            "services/approval/handoff/domain/*",
        ),
    ),
    Room("intake", ("services/intake/domain/application/*", "services/intake/domain/numbers.py")),
    Room(
        "notify",
        (
            "services/notify/domain/delivery/*",
            "services/notify/domain/message/sending_time.py",
            "services/notify/domain/stage_reports.py",
            "services/notify/domain/dossier.py",
            "services/notify/domain/matter.py",
        ),
    ),
)


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


def results(copy: Path) -> list[Mutants]:
    """The modules of the last run of a room."""
    mutants = copy / "mutants"
    found = []
    for path in sorted(mutants.rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
        if not codes:
            continue
        module = Mutants(path.relative_to(mutants).as_posix().removesuffix(".meta"))
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


def _run(room: Room, names: list[str], log: TextIO) -> int:
    command = [str(Path(sys.executable).parent / "mutmut"), "run", "--max-children", "2", *names]
    return subprocess.run(command, cwd=room.copy, stdout=log, stderr=subprocess.STDOUT, check=False).returncode


def _refresh(room: Room) -> None:
    """Bring the sources up to date; what was found out about functions that have not changed stays."""
    mutable_copy.fill(room.copy, ROOT, _FOLDERS, room.changed)
    with (room.copy / "pyproject.toml").open("a") as table:
        table.write(room.configuration)


def _run_all(names: list[str], *, again: bool) -> int:
    _LOG.parent.mkdir(exist_ok=True)
    with _LOG.open("w") as log:
        for room in ROOMS:
            own = [name for name in names if room.holds(name)]
            if names and not own:
                continue
            if not names and not again:
                shutil.rmtree(room.copy, ignore_errors=True)
            survivors = [name for each in results(room.copy) for name in each.survivors]
            _refresh(room)
            parts = (
                [*([survivors] if survivors else []), []] if again else [own]
            )  # without names: all that is not known
            if code := next(filter(None, (_run(room, part, log) for part in parts)), 0):
                return code
    return 0


def main() -> int:
    """Run, unless the last report is wanted, and print; 1 when too many changes survived or none was run."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if "--report" not in sys.argv and (code := _run_all(names, again="--again" in sys.argv)):
        sys.stderr.write(f"mutmut ended with {code}: see {_LOG.relative_to(ROOT)}\n")
        return 1
    found = [each for room in ROOMS for each in results(room.copy)]
    sys.stdout.write("\n".join(printed(found)) + "\n")
    return 0 if found and _share(found) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
