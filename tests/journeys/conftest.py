"""One running stack for all journeys: real servers, four services, the district's system, the SMS gateway."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import pytest
import pytest_asyncio

from chassis.clock import SHANGHAI
from embedded.stack import Stack
from tests.journeys.office import Office
from tests.support.stacks import running_stack

FIRST = datetime(2016, 3, 1, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole stack on empty data, on Tuesday the 1st of March 2016."""
    with running_stack("journey", FIRST) as whole:
        yield whole


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(stack: Stack) -> AsyncIterator[Office]:
    """The desks of the office, with the catalogue published."""
    async with await Office.open(stack) as opened:
        await opened.publish()
        yield opened
