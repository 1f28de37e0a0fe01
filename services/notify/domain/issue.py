"""A document is issued once: its number, its digest, the template it was set from."""

from datetime import date

from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DocumentIssued
from services.notify.domain.words import DocumentKind

_CHARACTER = {
    DocumentKind.RECEIPT: "受",
    DocumentKind.CORRECTION_NOTICE: "告",
    DocumentKind.NON_ACCEPTANCE: "不受",
    DocumentKind.DECISION: "决",
    DocumentKind.PROOF: "证",
}


def issue(dossier: Dossier, document: DocumentIssued) -> list[DocumentIssued]:
    """The document; nothing when one of its kind exists, which stays the one that was handed out."""
    return [] if document.kind in dossier.documents else [document]


def serial_name(street: str, kind: DocumentKind, on: date) -> str:
    """The name under which a street's documents of a kind are numbered, begun anew each year."""
    return f"document/{street}/{_CHARACTER[kind]}/{on.year}"


def document_number(street: str, kind: DocumentKind, on: date, serial: int) -> str:
    """The number as it stands on the document: the street, its year in brackets, the kind, the serial."""
    return f"{street}〔{on.year}〕{_CHARACTER[kind]}字第{serial:06d}号"
