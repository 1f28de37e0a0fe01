"""Who runs: what the supervisor wrote, checked against the machine."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from embedded.home import Home, write_whole
from embedded.launch import Running
from embedded.program import Program


@dataclass(frozen=True, slots=True)
class Roll:
    """The supervisor of a home and its programs, as last written; each pid may have ended since."""

    supervisor: Running | None
    programs: Mapping[str, Running]

    def pid(self, name: str) -> int | None:
        """The pid under which a program runs now; None while it is between two starts."""
        running = self.programs.get(name)
        return running.pid if running and running.alive() else None

    def supervised(self) -> bool:
        """Whether the supervisor lives, and with it the stack."""
        return self.supervisor is not None and self.supervisor.alive()


def read_roll(home: Home) -> Roll:
    """The roll of a home; empty when no stack ever ran there or the last one was taken down."""
    if not home.state.exists():
        return Roll(None, {})
    written = json.loads(home.state.read_text())
    programs = {name: Running(entry["pid"], entry["started"]) for name, entry in written["programs"].items()}
    return Roll(Running(**written["supervisor"]), programs)


def read_wanted(home: Home) -> dict[str, Program]:
    """What the supervisor of a home is asked to keep running, by name."""
    if not home.wanted.exists():
        return {}
    return {entry["name"]: Program.from_json(entry) for entry in json.loads(home.wanted.read_text())}


def write_wanted(home: Home, programs: Iterable[Program]) -> None:
    """Asks the supervisor to keep these running; one that runs already reads it on SIGHUP."""
    # Closed to others: a program's environment may come to name what they should not know.
    write_whole(home.wanted, json.dumps([program.as_json() for program in programs], indent=1), mode=0o600)
