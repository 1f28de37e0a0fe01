"""A service runs again when its sources change, from a copy of what is installed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from simulation import dev_reload
from tests.deploy.rendering import ROOT


def test_the_copy_has_every_package_that_a_service_needs(tmp_path: Path) -> None:
    dev_reload.fill(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(dev_reload.PACKAGES)
    assert (tmp_path / "services/intake/queries.sql").exists()


def test_a_changed_source_starts_the_module_again_and_a_signal_ends_it(tmp_path: Path) -> None:
    source, told = tmp_path / "office.py", tmp_path / "told"
    source.write_text(f"import time\nopen({str(told)!r}, 'a').write('1')\ntime.sleep(60)\n")
    env = {**dict.fromkeys(("PYTHONPATH",), str(ROOT)), "PATH": os.defpath}
    running = subprocess.Popen([sys.executable, "-m", "simulation.dev_reload", "office"], cwd=tmp_path, env=env)
    try:
        _until(lambda: told.exists() and told.read_text() == "1")
        source.write_text(source.read_text().replace("'1'", "'2'"))
        _until(lambda: told.read_text() == "12")
    finally:
        running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=20) == 0


def _until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("did not come true within twenty seconds")
