"""Documents that are issued: which, once each, and under which number."""

from collections.abc import Mapping
from datetime import date

from law.rules import rule
from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.domain.stage_reports import AcceptanceStage, Stage

_CHARACTER = {
    DocumentKind.RECEIPT: "受",
    DocumentKind.CORRECTION_NOTICE: "告",
    DocumentKind.NON_ACCEPTANCE: "不受",
    DocumentKind.DECISION: "决",
    DocumentKind.PROOF: "证",
}


@rule("行政许可法 32")
def receipt_due(stage: Stage) -> bool:
    """An acceptance is followed by a receipt where the item has one and is not ended at the window at once."""
    return isinstance(stage, AcceptanceStage) and stage.receipt and not stage.instant


@rule()
def issue(documents: Mapping[DocumentKind, DocumentIssued], document: DocumentIssued) -> list[DocumentIssued]:
    """A document of a kind is issued once; the one that was handed out stays."""
    return [] if document.kind in documents else [document]


def serial_name(street: str, kind: DocumentKind, on: date) -> str:
    """The name of the counter of a street's documents of a kind, which begins anew each year."""
    return f"document/{street}/{_CHARACTER[kind]}/{on.year}"


def document_number(street: str, kind: DocumentKind, on: date, serial: int) -> str:
    """The number as it stands on the document: the street, its year in brackets, the kind, the serial."""
    return f"{street}〔{on.year}〕{_CHARACTER[kind]}字第{serial:06d}号"
