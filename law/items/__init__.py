"""Items of a district's catalogue: their terms, and the rules that every door of publication asks of them."""

from law.items.item import (
    FIRST_DAY,
    LAST_DAY,
    Breach,
    ClosesOn,
    FieldPath,
    ItemFinding,
    Kind,
    Offering,
    PublicItem,
    PublicLimit,
    PublicMaterial,
    PublicPart,
    PublicPeriod,
    PublicStep,
    StepKind,
    dotted,
)
from law.items.public_text import message_text_faults, placeholders, public_text_faults
from law.items.rules import FINDINGS, RULES, item_breaches, item_findings

__all__ = [
    "FINDINGS",
    "FIRST_DAY",
    "LAST_DAY",
    "RULES",
    "Breach",
    "ClosesOn",
    "FieldPath",
    "ItemFinding",
    "Kind",
    "Offering",
    "PublicItem",
    "PublicLimit",
    "PublicMaterial",
    "PublicPart",
    "PublicPeriod",
    "PublicStep",
    "StepKind",
    "dotted",
    "item_breaches",
    "item_findings",
    "message_text_faults",
    "placeholders",
    "public_text_faults",
]
