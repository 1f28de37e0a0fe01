"""Fixtures of intake: the running service with a catalogue, and applications as it stores them."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from embedded.data_dir import DataDir
from tests.service.intake.intake_service import RunningIntake, running
from tests.service.intake.stored import Stored, filled
from tests.support.forgetful import nothing_remembered  # noqa: F401 # a fixture of every test of the folder
from tests.support.servers import Database, NatsServer, PostgresServer, open_home, running_nats
from tests.unit.intake.hall import GENERAL, INSTANT, PROMISED, SPECIAL


@pytest.fixture(scope="session")
def nats_server() -> Iterator[NatsServer]:
    """A server for the folder alone.

    The service below lives to the end of the session; when a test elsewhere makes a stream anew, it would publish
    everything again into that test's stream.
    """
    with open_home() as home, running_nats(home) as server:
        yield server


@pytest.fixture(scope="session")
async def intake(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> AsyncIterator[RunningIntake]:
    """Intake on the morning of 14 September 2016, with two items and two windows."""
    database = create_database("intake", "intake_running")
    with running(server_home, database, nats_server.url) as service:
        await service.publish(PROMISED, INSTANT, GENERAL, SPECIAL)
        yield service
        await service.close()


@pytest.fixture
async def stored(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[Stored]:
    """Three applications in a fresh database, with vault and objects."""
    database = postgres_server.create_database("intake", "intake_stored")
    async with filled(database, tmp_path) as stored:
        yield stored
