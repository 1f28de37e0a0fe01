"""Audit of content: keys and texts in the vault, objects in the store, nothing left of erased files."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from chassis.audit.fact_chains import Requirement
from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule, Found
from chassis.audit.pages import PageReader, row_file
from chassis.event_store import FileKey
from chassis.postgres.database import Connection
from chassis.refusals import NotFound
from chassis.vault import FileVault, Tampered
from chassis.vault.objects import Objects, path_of

LARGE = 1 << 20
"""Bytes from which on an object is read alone: an audit runs beside a service, in the memory of its pod."""
ENCRYPTION_BYTES = 29
"""Bytes that encryption adds to an object under either suite: suite id, nonce, tag."""


_ENTRIES = """
select k.wrapped, t.names, t.texts,
       (select max(f.revision) from fact f
        where f.district = g.district and f.street = g.street and f.file_id = g.file_id) as reached,
       exists (select from fact f where f.district = g.district and f.street = g.street and f.file_id = g.file_id
                                    and f.kind = $4) as erased
from unnest($1::text[], $2::text[], $3::uuid[]) with ordinality as g (district, street, file_id, n)
left join vault_key k on k.district = g.district and k.street = g.street and k.file_id = g.file_id
cross join lateral (
  select array_agg(t.name order by t.name) as names, array_agg(t.ciphertext order by t.name) as texts
  from vault_text t where t.district = g.district and t.street = g.street and t.file_id = g.file_id) t
order by g.n
"""
_FILE = ("district", "street", "file_id")
_KEYS = """
select k.district, k.street, k.file_id, k.wrapped, t.names, t.texts,
       exists (select from fact f where f.district = k.district and f.street = k.street and f.file_id = k.file_id
                                    and f.kind = $5) as erased
from (select * from vault_key where (district, street, file_id) > ($1, $2, $3)
      order by district, street, file_id limit $4) k
cross join lateral (
  select array_agg(t.name order by t.name) as names, array_agg(t.ciphertext order by t.name) as texts
  from vault_text t where t.district = k.district and t.street = k.street and t.file_id = k.file_id) t
order by k.district, k.street, k.file_id
"""
_WITHOUT_KEY = """
select t.district, t.street, t.file_id, t.name from vault_text t
where (t.district, t.street, t.file_id, t.name) > ($1, $2, $3, $4)
  and not exists (select from vault_key k
                  where k.district = t.district and k.street = t.street and k.file_id = t.file_id)
