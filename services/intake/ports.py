"""Ports of intake: services of the outside world that its use cases need; the adapters provide them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from chassis.event_store import FileKey, Scope
from services.intake.domain.application.applicant import People, ReadPass
from services.intake.domain.application.state import ApplicationClosing, ApplicationStage
from services.intake.domain.catalogue.state import Catalogue
from services.intake.domain.ticket.queue import NumberOfDay


class CurrentCatalogue(Protocol):
    """The catalogue as published, read by every call before it is used."""

    def now(self) -> Catalogue:
        """The catalogue as it was read last; raises Away before that."""

    async def refresh(self) -> None:
        """Read every publication that was stored before this was called; raises Away."""

    async def street_in_use(self, scope: Scope) -> bool:
        """True for a street that has applications, also from before streets were published; raises Away."""


class Secrets(Protocol):
    """Keyed digests of typed texts, and the query code that a receipt shows."""

    def digest(self, text: str) -> str:
        """Keyed digest of a text, hex."""

    def index(self, identity_number: str) -> str:
        """Blind index of an identity number, hex: equal numbers have equal indexes."""

    def query_code(self, key: FileKey) -> str:
        """Query code of an application: the same each time, and computed by no one without the key."""

    def require_code(self, key: FileKey, shown: str) -> None:
        """Pass the query code of an application; raises WrongQueryCode, TooManyCalls."""

    def query_code_digest(self, key: FileKey) -> str:
        """Stored digest of the query code, hex."""


class EnvelopeSealer(Protocol):
    """Seals envelopes that only notify opens; None where no key of notify is set."""

    def applicant(self, key: FileKey, people: People, index: str, query_code: str) -> bytes | None:
        """The person's details that notify needs for documents and messages."""

    def correction(self, key: FileKey, texts: Mapping[str, str], supplement: int = 0) -> bytes | None:
        """The texts of a correction notice, or of its n-th supplement, by their names in the fact."""

    def decline(self, key: FileKey, texts: Mapping[str, str]) -> bytes | None:
        """The texts of a non-acceptance, by their names in the fact."""


@dataclass(frozen=True, slots=True)
class ListedApplication:
    """An application in a list: its key, its row by the columns of `application`, its applicant's masked name."""

    key: FileKey
    row: Mapping[str, Any]
    applicant_masked: str


@dataclass(frozen=True, slots=True)
class ApplicationQuery:
    """Filters and place of one page of applications."""

    size: int
    after_id: UUID | None = None
    """Last application of the page before; None for the first page."""
    stage: ApplicationStage = ApplicationStage.UNKNOWN
    """Only this stage; UNKNOWN for every stage."""
    item_code: str = ""
    """Only this item; empty for every item."""


class ApplicationTable(Protocol):
    """Finds applications within the scope it is given."""

    async def one(self, scope: Scope, application_id: UUID | None, number: str = "") -> ListedApplication | None:
        """An application by its id or by either of its numbers; None where the scope reaches none."""

    async def page(self, scope: Scope, query: ApplicationQuery) -> tuple[list[ListedApplication], int]:
        """One page, newest first, and the exact count of all that matches."""

    async def locate(self, application_id: UUID) -> FileKey | None:
        """Key of an application anywhere in the district, for the holder of a pass from another place."""

    async def passes_ended(self, key: FileKey, case_id: UUID) -> int:
        """Revision of a case of an application by which its earlier passes ended; 0 while none did.

        By all that approval had published when the call came; raises NotYetHere.
        """

    async def closing(self, key: FileKey) -> ApplicationClosing | None:
        """End of the matter at the desks as approval reported it; None while it runs."""


class TicketTable(Protocol):
    """Finds tickets of a hall."""

    async def of_day(self, scope: Scope, on: date) -> Sequence[NumberOfDay]:
        """The numbers that the hall of a street gave on a day, in no order; raises Away."""


class ReadPassVerifier(Protocol):
    """Verifies passes that approval signed."""

    def claims(self, read_pass: str) -> ReadPass:
        """Claims of the pass; raises NotPermitted when it is not approval's or has expired."""


class PaperStore(Protocol):
    """Stores the bytes of electronic papers, encrypted with the file's own key."""

    async def store(self, key: FileKey, name: str, content: bytes) -> None:
        """Store the content under a name; raises NotFound for a file that does not exist, TooLarge, Away."""
