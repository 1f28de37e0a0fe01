"""Files between the commands and the supervisor: the wanted programs, the running ones, and the end of both.

The supervisor imports this module and forks, so nothing here may import grpc.
"""

import json
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from embedded.data_dir import DataDir, write_whole
from embedded.supervision.processes import Program, RunningProcess

_PAUSE = 0.02
_SLACK = 5.0
"""Seconds the supervisor gets beyond the sum of its programs' graces."""


@dataclass(frozen=True, slots=True)
class StackState:
    """The supervisor of a stack and its programs, as last written; each process may have ended since."""

    supervisor: RunningProcess | None
    programs: Mapping[str, RunningProcess]

    def pid(self, name: str) -> int | None:
        """The pid under which a program runs now; None while it is between two starts."""
        running = self.programs.get(name)
        return running.pid if running and running.alive() else None

    def supervised(self) -> bool:
        """True while the supervisor runs, and with it the stack."""
        return self.supervisor is not None and self.supervisor.alive()


def read_state(data_dir: DataDir) -> StackState:
    """The state of a stack; empty when none ever ran in the folder or the last one was taken down."""
    if not data_dir.state.exists():
        return StackState(None, {})
    written = json.loads(data_dir.state.read_text())
    programs = {name: RunningProcess(entry["pid"], entry["started"]) for name, entry in written["programs"].items()}
    return StackState(RunningProcess(**written["supervisor"]), programs)


def state_text(supervisor: RunningProcess, programs: Mapping[str, tuple[RunningProcess, int]]) -> str:
    """The text of the state file; each program with the number of its restarts."""
    entries = {name: {**asdict(running), "restarts": restarts} for name, (running, restarts) in programs.items()}
    return json.dumps({"supervisor": asdict(supervisor), "programs": entries}, indent=1)


def read_wanted(data_dir: DataDir) -> dict[str, Program]:
    """The programs that the supervisor is to keep running, by name."""
    if not data_dir.wanted.exists():
        return {}
    return {entry["name"]: Program.from_json(entry) for entry in json.loads(data_dir.wanted.read_text())}


def write_wanted(data_dir: DataDir, programs: Iterable[Program]) -> None:
    """Requests that the supervisor keeps these running; one that runs already reads it on SIGHUP."""
    # Closed to other accounts: a program's environment may name what they should not know.
    write_whole(data_dir.wanted, json.dumps([program.as_json() for program in programs], indent=1), mode=0o600)


def end_stack(data_dir: DataDir) -> bool:
    """Ends the stack by its supervisor, and without one by the recorded pids; False when nothing ran."""
    state, wanted = read_state(data_dir), read_wanted(data_dir)
    ended = False
    if state.supervisor is not None and state.supervised():
        ended = True
        state.supervisor.signal(signal.SIGTERM)
        graces = sum(program.grace for program in wanted.values())
        _wait_or_kill([state.supervisor], graces + _SLACK)
    # Read again: the supervisor may have started something between the first reading and its end.
    left = {name: running for name, running in read_state(data_dir).programs.items() if running.alive()}
    for name, running in left.items():
        running.signal(wanted[name].stop_signal if name in wanted else signal.SIGTERM)
    _wait_or_kill(left.values(), max((program.grace for program in wanted.values()), default=_SLACK))
    data_dir.state.unlink(missing_ok=True)
    data_dir.wanted.unlink(missing_ok=True)
    return ended or bool(left)


def _wait_or_kill(programs: Iterable[RunningProcess], within: float) -> None:
    until = time.monotonic() + within
    waiting = list(programs)
    while waiting := [running for running in waiting if running.alive()]:
        if time.monotonic() > until:
            for running in waiting:
                running.signal(signal.SIGKILL)
        time.sleep(_PAUSE)
