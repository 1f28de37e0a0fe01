"""Leaving a supervisor behind when the command that started it returns."""

import subprocess
import sys

from embedded.home import PROJECT, Home


def spawn_supervisor(home: Home) -> subprocess.Popen[bytes]:
    """Starts the supervisor of a home in a session of its own; it outlives us and our terminal."""
    with home.log("supervisor").open("ab") as told:
        return subprocess.Popen(
            [sys.executable, "-m", "embedded.supervisor", str(home.root)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
