"""Whether what is stored still says what was written: facts, projections, keys, texts, objects, what was heard."""

from chassis.audit.audited import Audited, Expected, Projection, Stated, stated_by, typed
from chassis.audit.findings import Count, Counts, Finding, Rule
from chassis.audit.pages import Limits
from chassis.audit.verification import Means, verify

__all__ = [
    "Audited",
    "Count",
    "Counts",
    "Expected",
    "Finding",
    "Limits",
    "Means",
    "Projection",
    "Rule",
    "Stated",
    "stated_by",
    "typed",
    "verify",
]
