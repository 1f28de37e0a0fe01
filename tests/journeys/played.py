"""A hall year played by the command itself, in a home of its own, so that a test can look on, interfere and compare."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from embedded import ports
from embedded.data_dir import DataDir
from embedded.supervision.processes import RunningProcess
from embedded.supervision.state import read_state
from tests.journeys.hall_figures import HallFigures
from tests.journeys.matters import Matters, read_matters


class Playhouse:
    """A home with one plan in it, and the commands run there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._data_dir = DataDir(root / ".onewindow")

    @asynccontextmanager
    async def demo(self, *more: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """The demo of the plan, running; what is left of it is ended."""
        files = "--plan", str(self.root / "plan.yaml"), "--json", str(self.root / "figures.json")
        running = await self.start("demo", *files, *more)
        try:
            yield running
        finally:
            with suppress(ProcessLookupError):
                running.terminate()
            await running.wait()
            await self.command("down")

    @property
    def figures(self) -> Mapping[str, Any]:
        """The figures that the demo has written."""
        found: Mapping[str, Any] = json.loads((self.root / "figures.json").read_text(encoding="utf-8"))
        return found

    @property
    def said(self) -> str:
        """The end of what the commands said."""
        return (self.root / "said.txt").read_text(encoding="utf-8")[-4000:]

    @property
    def clock(self) -> datetime | None:
        """The instant of the office clock, read from its file; None before it exists."""
        with suppress(OSError, ValueError):
            return datetime.fromisoformat(self._data_dir.clock.read_text(encoding="ascii").strip())
        return None

    def process(self, program: str) -> RunningProcess | None:
        """The process of a program, read from the supervisor's file; None while it does not run."""
        process = read_state(self._data_dir).programs.get(program)
        return process if process and process.alive() else None

    def address(self, door: str) -> str:
        """HOST:PORT of a door of a program, such as `intake.health`."""
        return f"{ports.LOOPBACK}:{ports.remembered(self._data_dir.ports)[door]}"

    async def status(self) -> Mapping[str, Any]:
        """The status document of the stack."""
        command = await self.start("status", "--json", stdout=asyncio.subprocess.PIPE)
        printed, _ = await command.communicate()
        found: Mapping[str, Any] = json.loads(printed)
        return found

    async def matters(self) -> Matters:
        """Every matter that was played, as the four services have it; the stack is brought up for it."""
        assert await self.command("up") == 0, self.said
        try:
            return await read_matters((await self.status())["postgres"]["url"])
        finally:
            await self.command("down")

    async def command(self, name: str) -> int:
        """Run a command to its end; its exit code."""
        return await (await self.start(name)).wait()

    async def start(self, *arguments: str, stdout: int = asyncio.subprocess.DEVNULL) -> asyncio.subprocess.Process:
        """Start a command; its standard error is stored."""
        environment = {**os.environ, "ONEWINDOW_HOME": str(self._data_dir.root)}  # noqa: TID251 # a command of its own home
        with (self.root / "said.txt").open("ab") as said:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cli.main", *arguments, stdout=stdout, stderr=said, env=environment
            )


@contextmanager
def playhouse(plan: Mapping[str, Any]) -> Iterator[Playhouse]:
    """A home for this plan, gone at the end."""
    root = Path(tempfile.mkdtemp(prefix="onewindow-year-"))
    root.chmod(0o755)  # PostgreSQL's account walks through it
    written = yaml.safe_dump(dict(plan), allow_unicode=True, sort_keys=False)  # the order of items is part of a draw
    (root / "plan.yaml").write_text(written, encoding="utf-8")
    yield Playhouse(root)
    shutil.rmtree(root, ignore_errors=True)


def demand_figures(figures: Mapping[str, Any], expected: HallFigures) -> None:
    """The figures are exactly those of the plan, every fact was published and received, nothing is parked or dead."""
    counts = len(expected.received), len(expected.accepted), len(expected.closed)
    assert (figures["applied"], figures["volume"], figures["closed"]) == counts
    assert {
        name: (item["applied"], item["accepted"], item["on_time"], item["agreed"], item["refused"])
        for name, item in figures["items"].items()
    } == expected.items
    rates = {name: (rate["numerator"], rate["denominator"]) for name, rate in figures["rates"].items()}
    assert rates == expected.rates
    demand_flow(figures)


def demand_flow(figures: Mapping[str, Any]) -> None:
    """Every fact that was stored was published and received; nothing is parked or dead."""
    facts = figures["facts"]
    assert facts["stored"] == facts["published"] == facts["consumed"] > 0
    assert (figures["parked"], figures["dead_letters"]) == (0, 0)
