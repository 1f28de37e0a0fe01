"""The folder in which the embedded stack lives, and what is where in it."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_LONGEST_SOCKET = 100
"""Bytes a unix socket's path may have; the kernel allows 107 and the port may grow by a digit."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one embedded stack; every path of the stack is named here and nowhere else."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster."""
        return self.root / "postgres"

    @property
    def socket(self) -> Path:
        """The folder of PostgreSQL's unix socket: ours, or a short one when ours is too deep for the kernel.

        Neither server nor drivers take a comma in it for anything but the border between two folders or hosts.
        """
        ours = self.root / "socket"
        if len(os.fsencode(ours / ".s.PGSQL.55432")) <= _LONGEST_SOCKET and not set(str(ours)) & set(',"'):
            return ours
        return Path(tempfile.gettempdir()) / f"onewindow-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]}"

    @property
    def nats(self) -> Path:
        """The JetStream store."""
        return self.root / "nats"

    @property
    def objects(self) -> Path:
        """Materials and audit heads, encrypted."""
        return self.root / "objects"

    @property
    def district(self) -> Path:
        """The simulated district's own register."""
        return self.root / "district"

    @property
    def keys(self) -> Path:
        """Development keys; readable by the owner alone."""
        return self.root / "keys"

    @property
    def clock(self) -> Path:
        """The office clock: one line, an ISO instant."""
        return self.root / "clock"

    @property
    def origin(self) -> Path:
        """Who made what is stored here: `up` or `demo`."""
        return self.root / "origin"

    @property
    def run(self) -> Path:
        """Ports, pids and what the supervisor is asked to keep running."""
        return self.root / "run"

    @property
    def wanted(self) -> Path:
        """What the supervisor is asked to keep running."""
        return self.run / "wanted.json"

    @property
    def state(self) -> Path:
        """What the supervisor says is running."""
        return self.run / "state.json"

    @property
    def ports(self) -> Path:
        """The ports in use, or used last."""
        return self.run / "ports.json"

    @property
    def logs(self) -> Path:
        """One log per program."""
        return self.root / "logs"

    def log(self, name: str) -> Path:
        """The log of one program."""
        return self.logs / f"{name}.log"

    def lay_out(self) -> None:
        """Makes the folders that are missing; keys are for the owner alone."""
        for folder in (self.root, self.run, self.logs, self.nats, self.objects, self.district):
            folder.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)  # PostgreSQL's account walks through it; what is closed to others is closed below
        self.keys.mkdir(mode=0o700, exist_ok=True)


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Replaces a file in one step, so that a reader sees the old text or the new one and never half of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
