"""CPU of one lifecycle in two checkouts, in pairs: `python -m bench.cpu_pairs OLDER NEWER --rounds 3`.

Each round brings one checkout's stack up on empty data, runs its `onewindow bench lifecycle` against it, and counts the
CPU of every process of the stack (services, PostgreSQL, NATS, simulators) for each case that was decided meanwhile. The
checkouts take turns and the ratio is taken pair by pair, because a machine's speed drifts. Each checkout needs its
`.venv` (`make setup`). The load's own CPU is not counted.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg

_TICKS = os.sysconf("SC_CLK_TCK")
_UTIME, _STIME, _CUTIME, _CSTIME, _PARENT = 11, 12, 13, 14, 1
"""Positions in /proc/PID/stat behind the name: own ticks, ticks of children that have ended, the parent's pid."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: milliseconds of CPU of a lifecycle, by group of processes, and lifecycles a second."""

    by_group: dict[str, float]
    per_second: float

    @property
    def total(self) -> float:
        """Milliseconds of CPU of a lifecycle, of all processes together."""
        return sum(self.by_group.values())


def measure(checkout: Path, seconds: float) -> Measured:
    """One run of the benchmark on a fresh stack of the checkout."""
    command = str(checkout / ".venv/bin/onewindow")
    home = checkout / ".onewindow-cpu"
    prefix = ["env", f"ONEWINDOW_HOME={home}", command]

    def onewindow(*arguments: str) -> str:
        ran = subprocess.run([*prefix, *arguments], cwd=checkout, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise SystemExit(f"{command} {' '.join(arguments)}: {ran.stdout}{ran.stderr}")
        return ran.stdout

    onewindow("up")
    try:
        status = json.loads(onewindow("status", "--json"))
        groups = {
            **{f"service {name}": doors["pid"] for name, doors in status["services"].items()},
            "PostgreSQL": status["postgres"]["pid"],
            "NATS": status["nats"]["pid"],
        }
        cases = status["postgres"]["url"]
        before, decided = {name: _ticks(pid) for name, pid in groups.items()}, _decided(cases)
        outcome = json.loads(onewindow("bench", "lifecycle", "--seconds", str(seconds), "--json"))
        spent = {name: _ticks(pid) - before[name] for name, pid in groups.items()}
        count = _decided(cases) - decided
    finally:
        onewindow("down")
        subprocess.run(["rm", "-rf", str(home)], check=False)
    by_group = {name: ticks / _TICKS * 1000 / count for name, ticks in spent.items()}
    return Measured(by_group, outcome["lifecycles_per_second"])


def main(arguments: list[str]) -> int:
    """Measure in turn and print each run and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("older", type=Path)
    parser.add_argument("newer", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args(arguments)
    ratios = []
    for number in range(1, options.rounds + 1):
        older, newer = (measure(path.resolve(), options.seconds) for path in (options.older, options.newer))
        ratios.append(newer.total / older.total)
        for name, one in (("older", older), ("newer", newer)):
            parts = ", ".join(f"{group} {milliseconds:.2f}" for group, milliseconds in one.by_group.items())
            sys.stdout.write(f"{number} {name}: {one.total:.2f} ms a lifecycle, {one.per_second:.1f}/s ({parts})\n")
        sys.stdout.write(f"{number} ratio: {ratios[-1]:.3f}\n")
        sys.stdout.flush()
    sys.stdout.write(f"median ratio of {len(ratios)} pairs: {median(ratios):.3f}\n")
    return 0


def _ticks(root: int) -> int:
    """Clock ticks of a process and of everything below it, ended children included."""
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            stats[int(entry.name)] = fields
    members, grew = {root}, True
    while grew:
        more = {pid for pid, fields in stats.items() if int(fields[_PARENT]) in members} - members
        members, grew = members | more, bool(more)
    positions = (_UTIME, _STIME, _CUTIME, _CSTIME)
    return sum(int(stats[pid][position]) for pid in members if pid in stats for position in positions)


def _decided(url: str) -> int:
    """Cases decided so far."""
    sql = "select count(*) from fact where kind = 'case_decided'"
    address = url.rpartition("/")[0] + "/approval"

    async def count() -> int:
        connection = await asyncpg.connect(address)
        try:
            return int(await connection.fetchval(sql))
        finally:
            await connection.close()

    return asyncio.run(count())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
