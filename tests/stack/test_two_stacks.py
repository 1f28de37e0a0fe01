"""Stacks of several folders run at the same time on one machine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from embedded import ports
from embedded.data_dir import DataDir
from embedded.stack import Stack
from tests.stack.stand_ins import SETTINGS, SMALL_TABLE
from tests.support.servers import open_folder


@pytest.fixture
def two() -> Iterator[list[Stack]]:
    """Two stacks that never ran."""
    with open_folder("test") as root:
        stacks = [Stack(DataDir(root / name / ".onewindow"), SETTINGS, SMALL_TABLE) for name in ("one", "other")]
        yield stacks
        for stack in stacks:
            stack.stop()


def test_two_that_start_together_share_no_port(two: list[Stack]) -> None:
    with ThreadPoolExecutor(len(two)) as together:
        list(together.map(Stack.start, two))
    one, other = (set(ports.remembered(stack.data_dir.ports).values()) for stack in two)
    assert one.isdisjoint(other)
    assert all(stack.running() for stack in two)
