"""Approval on a database of its own, and a district system on the loopback."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chassis.postgres.database import open_rpc_pool, open_worker_pool
from chassis.settings.watched_file import WatchedFile
from chassis.vault.keys import Keyring
from chassis.vault.vault import FileVault
from services.approval.adapters.providers import CasePasses
from tests.service.approval.edge import Door, open_door
from tests.service.approval.office import SetClock, World
from tests.support.forgetful import nothing_remembered  # noqa: F401 # a fixture of every test of the folder
from tests.support.ledger import pool_settings
from tests.support.servers import Database
from tests.unit.approval.matters import ACCEPTED_ON


@pytest.fixture
async def world(create_database: Callable[..., Database], tmp_path: Path) -> AsyncIterator[World]:
    """A fresh service on the first of March 2016."""
    async with open_world(create_database("approval", "approval_test"), tmp_path) as opened:
        yield opened


@pytest.fixture
async def door(world: World, tmp_path: Path) -> AsyncIterator[Door]:
    """Approval behind its edge on a free port."""
    async with open_door(world, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def open_world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """A service on a database, on the first of March 2016; its vault has the same key each time."""
    rpc = open_rpc_pool(pool_settings(database, "rpc"))
    worker = open_worker_pool(pool_settings(database, "worker"), "440105")
    keys = tmp_path / "vault.json"
    keys.write_text(json.dumps({"current": 1, "keys": {"1": base64.b64encode(b"k" * 32).decode()}}))
    signing = tmp_path / "pass.pem"
    private = ec.generate_private_key(ec.SECP256R1())
    signing.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    async with rpc, worker:
        yield World(
            rpc,
            worker,
            SetClock(ACCEPTED_ON),
            FileVault(Keyring(WatchedFile(keys))),
            CasePasses(WatchedFile(signing), 30, 60),
        )