order by t.district, t.street, t.file_id, t.name limit $5
"""


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """Key and texts of a file in the vault."""

    wrapped: bytes | None
    texts: Mapping[str, bytes]
    """Ciphertexts by name."""
    revision: int
    erased: bool


@dataclass(frozen=True, slots=True)
class ContentCheck:
    """Compares the requirements of facts with vault and store."""

    reader: PageReader
    vault: FileVault
    objects: Objects | None
    contents: bool
    """True when objects are read and opened; else only their sizes are compared."""
    erasing: str
    counts: AuditCounts
    found: Found

    async def check(self, requirements: Sequence[Requirement]) -> None:
        """Checks all requirements; objects are read without holding a connection."""
        if not requirements:
            return
        async with self.reader.snapshot() as connection:
            entries = await self._entries(connection, list(dict.fromkeys(each.key for each in requirements)))
        reported: set[FileKey] = set()
        for each in requirements:
            entry = entries[each.key]
            if entry.wrapped is None and not entry.erased and each.key not in reported:
                reported.add(each.key)
                self.found(AuditFinding(AuditRule.KEY_MISSING, each.key, each.revision))
            elif entry.wrapped is not None and each.expected.text:
                self._check_text(each, entry)
        blobs = [each for each in requirements if each.expected.blob]
        if blobs and self.objects is not None:
            small, large = asyncio.Semaphore(self.reader.limits.objects), asyncio.Semaphore(1)
            await asyncio.gather(
                *(
                    self._check_blob(
                        self.objects, each, entries[each.key], large if each.expected.size > LARGE else small
                    )
                    for each in blobs
                )
            )

    async def _entries(self, connection: Connection, keys: Sequence[FileKey]) -> dict[FileKey, VaultEntry]:
        rows = await connection.fetch(
            _ENTRIES, [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys],
            self.erasing,
        )  # fmt: skip # the arrays of the statement, in its order
        return {key: _entry(row) for key, row in zip(keys, rows, strict=True)}

    def _check_text(self, requirement: Requirement, entry: VaultEntry) -> None:
        """Checks a text; one that does not open is reported by `check_vault`."""
        name, digest = requirement.expected.text, requirement.expected.keyed_digest
        if name not in entry.texts:
            self.found(AuditFinding(AuditRule.TEXT_MISSING, requirement.key, requirement.revision, name))
        elif digest and entry.wrapped is not None:
            try:
                text = self.vault.open(requirement.key, entry.wrapped, {name: entry.texts[name]})[name]
            except Tampered:
                return
            same = self.vault.keyed_digest(text).hex() == digest
            if not same and entry.revision == requirement.read_to:  # of a file that moved on it may be a later one
                self.found(AuditFinding(AuditRule.TEXT_DIFFERS, requirement.key, requirement.revision, name))

    async def _check_blob(
        self, objects: Objects, requirement: Requirement, entry: VaultEntry, slots: asyncio.Semaphore
    ) -> None:
        async with slots:
            self.counts[AuditCount.OBJECTS] += 1
            rule = await self._breach(objects, requirement, entry)
        if rule is not None:
            self.found(AuditFinding(rule, requirement.key, requirement.revision, requirement.expected.blob))

    async def _breach(self, objects: Objects, requirement: Requirement, entry: VaultEntry) -> AuditRule | None:
        expected, path = requirement.expected, path_of(requirement.key, requirement.expected.blob)
        try:
            size = await objects.size(path)
        except NotFound:
            return None if entry.erased else AuditRule.OBJECT_MISSING
        if entry.erased:
            return AuditRule.OBJECT_LEFT
        if size != expected.size + ENCRYPTION_BYTES:
            return AuditRule.OBJECT_SIZE
        if not self.contents or entry.wrapped is None:
            return None
        try:
            closed = await objects.get(path)
            opened = self.vault.open(requirement.key, entry.wrapped, {expected.blob: closed})[expected.blob]
        except NotFound:
            return AuditRule.OBJECT_MISSING
        except Tampered:
            return AuditRule.OBJECT_CLOSED
        return None if sha256(opened).hexdigest() == expected.sha256 else AuditRule.OBJECT_DIFFERS


async def check_vault(reader: PageReader, vault: FileVault, erasing: str, counts: AuditCounts, found: Found) -> None:
    """Opens every key with its texts; then looks for texts without a key."""
    async for rows in reader.pages(_KEYS, _FILE, erasing):
        for row in rows:
            key, wrapped, names = row_file(row), row["wrapped"], row["names"] or ()
            if row["erased"]:
                found(AuditFinding(AuditRule.KEY_LEFT, key))
            try:
                vault.open(key, wrapped, {})
            except Tampered:
                found(AuditFinding(AuditRule.KEY_CLOSED, key))
                continue
            for name, closed in zip(names, row["texts"] or (), strict=True):
                try:
                    vault.open(key, wrapped, {name: closed})
                except Tampered:
                    found(AuditFinding(AuditRule.TEXT_CLOSED, key, name=name))
        counts[AuditCount.KEYS] += len(rows)
        counts[AuditCount.TEXTS] += sum(len(row["names"] or ()) for row in rows)
    async for rows in reader.pages(_WITHOUT_KEY, (*_FILE, "name")):
        for row in rows:
            found(AuditFinding(AuditRule.TEXT_LEFT, row_file(row), name=row["name"]))


def _entry(row: asyncpg.Record) -> VaultEntry:
    return VaultEntry(
        row["wrapped"], dict(zip(row["names"] or (), row["texts"] or (), strict=True)), row["reached"], row["erased"]
    )
