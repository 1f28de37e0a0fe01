"""Programs of the stack: their command lines, their start, and a check that a pid still belongs to the same program."""

import os
import pwd
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the stack: how it is started, how it is stopped, and which address shows that it is ready."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    """The whole environment of the program: nothing is inherited, so a laptop's habits cannot change the stack."""
    account: str | None = None
    """The operating system account it runs as; None: the account of the caller."""
    wave: int = 0
    """Programs stop a wave at a time, the highest first; they start together, as pods do, and wait for each other."""
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    """Seconds between the request to stop and the kill."""
    health: str | None = None
    """HOST:PORT that answers gRPC health SERVING when the program is ready."""
    listens: str | None = None
    """HOST:PORT that accepts a connection when the program is ready; used when there is no health port."""

    def as_json(self) -> dict[str, Any]:
        """The form in which the supervisor reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Program":
        """The inverse of `as_json`."""
        return cls(**{**value, "argv": tuple(value["argv"])})


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A pid with the start time of its program, in clock ticks since boot: pids are reused, start times are not."""

    pid: int
    started: int

    def alive(self) -> bool:
        """True while this very program runs; a zombie does not."""
        return start_ticks(self.pid) == self.started

    def signal(self, number: int) -> None:
        """Signals the program if it still is the same."""
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def launch(program: Program, log: Path) -> subprocess.Popen[bytes]:
    """Starts a program with its own environment and nothing else; its output is appended to its log."""
    with log.open("ab") as output:
        return subprocess.Popen(
            program.argv,
            env=dict(program.env),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=program.account,
            group=group_of(program.account),
            extra_groups=[] if program.account else None,
        )


def start_ticks(pid: int) -> int | None:
    """Start time of a live process in ticks since boot; None when there is no such process, or only its zombie."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name stands in parentheses and may hold anything, so count from the last one: state, …, start as the 20th.
    fields = line.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def group_of(account: str | None) -> int | None:
    """The first group of an account; None leaves the caller's as it is."""
    return pwd.getpwnam(account).pw_gid if account else None
