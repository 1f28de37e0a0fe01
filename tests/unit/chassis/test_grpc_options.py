"""gRPC ignores an option that it does not know, so every name in the product is held against the library."""

import re
from pathlib import Path

import grpc
import pytest

from tools.tree import PRODUCT

ROOT = Path(__file__).resolve().parents[3]
_OPTION = re.compile(r'"(grpc\.[a-z0-9_.]+)"')


def used() -> dict[str, str]:
    """Each option that the product sets, with a file that does."""
    files = [path for package in PRODUCT for path in (ROOT / package).rglob("*.py")]
    return {name: str(path.relative_to(ROOT)) for path in files for name in _OPTION.findall(path.read_text("utf-8"))}


def known(name: str) -> bool:
    """True where the library holds the name as a text of its own."""
    [library] = (Path(grpc.__file__).parent / "_cython").glob("cygrpc*.so")
    return name.encode() + b"\0" in library.read_bytes()


@pytest.mark.parametrize("name", sorted(used()))
def test_every_option_of_grpc_is_one_that_the_library_knows(name: str) -> None:
    assert known(name), f"{name} in {used()[name]}"


def test_a_name_that_was_never_an_option_is_found() -> None:
    assert not known("grpc.http2.min_recv_ping_interval_without_data_ms")
    assert {"grpc.keepalive_time_ms", "grpc.http2.min_ping_interval_without_data_ms"} <= set(used())
