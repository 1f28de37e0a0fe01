"""Runs a service again whenever its sources change, for trying out: `python -m simulation.dev_reload services.intake`.

`--fill FOLDER` copies the installed packages into a folder first, so that single files can be replaced in it.
"""

import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

PACKAGES = (
    *("law", "chassis", "protocol", "client", "services", "catalogue", "embedded", "operations", "cli", "simulation"),
    *("onewindow", "buf"),
)
_LOOK_SECONDS = 0.5


def fill(folder: Path) -> None:
    """Copies the installed packages into `folder`."""
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            shutil.copytree(next(iter(spec.submodule_search_locations)), folder / package, dirs_exist_ok=True)


def newest(folder: Path) -> int:
    """Time of the last change of a source below `folder`, in nanoseconds."""
    return max((path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix in {".py", ".sql"}), default=0)


def run(module: str, folder: Path) -> int:
    """Runs `module` until SIGTERM or SIGINT; restarts it when a source changes or when it ends."""
    stopped: list[int] = []
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, _: stopped.append(number))
    while not stopped:
        began = newest(folder)
        # -B: a source of the same size and second as its compiled form would be taken for unchanged.
        child = subprocess.Popen([sys.executable, "-B", "-m", module], cwd=folder)
        while not stopped and child.poll() is None and newest(folder) == began:
            time.sleep(_LOOK_SECONDS)
        child.terminate()
        child.wait()
        time.sleep(_LOOK_SECONDS)
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--fill":
        fill(Path(sys.argv[2]))
    else:
        sys.exit(run(sys.argv[1], Path.cwd()))
