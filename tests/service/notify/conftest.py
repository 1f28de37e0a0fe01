"""One database of notify for the folder: every test has matters of its own."""

import json
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from chassis.postgres.database import PoolSettings, as_role, open_rpc_pool, open_worker_pool
from services.notify.adapters.document.typesetting import TypstTypesetter
from services.notify.adapters.message.gateway import SmsGateway
from simulation.sms_gateway import GatewaySimulator, application
from tests.service.notify.room import Room
from tests.support.forgetful import nothing_remembered  # noqa: F401 # a fixture of every test of the folder
from tests.support.ledger import DISTRICT
from tests.support.servers import Database, PostgresServer
from tests.unit.notify.matter_events import PRIVATE_KEY


@pytest.fixture(scope="session")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The vault's key file and notify's private key."""
    folder = tmp_path_factory.mktemp("keys")
    vault, private = folder / "vault.json", folder / "private.pem"
    vault.write_text(json.dumps({"current": 1, "keys": {"1": b64encode(os.urandom(32)).decode()}}))
    private.write_bytes(PRIVATE_KEY)
    return vault, private


@pytest.fixture(scope="session")
def notify_database(postgres_server: PostgresServer) -> Iterator[Database]:
    """A migrated database."""
    yield postgres_server.create_database("notify", "notify_rooms")


def reached(database: Database, kind: str) -> PoolSettings:
    """How a role of this database is reached."""
    return PoolSettings(
        host=database.host, port=database.port, database=database.name, login=as_role(database.role(kind))
    )


@pytest.fixture
async def room(
    notify_database: Database, key_files: tuple[Path, Path], typesetter: TypstTypesetter
) -> AsyncIterator[Room]:
    """Notify over real pools of both roles, with nothing left of the test before it."""
    rpc = open_rpc_pool(reached(notify_database, "rpc"))
    pool = open_worker_pool(reached(notify_database, "worker"), DISTRICT)
    async with rpc, pool:
        for table in ("message", "document_task", "matter", "item_version"):
            await pool.execute(f"delete from {table}")
        yield Room.opened((rpc, pool), key_files, typesetter)


@pytest.fixture
def carrier() -> GatewaySimulator:
    """What the carrier's gateway took; faults are ordered on it."""
    return GatewaySimulator()


@pytest.fixture
async def gateway(carrier: GatewaySimulator) -> AsyncIterator[SmsGateway]:
    """Our end of the carrier's gateway, over real HTTP."""
    async with TestServer(application(carrier)) as server, SmsGateway(str(server.make_url("/")), 16, 2.0) as client:
        yield client
