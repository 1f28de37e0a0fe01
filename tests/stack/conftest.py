"""A home that PostgreSQL's account can enter, and a stack of real servers and two stand-ins in it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.data_dir import DataDir
from embedded.stack import Stack
from tests.stack.stand_ins import SETTINGS, SMALL_TABLE


@pytest.fixture(scope="module")
def home() -> Iterator[DataDir]:
    """An empty home, removed at the end with whatever is in it."""
    root = Path(tempfile.mkdtemp(prefix="onewindow-test-"))
    yield DataDir(root / ".onewindow")
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def stack(home: DataDir) -> Iterator[Stack]:
    """A stack that is not running yet, and will not be at the end."""
    home.root.parent.chmod(0o755)
    whole = Stack(home, SETTINGS, SMALL_TABLE)
    yield whole
    whole.stop()
