"""What an audit has to know of metrics: it has no facts of its own, only what it heard."""

from chassis.audit import AuditedService

AUDITED = AuditedService("metrics")
