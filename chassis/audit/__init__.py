"""Whether what is stored still says what was written: facts, projections, keys, texts, objects, what was heard."""

from .audited import Audited, Expected, Projection, Stated, stated_by, typed
from .findings import Count, Counts, Finding, Rule
from .pages import Limits
from .verifying import Means, verify

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
