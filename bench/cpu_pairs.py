"""CPU of one lifecycle in two checkouts, in pairs: `python -m bench.cpu_pairs OLDER NEWER --rounds 3`.

Both checkouts' stacks are brought up on empty data. A turn runs one checkout's `onewindow bench lifecycle` against its
own stack, and counts the CPU of every process of that stack (services, PostgreSQL, NATS) for each case that was decided
meanwhile. The checkouts take short turns (the older first in odd rounds, the newer first in even ones) and the ratio is
taken pair by pair, because a machine's speed drifts within a minute. The first turn of each is not counted. Each
checkout needs its `.venv` (`make setup`). The load's own CPU is not counted.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self, TypeAlias

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


Turn: TypeAlias = Callable[[float], Measured]
"""Runs one checkout's benchmark for so many seconds."""


class MeasuredStack:
    """A checkout's stack, up on empty data as long as the context is open."""

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout.resolve()
        self._home = self._checkout / ".onewindow-cpu"
        self._groups: dict[str, int] = {}
        self._cases = ""

    def __enter__(self) -> Self:
        try:
            self._onewindow("up")
            status = json.loads(self._onewindow("status", "--json"))
        except BaseException:
            self._down()
            raise
        self._groups = {
            **{f"service {name}": doors["pid"] for name, doors in status["services"].items()},
            "PostgreSQL": status["postgres"]["pid"],
            "NATS": status["nats"]["pid"],
        }
        self._cases = status["postgres"]["url"]
        return self

    def __exit__(self, *_: object) -> None:
        self._down()

    def turn(self, seconds: float) -> Measured:
        """One run of the checkout's benchmark against its stack."""
        before, decided = {name: _ticks(pid) for name, pid in self._groups.items()}, _decided(self._cases)
        outcome = json.loads(self._onewindow("bench", "lifecycle", "--seconds", str(seconds), "--json"))
        spent = {name: _ticks(pid) - before[name] for name, pid in self._groups.items()}
        count = _decided(self._cases) - decided
        by_group = {name: ticks / _TICKS * 1000 / count for name, ticks in spent.items()}
        return Measured(by_group, outcome["lifecycles_per_second"])

    def _down(self) -> None:
        try:
            self._onewindow("down")
        finally:
            subprocess.run(["rm", "-rf", str(self._home)], check=False)

    def _onewindow(self, *arguments: str) -> str:
        command = str(self._checkout / ".venv/bin/onewindow")
        ran = subprocess.run(
            ["env", f"ONEWINDOW_HOME={self._home}", command, *arguments],
            cwd=self._checkout,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(f"{command} {' '.join(arguments)}: {ran.stdout}{ran.stderr}")
        return ran.stdout


def pairs(older: Turn, newer: Turn, rounds: int, seconds: float) -> Iterator[tuple[Measured, Measured]]:
    """Turns of both, older and newer of each round; one uncounted turn of each goes before."""
    for turn in (older, newer):
        turn(seconds)
    for number in range(rounds):
        if number % 2:
            second, first = newer(seconds), older(seconds)
        else:
            first, second = older(seconds), newer(seconds)
        yield first, second


def main(arguments: list[str]) -> int:
    """Measure in turn and print each turn, the ratios and their median."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("older", type=Path)
    parser.add_argument("newer", type=Path)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args(arguments)
    measured: list[tuple[Measured, Measured]] = []
    with MeasuredStack(options.older) as older, MeasuredStack(options.newer) as newer:
        for pair in pairs(older.turn, newer.turn, options.rounds, options.seconds):
            measured.append(pair)
            for name, one in zip(("older", "newer"), pair, strict=True):
                sys.stdout.write(f"{len(measured)} {name}: {_line(one.by_group)}, {one.per_second:.1f}/s\n")
            sys.stdout.write(f"{len(measured)} ratio: {pair[1].total / pair[0].total:.3f}\n")
            sys.stdout.flush()
    for position, name in enumerate(("older", "newer")):
        groups = measured[0][position].by_group
        medians = {group: median(pair[position].by_group[group] for pair in measured) for group in groups}
        sys.stdout.write(f"median {name}: {_line(medians)}\n")
    ratio = median(newer.total / older.total for older, newer in measured)
    sys.stdout.write(f"median ratio of {len(measured)} pairs: {ratio:.3f}\n")
    return 0


def _line(by_group: dict[str, float]) -> str:
    parts = ", ".join(f"{group} {milliseconds:.2f}" for group, milliseconds in by_group.items())
    return f"{sum(by_group.values()):.2f} ms a lifecycle ({parts})"


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
