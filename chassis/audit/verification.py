"""One service looked through: facts first, then what must be there because of them, then what must agree."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from chassis.audit.agreement import heard_agrees, outboxes_agree, rows_agree
from chassis.audit.audited import AuditedService
from chassis.audit.facts import FACTS, FACTS_KEY, Chains
from chassis.audit.findings import AuditCounts, Found
from chassis.audit.needed import Needs
from chassis.audit.pages import DEFAULT_AUDIT_LIMITS, AuditLimits, Reader
from chassis.audit.vaults import look_through
from chassis.postgres.database import Pool
from chassis.vault import FileVault
from chassis.vault.objects import Objects


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """With what a service is looked through."""

    pool: Pool
    """As its worker, which sees the whole district."""
    vault: FileVault | None = None
    """None for a service that keeps nothing closed."""
    objects: Objects | None = None
    contents: bool = True
    """True when objects are read and opened, or only looked for."""
    limits: AuditLimits = DEFAULT_AUDIT_LIMITS


async def verify(
    audited: AuditedService, target: AuditTarget, found: Found, progress: Callable[[AuditCounts], None]
) -> AuditCounts:
    """Look through a service while it works, and change nothing; how much was looked at.

    `found` is told each finding as it is found, `progress` after each page how much was looked at so far.
    Memory is bounded by the page. Raises Away when the store of objects does not answer, and what PostgreSQL raises.
    """
    counts: AuditCounts = Counter()
    reader = Reader(target.pool, target.limits, lambda: progress(counts))
    chains = Chains(audited.reads, counts, found)
    vault = target.vault
    needs = Needs(reader, vault, target.objects, target.contents, audited.erasing, counts, found) if vault else None
    async for rows in reader.pages(FACTS, FACTS_KEY):
        needed = chains.follow(rows)
        if needs is not None:
            await needs.look(needed)
    if needs is not None:
        await needs.look(chains.end())
    if vault is not None:
        await look_through(reader, vault, audited.erasing, counts, found)
    await rows_agree(reader, audited.projections, counts, found)
    await outboxes_agree(reader, found)
    await heard_agrees(reader, audited, counts, found)
    return counts
