"""One stack for all pairs, on Tuesday the 1st of March 2016; `--times` says how often each pair is tried."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import pytest
import pytest_asyncio

from chassis.clock import SHANGHAI
from embedded.stack import Stack
from tests.pairs.hall import Hall
from tests.support.stacks import running_stack

FIRST = datetime(2016, 3, 1, 9, 0, tzinfo=SHANGHAI)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often each pair is tried, and how often with a service killed in the middle."""
    parser.addoption("--times", type=int, default=1, help="how often each pair is tried")
    parser.addoption("--kills", type=int, default=2, help="how often each service is killed alone among the pairs")


@pytest.fixture(scope="session")
def times(request: pytest.FixtureRequest) -> int:
    """Tries of each pair; once where another folder's run did not ask for the option."""
    return int(request.config.getoption("--times", 1))


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """Kills of each service by itself; none where another folder's run did not ask for the option."""
    return int(request.config.getoption("--kills", 0))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole stack on empty data."""
    with running_stack("pairs", FIRST) as whole:
        yield whole


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hall(stack: Stack) -> AsyncIterator[Hall]:
    """The desks of the hall, with the items of the pairs published."""
    async with await Hall.open(stack) as opened:
        await opened.publish()
        yield opened
