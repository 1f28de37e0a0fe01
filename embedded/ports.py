"""Ports on the loopback: the usual ones when they are free, so that bookmarks stay valid."""

import json
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from random import SystemRandom

from embedded.data_dir import write_whole

LOOPBACK = "127.0.0.1"

SERVERS: Mapping[str, int] = {"postgres": 55432, "nats": 44222, "nats.monitor": 48222}
"""Above the usual 5432 and 4222, which a developer's own servers may want."""

OFFICE: Mapping[str, int] = {
    "intake.rpc": 50051,
    "intake.health": 50052,
    "intake.metrics": 9464,
    "approval.rpc": 50061,
    "approval.health": 50062,
    "approval.metrics": 9465,
    "notify.rpc": 50071,
    "notify.health": 50072,
    "notify.metrics": 9466,
    "metrics.rpc": 50081,
    "metrics.health": 50082,
    "metrics.metrics": 9467,
    "district.rpc": 50091,
    "district.control": 50092,
    "sms_gateway.http": 50095,
}
"""Each name is PROGRAM.DOOR."""

_FREE = range(20_000, 32_768)
"""Ports below those that Linux gives to outgoing connections, which could take a chosen one before its program does."""

_TRIES = 20


@contextmanager
def in_turn() -> Iterator[None]:
    """A lock by which the stacks of this machine start one at a time.

    Without it, two that start together choose the same ports, and each takes the other's programs for its own.
    """
    folder = os.open(tempfile.gettempdir(), os.O_RDONLY)  # a lock on the folder leaves no file, for any user
    try:
        flock(folder, LOCK_EX)
        yield
    finally:
        os.close(folder)


def choose(preferred: Mapping[str, int]) -> dict[str, int]:
    """One port per name: the preferred one when it is free, else any free one. 0 prefers none."""
    with ExitStack() as claimed:
        return {name: _claim(port, claimed) for name, port in preferred.items()}


def remembered(file: Path) -> dict[str, int]:
    """The ports that the stack uses, or used last."""
    return {str(name): int(port) for name, port in json.loads(file.read_text()).items()} if file.exists() else {}


def remember(file: Path, ports: Mapping[str, int]) -> None:
    """Stores the choice, for `status` and for the next `up`."""
    write_whole(file, json.dumps(dict(ports), indent=1) + "\n")


def _claim(port: int, claimed: ExitStack) -> int:
    # The sockets listen until every port is chosen, so that no two names get the same one.
    wanted = (port,) if port else ()
    for each in (*wanted, *SystemRandom().sample(_FREE, _TRIES), 0):
        with suppress(OSError):
            server = claimed.enter_context(socket.create_server((LOOPBACK, each)))
            return int(server.getsockname()[1])
    raise OSError(f"no port is free on {LOOPBACK}")
