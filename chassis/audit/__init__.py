"""True when what is stored still says what was written: facts, projections, keys, texts, objects, what was heard."""

from chassis.audit.audited import AuditedService, ExpectedContent, Projection, StatedFact, fact_reader, vault_texts_in
from chassis.audit.findings import AuditCount, AuditCounts, AuditFinding, AuditRule
from chassis.audit.pages import AuditLimits
from chassis.audit.verification import AuditTarget, verify

__all__ = [
    "AuditCount",
    "AuditCounts",
    "AuditFinding",
    "AuditLimits",
    "AuditRule",
    "AuditTarget",
    "AuditedService",
    "ExpectedContent",
    "Projection",
    "StatedFact",
    "fact_reader",
    "vault_texts_in",
    "verify",
]
