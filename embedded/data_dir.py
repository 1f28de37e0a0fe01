"""The folder of one embedded stack: its paths, whose data it holds, and the settings that name it.

Data of a demo may be removed by the next demo. Data of `up` is never removed: a demo moves it aside.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveFloat

from chassis.clock import SHANGHAI, real_seconds
from chassis.settings.service import AsJson, EnvironmentSettings

PROJECT = Path(__file__).resolve().parents[1]
UP, DEMO = "up", "demo"
"""The two commands that make data."""
_LONGEST_SOCKET = 100
"""Bytes a unix socket's path may have; the kernel allows 107 and the port may grow by a digit."""


@dataclass(frozen=True, slots=True)
class DataDir:
    """The folder of one embedded stack; every path of the stack is named here and nowhere else."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster."""
        return self.root / "postgres"

    @property
    def socket(self) -> Path:
        """The folder of PostgreSQL's unix socket: inside the data, or a short one when that is too deep for the kernel.

        Neither server nor drivers take a comma in it for anything but the border between two folders or hosts.
        """
        own = self.root / "socket"
        if len(os.fsencode(own / ".s.PGSQL.55432")) <= _LONGEST_SOCKET and not set(str(own)) & set(',"'):
            return own
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
        """The command that made the data: `up` or `demo`."""
        return self.root / "origin"

    @property
    def run(self) -> Path:
        """Ports, pids and the programs that the supervisor is to keep running."""
        return self.root / "run"

    @property
    def wanted(self) -> Path:
        """The programs that the supervisor is to keep running."""
        return self.run / "wanted.json"

    @property
    def state(self) -> Path:
        """The programs that run, as the supervisor writes them."""
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

    def create(self) -> None:
        """Makes the folders that are missing; keys are for the owner alone."""
        for folder in (self.root, self.run, self.logs, self.nats, self.objects, self.district):
            folder.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)  # PostgreSQL's account walks through it; what is closed to others is closed below
        self.keys.mkdir(mode=0o700, exist_ok=True)

    def mark(self, made_by: str) -> None:
        """Records whose data it is from now on. Data of a demo that `up` went on with belongs to `up`."""
        write_whole(self.origin, f"{made_by}\n")

    def clear(self) -> Path | None:
        """Leaves the folder without data: removes a demo's, moves that of `up` and returns its new folder."""
        present = [path for path in self._stored() if path.exists()]
        if not present:
            return None
        if self.origin.exists() and self.origin.read_text().strip() == DEMO:
            for path in present:
                _remove(path)
            return None
        moved_to = self._aside()
        moved_to.mkdir()
        for path in present:
            path.rename(moved_to / path.name)
        return moved_to

    def _stored(self) -> tuple[Path, ...]:
        # The keys go with the data: what lies in the vault cannot be read with any others.
        return self.postgres, self.nats, self.objects, self.district, self.keys, self.clock, self.origin

    def _aside(self) -> Path:
        moment = datetime.fromtimestamp(real_seconds(), SHANGHAI).strftime("%Y%m%d-%H%M%S")
        taken = len(list(self.root.glob(f"kept-{moment}*")))
        return self.root / (f"kept-{moment}-{taken + 1}" if taken else f"kept-{moment}")


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Replaces a file in one step, so that a reader sees the old text or the new one and never half of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


class StackSettings(EnvironmentSettings):
    """The settings of `onewindow up` and of the commands that work on the stack."""

    home: Path = Field(default=Path(".onewindow"), description="The folder of the stack, from the current folder on.")
    clock: str = Field(default="office", pattern="^(office|real)$", description="Which clock gives the legal day.")
    district: str = Field(default="440105", pattern="^[0-9]{6}$", description="The district served, GB/T 2260.")
    log_level: str = Field(default="info", description="From which weight on the services write log lines.")
    service_settings: Annotated[dict[str, str], AsJson] = Field(
        default={}, description="Further settings of the services, as JSON: names without ONEWINDOW_, and values."
    )
    up_within: PositiveFloat = Field(default=90.0, description="Seconds in which every program has to be ready.")
    settle_within: PositiveFloat = Field(default=120.0, description="Seconds in which a day has to come to rest.")
    settle_pause: PositiveFloat = Field(default=0.01, description="Seconds between two looks whether a day rests.")

    def data_dir(self) -> DataDir:
        """The folder that these settings name."""
        return DataDir(self.home.resolve())
