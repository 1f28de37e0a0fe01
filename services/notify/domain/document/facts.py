"""Facts of a document in the past tense, with the fields of the contract."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class DocumentKind(IntEnum):
    """The kind of a document; the numbers are those of the contract."""

    RECEIPT = 1  # 受理回执 (行政许可法 32)
    CORRECTION_NOTICE = 2  # 一次性告知书 (行政许可法 32(4))
    NON_ACCEPTANCE = 3  # 不予受理决定书 (行政许可法 32)
    DECISION = 4  # 准予决定书, 不予决定书 (行政许可法 38)
    PROOF = 5  # 送达回证 (行政许可法 44)


@dataclass(frozen=True, slots=True)
class DocumentIssued:
    """A document exists."""

    occurred_on: date
    kind: DocumentKind
    document_number: str
    sha256: str
    """Digest of the PDF, hex."""
    size: int
    """Size of the PDF in bytes."""
    template_version: str
