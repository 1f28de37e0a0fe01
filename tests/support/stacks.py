"""A stack of a test's own, on empty data."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from embedded.data_dir import DataDir, StackSettings
from embedded.stack import Stack
from tests.support.servers import open_folder


@contextmanager
def running_stack(name: str, clock_start: datetime | None = None) -> Iterator[Stack]:
    """The whole stack on empty data, until the block ends."""
    with open_folder(name) as root:
        whole = Stack(DataDir(root / ".onewindow"), StackSettings())
        whole.start(clock_start=clock_start)
        try:
            yield whole
        finally:
            whole.stop()
