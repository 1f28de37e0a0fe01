"""Echo service as a process: `python -m tests.support.echo.process FOLDER`, settings by environment.

It has reached its database when FOLDER/ready is there; its loop dies each time FOLDER/die is there, and takes it away.
"""

import asyncio
import sys
from pathlib import Path

from chassis.process.serve import ServicePlan, run, serve
from chassis.rpc.errors import ErrorMap
from chassis.settings.service import ServiceSettings
from tests.support.echo.edge import Closed, EchoServicer, add_echo, compiled

LOOK_SECONDS = 0.01


async def main() -> int:
    """Serve until told to stop."""
    folder = Path(sys.argv[1])
    messages = compiled(folder)
    plan = ServicePlan(
        service="echo",
        settings=ServiceSettings.load(),
        servicers=[(lambda servicer, server: add_echo(servicer, server, messages), EchoServicer(messages))],
        descriptors=[messages.DESCRIPTOR.services_by_name["EchoService"]],
        access=messages.allow,
        reach=lambda: reach(folder),
        errors=ErrorMap({Closed: "FAILED_PRECONDITION"}),
        loops={"ticking": lambda: tick(folder)},
        closing=[lambda: close(folder)],
    )
    return await serve(plan)


async def reach(folder: Path) -> None:
    """Fail until the database is there."""
    if not (folder / "ready").exists():
        raise ConnectionRefusedError


async def tick(folder: Path) -> None:
    """Tick until killed."""
    (folder / "ticking").touch()
    while not (folder / "die").exists():
        await asyncio.sleep(LOOK_SECONDS)
    (folder / "die").unlink()
    (folder / "ticking").unlink()
    raise RuntimeError("told to die")


async def close(folder: Path) -> None:
    """Leave a sign that connections were closed in order."""
    (folder / "closed").touch()


if __name__ == "__main__":
    run(main)
