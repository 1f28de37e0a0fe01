"""Applications as intake stores them, in process: what an audit looks through and a rebuild folds again."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg

from chassis.audit import AuditCounts, AuditFinding, AuditLimits, AuditTarget, verify
from chassis.event_store import Decision, FileKey, FileRepository, PostgresStore
from chassis.postgres.database import open_rpc_pool, open_worker_pool
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, objects
from chassis.vault.objects import path_of
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.maintenance import AUDITED
from services.intake.adapters.vault import EncryptedPapers
from services.intake.domain.application.facts import VaultText
from services.intake.domain.application.receive_material import ArrivedPaper, receive_material
from services.intake.domain.application.state import Application
from services.intake.domain.application.submit import submit
from services.intake.domain.application.withdraw_and_rate import withdraw
from tests.support.ledger import DISTRICT, StillClock, a_cause, a_key, pool_settings
from tests.support.servers import Database
from tests.unit.intake.hall import PROMISED, RECEIVED_ON, day, handed_in, marks

CONTENT = b"%PDF-1.7 a paper"
DIGEST = sha256(CONTENT).hexdigest()
REASON = "不再需要"


@dataclass
class Stored:
    """Three applications as intake stores them: one only submitted, one with a paper, one withdrawn with a reason."""

    database: Database
    means: AuditTarget
    root: Path
    plain: FileKey
    papered: FileKey
    withdrawn: FileKey

    async def damage(self, *statements: str) -> None:
        """Do by hand what nobody may: triggers that keep facts for ever are passed by."""
        connection = await asyncpg.connect(self.database.dsn())
        try:
            await connection.execute("set session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def audit(self, **means: Any) -> tuple[list[AuditFinding], AuditCounts]:
        """Findings and counts of an audit."""
        found: list[AuditFinding] = []
        counts = await verify(AUDITED, replace(self.means, **means), found.append, lambda _counts: None)
        return found, counts

    @property
    def paper(self) -> Path:
        """File of the one electronic paper."""
        return self.root / "objects" / path_of(self.papered, DIGEST)


@asynccontextmanager
async def filled(database: Database, root: Path) -> AsyncIterator[Stored]:
    """The three applications, everything of them published."""
    (root / "vault.json").write_text(json.dumps({"current": 1, "keys": {"1": b64encode(bytes(32)).decode()}}))
    vault = FileVault(Keyring(WatchedFile(root / "vault.json")))
    store_of_objects = objects.opened((root / "objects").as_uri(), 1 << 20)
    rpc, worker = (
        open_rpc_pool(pool_settings(database, "rpc")),
        open_worker_pool(pool_settings(database, "worker"), DISTRICT),
    )
    async with rpc, worker:
        store = PostgresStore(rpc, worker)
        files = FileRepository(store, APPLICATIONS, StillClock(), vault)
        keys = [await _submitted(files, serial) for serial in (1, 2, 3)]
        await EncryptedPapers(store, vault, store_of_objects).store(keys[1], DIGEST, CONTENT)
        arrival = ArrivedPaper("M01", DIGEST, len(CONTENT), "application/pdf")
        await _change(files, keys[1], lambda state: [receive_material(state, arrival, PROMISED, RECEIVED_ON)])
        reason = VaultText("withdrawal.reason", vault.keyed_digest(REASON).hex())
        await _change(
            files,
            keys[2],
            lambda state: Decision([withdraw(state, reason, RECEIVED_ON)], {"withdrawal.reason": REASON}),
        )
        await worker.execute("delete from outbox")  # all of it is published
        means = AuditTarget(worker, vault, store_of_objects, limits=AuditLimits(page=2))
        yield Stored(database, means, root, *keys)


async def _submitted(files: FileRepository[Application, Any], serial: int) -> FileKey:
    key, fact = a_key(), submit(handed_in("M01", "M02"), PROMISED, marks(serial), day())
    await _change(files, key, lambda _state: Decision([fact], {"applicant": "{}"}))
    return key


async def _change(files: FileRepository[Application, Any], key: FileKey, decide: Any) -> None:
    await files.change(key, a_cause(), lambda state, _: decide(state), actor="NHX-001")
