"""The four services, once for the folder: every test has matters of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.service.matter.office import Office, open_office
from tests.support.forgetful import nothing_remembered  # noqa: F401 # a fixture of every test of the folder
from tests.support.servers import PostgresServer


@pytest.fixture(scope="session")
async def shared_office(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """Four services on fresh databases."""
    async with open_office(postgres_server, tmp_path_factory.mktemp("matter")) as office:
        yield office


@pytest.fixture
async def office(shared_office: Office) -> AsyncIterator[Office]:
    """The same, with nothing unheard of the test before."""
    await shared_office.world.unheard()
    yield shared_office
