"""Taking a stack down: by its supervisor, and where that is gone by the pids that it wrote down."""

import signal
import time
from collections.abc import Iterable

from embedded.home import Home
from embedded.launch import Running
from embedded.roll import read_roll, read_wanted

_PAUSE = 0.02
_SLACK = 5.0
"""Seconds the supervisor gets beyond the sum of its programs' graces."""


def end(home: Home) -> bool:
    """Ends whatever of the stack of this home runs; False when nothing did."""
    roll, wanted = read_roll(home), read_wanted(home)
    ended = False
    if roll.supervisor is not None and roll.supervised():
        ended = True
        roll.supervisor.signal(signal.SIGTERM)
        graces = sum(program.grace for program in wanted.values())
        _wait_or_kill([roll.supervisor], graces + _SLACK)
    # Read again: the supervisor may have started something between our look and its end.
    left = {name: running for name, running in read_roll(home).programs.items() if running.alive()}
    for name, running in left.items():
        running.signal(wanted[name].stop_signal if name in wanted else signal.SIGTERM)
    _wait_or_kill(left.values(), max((program.grace for program in wanted.values()), default=_SLACK))
    home.state.unlink(missing_ok=True)
    home.wanted.unlink(missing_ok=True)
    return ended or bool(left)


def _wait_or_kill(programs: Iterable[Running], within: float) -> None:
    until = time.monotonic() + within
    waiting = list(programs)
    while waiting := [running for running in waiting if running.alive()]:
        if time.monotonic() > until:
            for running in waiting:
                running.signal(signal.SIGKILL)
        time.sleep(_PAUSE)
