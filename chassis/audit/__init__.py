"""Audit of a service: facts, projections, keys, texts, objects and inbox agree with one another."""

from chassis.audit.audited_service import (
    AuditedService,
    ExpectedContent,
    Projection,
    StatedFact,
    fact_reader,
    vault_texts_in,
)
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
