"""Audit of facts: revisions without a gap, unbroken chains of digests, columns that agree with the body."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

import asyncpg
from google.protobuf.message import DecodeError

from chassis.audit.audited_service import ExpectedContent, Reads
from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule, Found
from chassis.audit.pages import row_file
from chassis.event_store import FileKey
from chassis.event_store.model import NO_DIGEST

_BEFORE_ALL = (NO_DIGEST,)
FACTS = """
select district, street, file_id, revision, event_id, kind, occurred_on, body, digest from fact
where (district, street, file_id, revision) > ($1, $2, $3, $4)
order by district, street, file_id, revision limit $5
"""
FACTS_KEY = ("district", "street", "file_id", "revision")


@dataclass(frozen=True, slots=True)
class Requirement:
    """Content that must exist because of a fact."""

    key: FileKey
    revision: int
    expected: ExpectedContent
    read_to: int = 0
    """Last revision of the file that was read."""


class FactChains:
    """Checks the chains of files, from facts in the order of file and revision, in pages of any size."""

    def __init__(self, reads: Reads | None, counts: AuditCounts, found: Found) -> None:
        self._reads = reads
        self._counts = counts
        self._found = found
        self._key = FileKey("", "", UUID(int=0))
        self._revision = 0
        self._heads: Sequence[bytes] = _BEFORE_ALL
        """Digest before the next fact; after a break there are two candidates."""
        self._required: dict[ExpectedContent, Requirement] = {}
        """Requirements of the facts of this file so far, each once; of a text that was written again, every one."""

    def add(self, rows: Sequence[asyncpg.Record]) -> list[Requirement]:
        """Checks the next facts; the requirements of the files that are complete with them."""
        required: list[Requirement] = []
        for row in rows:
            key = row_file(row)
            if key != self._key:
                required += self.end()
                self._key, self._revision, self._heads = key, 0, _BEFORE_ALL
                self._counts[AuditCount.FILES] += 1
            self._check_link(row)
            for each in self._expected(key, row):
                self._required.setdefault(each, Requirement(key, row["revision"], each))
        self._counts[AuditCount.FACTS] += len(rows)
        return required

    def end(self) -> list[Requirement]:
        """Ends the current file; its requirements."""
        required = [replace(each, read_to=self._revision) for each in self._required.values()]
        self._required.clear()
        return required

    def _check_link(self, row: asyncpg.Record) -> None:
        """Checks one link of the chain, and reports a break once.

        After a break the next fact may continue the digest as stored (a body was changed) or as it should be (the
        digest was changed).
        """
        revision, digest = row["revision"], row["digest"]
        expected = [sha256(head + row["body"]).digest() for head in self._heads]
        if revision != self._revision + 1:
            self._found(AuditFinding(AuditRule.REVISION_MISSING, self._key, self._revision + 1))
        elif digest not in expected:
            self._found(AuditFinding(AuditRule.CHAIN_BROKEN, self._key, revision))
        self._revision, self._heads = revision, (digest,) if digest in expected else (digest, expected[0])

    def _expected(self, key: FileKey, row: asyncpg.Record) -> Sequence[ExpectedContent]:
        if self._reads is None:
            return ()
        try:
            stated = self._reads(row["body"])
        except (DecodeError, ValueError):
            self._found(AuditFinding(AuditRule.FACT_UNREADABLE, key, row["revision"]))
            return ()
        in_body = (stated.file_id, stated.event_id, stated.revision, stated.place, stated.occurred_on)
        columns = (
            str(key.file_id), str(row["event_id"]), row["revision"], (key.district, key.street), str(row["occurred_on"])
        )  # fmt: skip # in the order of the data in the body
        if in_body != columns or stated.kind not in (None, row["kind"]):
            self._found(AuditFinding(AuditRule.FACT_DIFFERS, key, row["revision"]))
        return stated.expected
