"""Keeps the programs of the stack running, as Kubernetes would, until it is told to stop. (`python -m`, one argument)

It forks, so it never imports grpc. What to keep running it reads from a file (read again on SIGHUP); what runs it
writes to another, in one step; both are in the home's `run` folder.
"""

import json
import logging
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from embedded.home import Home, write_whole
from embedded.launch import Running, started
from embedded.program import Program
from embedded.ward import Ward

_LONGEST_SLEEP = 60.0


class Supervisor:
    """The parent of every program of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._wards: dict[str, Ward] = {}
        self._published = ""
        self._signals = _signals()

    def run(self) -> None:
        """Watches until SIGTERM or SIGINT, then stops wave by wave."""
        stopping = False
        while not stopping:
            self._admit()
            # The state is written after each start: a program must not outlive us unknown to `down`.
            rest = min((self._tend(ward) for ward in self._wards.values()), default=_LONGEST_SLEEP)
            self._publish()
            stopping = self._sleep(min(rest, _LONGEST_SLEEP))
        self._stop()

    def _admit(self) -> None:
        for wanted in json.loads(self._home.wanted.read_text()):
            program = Program.from_json(wanted)
            if program.name not in self._wards:
                self._wards[program.name] = Ward(program, self._home.log(program.name))

    def _tend(self, ward: Ward) -> float:
        before = ward.running
        rest = ward.tend()
        if ward.running != before:
            self._publish()
        return rest

    def _sleep(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._signals], [], [], seconds)
        heard = self._signals.recv(4096) if ready else b""
        return signal.SIGTERM in heard or signal.SIGINT in heard

    def _stop(self) -> None:
        falling = sorted(self._wards.values(), key=lambda ward: -ward.program.wave)
        for _, wave in groupby(falling, key=lambda ward: ward.program.wave):
            wards = list(wave)
            for ward in wards:
                ward.ask_to_stop()
            for ward in wards:
                ward.wait_stopped()
            self._publish()

    def _publish(self) -> None:
        ours = Running(os.getpid(), started(os.getpid()) or 0)
        programs: Mapping[str, Any] = {
            name: {**asdict(ward.running), "restarts": ward.restarts}
            for name, ward in self._wards.items()
            if ward.running is not None
        }
        text = json.dumps({"supervisor": asdict(ours), "programs": programs}, indent=1)
        if text != self._published:
            write_whole(self._home.state, text)
            self._published = text


def main() -> None:
    """The supervisor of the home named by the only argument."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stdout)
    Supervisor(Home(Path(sys.argv[1]))).run()


def _signals() -> socket.socket:
    # A signal's number arrives as a byte on a socket, so that one select waits for deaths, orders and time alike.
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return reader


if __name__ == "__main__":
    main()
