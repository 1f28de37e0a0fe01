"""Every fact of every file: revisions without a gap, the chain of digests, and columns that say what the body says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

import asyncpg
from google.protobuf.message import DecodeError

from chassis.audit.audited import ExpectedContent, Reads
from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule, Found
from chassis.audit.pages import file_of
from chassis.event_store import FileKey
from chassis.event_store.model import NO_DIGEST


@dataclass(frozen=True, slots=True)
class Needed:
    """Something that must be there because of a fact."""

    key: FileKey
    revision: int
    expected: ExpectedContent
    read_to: int = 0
    """The last fact of the file that was read."""


class Chains:
    """Follows the chains of files as their facts come, in the order of file and revision, in whatever pages."""

    def __init__(self, reads: Reads | None, counts: AuditCounts, found: Found) -> None:
        self._reads = reads
        self._counts = counts
        self._found = found
        self._key = FileKey("", "", UUID(int=0))
        self._revision = 0
        self._heads: Sequence[bytes] = _BEFORE_ALL
        """The digest that the next fact follows; after a break there are two."""
        self._needed: dict[tuple[str, str], Needed] = {}
        """What the facts of this file need so far; a text that was written again is the last one."""

    def follow(self, rows: Sequence[asyncpg.Record]) -> list[Needed]:
        """Look at the next facts; what must be there because of the files that ended with them."""
        needed: list[Needed] = []
        for row in rows:
            key = file_of(row)
            if key != self._key:
                needed += self.end()
                self._key, self._revision, self._heads = key, 0, _BEFORE_ALL
                self._counts[AuditCount.FILES] += 1
            self._link(row)
            for each in self._stated(key, row):
                self._needed[each.text, each.blob] = Needed(key, row["revision"], each)
        self._counts[AuditCount.FACTS] += len(rows)
        return needed

    def end(self) -> list[Needed]:
        """The file under way has no more facts; what must be there because of it."""
        needed = [replace(each, read_to=self._revision) for each in self._needed.values()]
        self._needed.clear()
        return needed

    def _link(self, row: asyncpg.Record) -> None:
        """One link. After a break the next may follow the digest as it is stored (a body was changed) or as it should
        be (the digest was), so that a break is told once."""
        revision, digest = row["revision"], row["digest"]
        follows = [sha256(head + row["body"]).digest() for head in self._heads]
        if revision != self._revision + 1:
            self._found(AuditFinding(AuditRule.REVISION_MISSING, self._key, self._revision + 1))
        elif digest not in follows:
            self._found(AuditFinding(AuditRule.CHAIN_BROKEN, self._key, revision))
        self._revision, self._heads = revision, (digest,) if digest in follows else (digest, follows[0])

    def _stated(self, key: FileKey, row: asyncpg.Record) -> Sequence[ExpectedContent]:
        if self._reads is None:
            return ()
        try:
            stated = self._reads(row["body"])
        except (DecodeError, ValueError):
            self._found(AuditFinding(AuditRule.FACT_UNREADABLE, key, row["revision"]))
            return ()
        said = (stated.file_id, stated.event_id, stated.revision, stated.place, stated.occurred_on)
        columns = (
            str(key.file_id), str(row["event_id"]), row["revision"], (key.district, key.street), str(row["occurred_on"])
        )  # fmt: skip # side by side with what the body says
        if said != columns or stated.kind not in (None, row["kind"]):
            self._found(AuditFinding(AuditRule.FACT_DIFFERS, key, row["revision"]))
        return stated.expected


_BEFORE_ALL = (NO_DIGEST,)
FACTS = """
select district, street, file_id, revision, event_id, kind, occurred_on, body, digest from fact
where (district, street, file_id, revision) > ($1, $2, $3, $4)
order by district, street, file_id, revision limit $5
"""
FACTS_KEY = ("district", "street", "file_id", "revision")
