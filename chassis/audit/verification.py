"""Verification of one service: facts, then the content that they require, then rows, outboxes and inbox."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from chassis.audit.audited_service import AuditedService
from chassis.audit.contents import ContentCheck, check_vault
from chassis.audit.fact_chains import FACTS, FACTS_KEY, FactChains
from chassis.audit.findings import AuditCounts, Found
from chassis.audit.pages import DEFAULT_AUDIT_LIMITS, AuditLimits, PageReader
from chassis.audit.projections import check_days, check_inbox, check_outboxes, check_rows
from chassis.postgres.database import Pool
from chassis.vault import FileVault
from chassis.vault.objects import Objects


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """Database, vault and object store of the audited service."""

    pool: Pool
    """Pool of its worker, which sees the whole district."""
    vault: FileVault | None = None
    """None for a service without personal texts."""
    objects: Objects | None = None
    contents: bool = True
    """True when objects are read and opened; else only their sizes are compared."""
    limits: AuditLimits = DEFAULT_AUDIT_LIMITS


async def verify(
    audited: AuditedService, target: AuditTarget, found: Found, progress: Callable[[AuditCounts], None]
) -> AuditCounts:
    """Verifies a service while it works, without changing anything; the number of records that were checked.

    `found` is called with each finding, `progress` after each page with the counts so far; the size of a page bounds
    the memory. Raises Away when the store of objects does not answer, and the errors of PostgreSQL.
    """
    counts: AuditCounts = Counter()
    reader = PageReader(target.pool, target.limits, lambda: progress(counts))
    chains = FactChains(audited.reads, counts, found)
    vault = target.vault
    content = (
        ContentCheck(reader, vault, target.objects, target.contents, audited.erasing, counts, found) if vault else None
    )
    async for rows in reader.pages(FACTS, FACTS_KEY):
        required = chains.add(rows)
        if content is not None:
            await content.check(required)
    if content is not None:
        await content.check(chains.end())
    if vault is not None:
        await check_vault(reader, vault, audited.erasing, counts, found)
    await check_rows(reader, audited.projections, counts, found)
    await check_outboxes(reader, found)
    await check_inbox(reader, audited, counts, found)
    await check_days(reader, found)
    return counts
