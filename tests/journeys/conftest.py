"""One running stack for all journeys: real servers, four services, the district's system, the SMS gateway."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from chassis.clock import SHANGHAI
from embedded.data_dir import DataDir, StackSettings
from embedded.stack import Stack
from tests.journeys.office import Office

FIRST = datetime(2016, 3, 1, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole stack on empty data, on Tuesday the 1st of March 2016."""
    root = Path(tempfile.mkdtemp(prefix="onewindow-journey-"))
    root.chmod(0o755)  # PostgreSQL's account walks through it
    whole = Stack(DataDir(root / ".onewindow"), StackSettings())
    whole.start(clock_start=FIRST)
    yield whole
    whole.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(stack: Stack) -> AsyncIterator[Office]:
    """The desks of the office, with the catalogue published."""
    async with await Office.open(stack) as opened:
        await opened.publish()
        yield opened
