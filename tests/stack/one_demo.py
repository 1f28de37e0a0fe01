"""A demo of a few lines: starts a small stack in the named folder, says so, plays until it is signalled."""

import asyncio
import sys
from pathlib import Path

from cli.stack.demo_session import only_one, taken_down
from embedded.data_dir import DataDir
from embedded.stack import Stack
from tests.stack.stand_ins import SETTINGS, SMALL_TABLE


def main() -> None:
    stack = Stack(DataDir(Path(sys.argv[1])), SETTINGS, SMALL_TABLE)
    with only_one(stack.data_dir), taken_down(stack):
        stack.start()
        asyncio.run(_play())


async def _play() -> None:
    print("up", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
