"""Keeps the programs of the stack running, as Kubernetes would, until it receives SIGTERM. (`python -m`, one argument)

It forks, so it never imports grpc. The programs it keeps running are read from one file (again on SIGHUP); those that
run are written to another, in one step; both are in the `run` folder of the stack.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
from itertools import groupby
from pathlib import Path

from embedded.data_dir import PROJECT, DataDir, write_whole
from embedded.supervision.child import Child
from embedded.supervision.processes import RunningProcess, start_ticks
from embedded.supervision.state import read_wanted, state_text

_LONGEST_SLEEP = 60.0


class Supervisor:
    """The parent of every program of one stack."""

    def __init__(self, data_dir: DataDir) -> None:
        self._data_dir = data_dir
        self._children: dict[str, Child] = {}
        self._published = ""
        self._signals = _signals()

    def run(self) -> None:
        """Watches until SIGTERM or SIGINT, then stops wave by wave."""
        stop = False
        while not stop:
            self._admit()
            # The state is written after each start: a program must not outlive us unknown to `down`.
            rest = min((self._keep_running(child) for child in self._children.values()), default=_LONGEST_SLEEP)
            self._publish()
            stop = self._sleep(min(rest, _LONGEST_SLEEP))
        self._stop()

    def _admit(self) -> None:
        for name, program in read_wanted(self._data_dir).items():
            if name not in self._children:
                self._children[name] = Child(program, self._data_dir.log(name))

    def _keep_running(self, child: Child) -> float:
        before = child.running
        rest = child.keep_running()
        if child.running != before:
            self._publish()
        return rest

    def _sleep(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._signals], [], [], seconds)
        received = self._signals.recv(4096) if ready else b""
        return signal.SIGTERM in received or signal.SIGINT in received

    def _stop(self) -> None:
        highest_first = sorted(self._children.values(), key=lambda child: -child.program.wave)
        for _, wave in groupby(highest_first, key=lambda child: child.program.wave):
            children = list(wave)
            for child in children:
                child.request_stop()
            for child in children:
                child.wait_stopped()
            self._publish()

    def _publish(self) -> None:
        own = RunningProcess(os.getpid(), start_ticks(os.getpid()) or 0)
        programs = {
            name: (child.running, child.restarts) for name, child in self._children.items() if child.running is not None
        }
        text = state_text(own, programs)
        if text != self._published:
            write_whole(self._data_dir.state, text)
            self._published = text


def spawn(data_dir: DataDir) -> subprocess.Popen[bytes]:
    """Starts the supervisor of a stack in a session of its own; it outlives the command and its terminal."""
    with data_dir.log("supervisor").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "embedded.supervision.supervisor", str(data_dir.root)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def main() -> None:
    """The supervisor of the stack in the folder that is the only argument."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stdout)
    Supervisor(DataDir(Path(sys.argv[1]))).run()


def _signals() -> socket.socket:
    # A signal's number arrives as a byte on a socket, so that one select waits for signals of every kind and for time.
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return reader


if __name__ == "__main__":
    main()
