"""Starting a program of the stack, and knowing later whether a pid still is that program."""

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded.program import Program


@dataclass(frozen=True, slots=True)
class Running:
    """A pid with the moment its program started, in clock ticks since boot: pids are used again, moments are not."""

    pid: int
    started: int

    def alive(self) -> bool:
        """Whether this very program still runs; one that ended and waits to be collected does not."""
        return started(self.pid) == self.started

    def signal(self, number: int) -> None:
        """Signals the program if it still is the same."""
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def launch(program: Program, log: Path) -> subprocess.Popen[bytes]:
    """Starts a program with its own environment and nothing else, its words going to its log."""
    with log.open("ab") as told:
        return subprocess.Popen(
            program.argv,
            env=dict(program.env),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            user=program.account,
            group=group_of(program.account),
            extra_groups=[] if program.account else None,
        )


def started(pid: int) -> int | None:
    """When a live program started, in ticks since boot; None when there is none, or only its remains."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name stands in parentheses and may hold anything, so count from the last one: state, …, start as the 20th.
    fields = line.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def group_of(account: str | None) -> int | None:
    """The first group of an account; None leaves ours as it is."""
    return pwd.getpwnam(account).pw_gid if account else None
