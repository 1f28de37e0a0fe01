"""Prometheus' own judge of rules and queries: Debian's package `prometheus`, installed here when it can be."""

import json
import shutil
import subprocess
import warnings
from collections.abc import Sequence
from functools import cache
from os import geteuid
from pathlib import Path

import pytest

_MISSING = "promtool is not here (apt-get install prometheus): alerts, rules and queries of dashboards were NOT tested"


@cache
def found() -> str | None:
    """The path of promtool. Asks the machine's package manager for it once, where that is allowed."""
    if (there := shutil.which("promtool")) is None and geteuid() == 0 and shutil.which("apt-get"):
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "prometheus"]):
            subprocess.run(["apt-get", *step], check=False, capture_output=True, timeout=100)
        there = shutil.which("promtool")
    return there


def judge(*arguments: str) -> tuple[int, str]:
    """Exit code and words of promtool. Skips the test, loudly, where there is none."""
    if (program := found()) is None:
        warnings.warn(_MISSING, stacklevel=2)
        pytest.skip(_MISSING)
    told = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=100)
    return told.returncode, told.stdout + told.stderr


def unreadable(queries: Sequence[str], folder: Path) -> str:
    """What promtool says about queries that it cannot parse; empty when it can parse all."""
    rules = [{"record": f"query:{n}", "expr": query} for n, query in enumerate(queries)]
    path = folder / "queries.json"
    path.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}), encoding="utf-8")
    code, words = judge("check", "rules", str(path))
    return words if code else ""
