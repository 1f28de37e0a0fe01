"""What must be there because of facts: keys and texts in the vault, objects in the store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from chassis.audit.facts import Needed
from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule, Found
from chassis.audit.pages import Reader
from chassis.event_store import FileKey
from chassis.postgres.database import Connection
from chassis.refusals import NotFound
from chassis.vault import FileVault, Tampered
from chassis.vault.objects import Objects, path_of

LARGE = 1 << 20
"""Bytes from which on an object is read alone: an audit runs beside a service, in the memory of its pod."""
CLOSING_BYTES = 29
"""Bytes that closing adds to an object under either suite: suite id, nonce, tag."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the vault has of a file."""

    wrapped: bytes | None
    texts: Mapping[str, bytes]
    """The closed texts, by name."""
    revision: int
    erased: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """Holds what facts need against vault and store."""

    reader: Reader
    vault: FileVault
    objects: Objects | None
    contents: bool
    """True when objects are read and opened, or only looked for."""
    erasing: str
    counts: AuditCounts
    found: Found

    async def look(self, needed: Sequence[Needed]) -> None:
        """Look for all of it; the objects without holding a connection."""
        if not needed:
            return
        async with self.reader.snapshot() as connection:
            kept = await self._kept(connection, list(dict.fromkeys(each.key for each in needed)))
        told: set[FileKey] = set()
        for each in needed:
            file = kept[each.key]
            if file.wrapped is None and not file.erased and each.key not in told:
                told.add(each.key)
                self.found(AuditFinding(AuditRule.KEY_MISSING, each.key, each.revision))
            elif file.wrapped is not None and each.expected.text:
                self._text(each, file)
        blobs = [each for each in needed if each.expected.blob]
        if blobs and self.objects is not None:
            small, large = asyncio.Semaphore(self.reader.limits.objects), asyncio.Semaphore(1)
            await asyncio.gather(
                *(
                    self._blob(self.objects, each, kept[each.key], large if each.expected.size > LARGE else small)
                    for each in blobs
                )
            )

    async def _kept(self, connection: Connection, keys: Sequence[FileKey]) -> dict[FileKey, Kept]:
        rows = await connection.fetch(
            _KEPT, [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys],
            self.erasing,
        )  # fmt: skip # the arrays of the statement, in its order
        return {key: _kept(row) for key, row in zip(keys, rows, strict=True)}

    def _text(self, needed: Needed, file: Kept) -> None:
        """A text that does not open is told where the vault is looked through."""
        name, digest = needed.expected.text, needed.expected.keyed_digest
        if name not in file.texts:
            self.found(AuditFinding(AuditRule.TEXT_MISSING, needed.key, needed.revision, name))
        elif digest and file.wrapped is not None:
            try:
                text = self.vault.open(needed.key, file.wrapped, {name: file.texts[name]})[name]
            except Tampered:
                return
            same = self.vault.keyed_digest(text).hex() == digest
            if not same and file.revision == needed.read_to:  # of a file that went on meanwhile it may be a later one
                self.found(AuditFinding(AuditRule.TEXT_DIFFERS, needed.key, needed.revision, name))

    async def _blob(self, objects: Objects, needed: Needed, file: Kept, room: asyncio.Semaphore) -> None:
        async with room:
            self.counts[AuditCount.OBJECTS] += 1
            rule = await self._wrong_with(objects, needed, file)
        if rule is not None:
            self.found(AuditFinding(rule, needed.key, needed.revision, needed.expected.blob))

    async def _wrong_with(self, objects: Objects, needed: Needed, file: Kept) -> AuditRule | None:
        expected, path = needed.expected, path_of(needed.key, needed.expected.blob)
        try:
            size = await objects.size(path)
        except NotFound:
            return None if file.erased else AuditRule.OBJECT_MISSING
        if file.erased:
            return AuditRule.OBJECT_LEFT
        if size != expected.size + CLOSING_BYTES:
            return AuditRule.OBJECT_SIZE
        if not self.contents or file.wrapped is None:
            return None
        try:
            closed = await objects.get(path)
            opened = self.vault.open(needed.key, file.wrapped, {expected.blob: closed})[expected.blob]
        except NotFound:
            return AuditRule.OBJECT_MISSING
        except Tampered:
            return AuditRule.OBJECT_CLOSED
        return None if sha256(opened).hexdigest() == expected.sha256 else AuditRule.OBJECT_DIFFERS


def _kept(row: asyncpg.Record) -> Kept:
    return Kept(
        row["wrapped"], dict(zip(row["names"] or (), row["texts"] or (), strict=True)), row["reached"], row["erased"]
    )


_KEPT = """
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
