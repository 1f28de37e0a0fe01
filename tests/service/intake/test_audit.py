"""An audit of intake finds whatever is not as it was written, by file and rule, and nothing where all is well."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping

import asyncpg
import pytest

from chassis.audit import AuditCount, AuditFinding, AuditLimits, AuditRule
from chassis.audit.pages import PageReader
from chassis.event_store import FileKey
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring
from tests.service.intake.stored import CONTENT, DIGEST, Stored
from tests.support.ledger import DISTRICT


async def test_what_is_as_it_was_written_is_counted_and_nothing_is_found(stored: Stored) -> None:
    found, counts = await stored.audit()
    assert found == []
    assert counts == {
        AuditCount.FILES: 3, AuditCount.FACTS: 5, AuditCount.ROWS: 3, AuditCount.KEYS: 3, AuditCount.TEXTS: 4,
        AuditCount.OBJECTS: 1,
    }  # fmt: skip # few lines of figures


DAMAGES: Mapping[str, tuple[str, str, AuditRule, int]] = {
    "a digest": ("plain", "update fact set digest = sha256(digest) where {file}", AuditRule.CHAIN_BROKEN, 1),
    "a body": (
        "papered", "update fact set body = body || '\\x00' where revision = 1 and {file}", AuditRule.CHAIN_BROKEN, 1
    ),
    "a digest that others follow": (
        "papered",
        "update fact set digest = sha256(digest) where revision = 1 and {file}",
        AuditRule.CHAIN_BROKEN,
        1,
    ),
    "a fact between": ("papered", "delete from fact where revision = 1 and {file}", AuditRule.REVISION_MISSING, 1),
    "the last fact": ("papered", "delete from fact where revision = 2 and {file}", AuditRule.ROW_BEHIND, 1),
    "a day in the columns": (
        "plain", "update fact set occurred_on = occurred_on - 1 where {file}", AuditRule.FACT_DIFFERS, 1
    ),
    "a row": ("plain", "delete from application where {row}", AuditRule.ROW_MISSING, 0),
    "the revision of a row": ("plain", "update application set revision = 9 where {row}", AuditRule.ROW_BEHIND, 1),
    "a key": ("plain", "delete from vault_key where {file}", AuditRule.KEY_MISSING, 1),
    "the bytes of a key": (
        "plain", "update vault_key set wrapped = set_byte(wrapped, 20, 7) where {file}", AuditRule.KEY_CLOSED, 0
    ),
    "a text": ("withdrawn", "delete from vault_text where name <> 'applicant' and {file}", AuditRule.TEXT_MISSING, 2),
    "the bytes of a text": (
        "plain", "update vault_text set ciphertext = set_byte(ciphertext, 14, 7) where {file}", AuditRule.TEXT_CLOSED, 0
    ),
}  # fmt: skip # file, statement, rule, revision
"""By what is damaged: in which file, how, what is found and at which fact."""


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_was_damaged_by_hand_is_found_by_file_and_rule(stored: Stored, damage: str) -> None:
    name, statement, rule, revision = DAMAGES[damage]
    key: FileKey = getattr(stored, name)
    places = {"file": f"file_id = '{key.file_id}'", "row": f"application_id = '{key.file_id}'"}
    await stored.damage(statement.format(**places))
    found, _ = await stored.audit()
    assert [(each.key, each.revision) for each in found if each.rule is rule] == [(key, revision)], found
    assert {each.key for each in found} == {key}


async def test_a_text_that_is_not_the_one_of_the_fact_is_found(stored: Stored) -> None:
    assert stored.means.vault is not None
    key = stored.withdrawn
    async with stored.means.pool.acquire() as connection:
        wrapped = await connection.fetchval("select wrapped from vault_key where file_id = $1", key.file_id)
        _, closed = stored.means.vault.seal(key, wrapped, {"withdrawal.reason": b"something else"})
        await connection.execute(
            "update vault_text set ciphertext = $1 where file_id = $2 and name = 'withdrawal.reason'",
            closed["withdrawal.reason"], key.file_id,
        )  # fmt: skip # one statement
    found, _ = await stored.audit()
    assert found == [AuditFinding(AuditRule.TEXT_DIFFERS, key, 2, "withdrawal.reason")]


async def test_keys_that_nobody_mounted_open_nothing(stored: Stored) -> None:
    (stored.root / "other.json").write_text(json.dumps({"current": 1, "keys": {"1": b64encode(b"7" * 32).decode()}}))
    found, counts = await stored.audit(vault=FileVault(Keyring(WatchedFile(stored.root / "other.json"))))
    assert {each.key for each in found if each.rule is AuditRule.KEY_CLOSED} == {
        stored.plain, stored.papered, stored.withdrawn
    }  # fmt: skip # all three
    assert counts[AuditCount.KEYS] == 3


async def test_a_paper_that_is_gone_is_found(stored: Stored) -> None:
    await asyncio.to_thread(stored.paper.unlink)
    found, _ = await stored.audit(contents=False)
    assert found == [AuditFinding(AuditRule.OBJECT_MISSING, stored.papered, 2, DIGEST)]


async def test_a_paper_of_another_size_is_found_without_reading_it(stored: Stored) -> None:
    await asyncio.to_thread(stored.paper.write_bytes, b"short")
    found, _ = await stored.audit(contents=False)
    assert found == [AuditFinding(AuditRule.OBJECT_SIZE, stored.papered, 2, DIGEST)]


async def test_a_paper_with_a_changed_byte_is_found_by_reading_it(stored: Stored) -> None:
    closed = bytearray(await asyncio.to_thread(stored.paper.read_bytes))
    closed[-1] ^= 1
    await asyncio.to_thread(stored.paper.write_bytes, bytes(closed))
    assert await stored.audit(contents=False) == ([], (await stored.audit())[1])
    found, _ = await stored.audit()
    assert found == [AuditFinding(AuditRule.OBJECT_CLOSED, stored.papered, 2, DIGEST)]


async def test_another_paper_closed_with_the_same_key_is_found(stored: Stored) -> None:
    assert stored.means.vault is not None
    wrapped = await stored.means.pool.fetchval(
        "select wrapped from vault_key where file_id = $1", stored.papered.file_id
    )
    _, closed = stored.means.vault.seal(stored.papered, wrapped, {DIGEST: CONTENT[::-1]})
    await asyncio.to_thread(stored.paper.write_bytes, closed[DIGEST])
    found, _ = await stored.audit()
    assert found == [AuditFinding(AuditRule.OBJECT_DIFFERS, stored.papered, 2, DIGEST)]


async def test_what_is_left_of_an_erased_file_is_found(stored: Stored) -> None:
    file = f"file_id = '{stored.papered.file_id}'"
    await stored.damage(f"update fact set kind = 'file_erased' where revision = 2 and {file}")
    found, _ = await stored.audit()
    rules = {each.rule for each in found if each.key == stored.papered}
    assert rules == {
        AuditRule.FACT_DIFFERS,
        AuditRule.KEY_LEFT,
        AuditRule.OBJECT_LEFT,
    }  # the fact was made one of another kind here
    await stored.damage(f"delete from vault_key where {file}")
    found, _ = await stored.audit()
    assert {each.rule for each in found} == {AuditRule.FACT_DIFFERS, AuditRule.TEXT_LEFT, AuditRule.OBJECT_LEFT}


async def test_what_waits_to_be_published_must_be_a_fact(stored: Stored) -> None:
    await stored.damage(
        f"insert into outbox (seq, district) values (999999, '{DISTRICT}')",
        "insert into sealed_outbox (district, street, file_id, revision, body)"
        f" values ('{DISTRICT}', '{stored.plain.street}', '{stored.plain.file_id}', 8, '')",
    )
    found, _ = await stored.audit()
    assert found == [
        AuditFinding(AuditRule.OUTBOX_WITHOUT_FACT, name="999999"),
        AuditFinding(AuditRule.ENVELOPE_WITHOUT_FACT, stored.plain, 8),
    ]


async def test_what_was_heard_must_be_whole_and_of_own_files_no_more_than_there_is(stored: Stored) -> None:
    place, mark = f"'{DISTRICT}', '{stored.plain.street}', '{stored.plain.file_id}'", "insert into inbox_offset values"
    await stored.damage(
        f"{mark} ('approval', {place}, 2)",
        f"insert into inbox values ('approval', {place}, 2, gen_random_uuid(), 'case_opened', '')",
        f"{mark} ('sealed', {place}, 7)",
        f"{mark} ('intake', {place}, 2)",
        f"insert into inbox select 'intake', {place}, n, gen_random_uuid(), 'x', '' from generate_series(1, 2) n",
    )
    found, counts = await stored.audit()
    assert found == [
        AuditFinding(AuditRule.INBOX_INCOMPLETE, stored.plain, 2, "approval"),
        AuditFinding(AuditRule.INBOX_AHEAD, stored.plain, 2, "intake"),
    ]
    assert counts[AuditCount.INBOX_EVENTS] == 3


async def test_an_audit_cannot_write(stored: Stored) -> None:
    async with PageReader(stored.means.pool, AuditLimits()).snapshot() as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("delete from application")
