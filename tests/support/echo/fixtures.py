"""The echo service and its single sign-on."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.echo.edge import Edge, Issuer, compiled, serving


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The messages of the echo service."""
    return compiled(tmp_path_factory.mktemp("echo"))


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    """A single sign-on of the test's own."""
    return Issuer(tmp_path / "jwks.json")


@pytest.fixture
async def edge(messages: ModuleType, issuer: Issuer) -> AsyncIterator[Edge]:
    """The echo service with settings nobody changed."""
    async with serving(messages, issuer) as running:
        yield running
