"""Ports of the use cases: queues, gateway, documents, matters and indexes as notify needs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol, TypeAlias
from uuid import UUID

from chassis.event_store import FileKey, Scope
from chassis.refusals import NotFound
from law.desk import WindowService
from law.hall_hours import HallHours
from services.notify.domain.document.receipt import ReceiptAcceptance
from services.notify.domain.facts import DocumentIssued, DocumentKind, MessageEnd
from services.notify.domain.message.state import MessageState
from services.notify.domain.template.text import MatterWording, Recipient

# Messages


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is due; it is marked as being sent."""

    key: FileKey
    message_id: UUID
    template: str
    tries: int
    """Tries so far, this one included."""
    uncertain: bool
    """True when an earlier try may have reached the gateway, so that it has to be looked up before it is sent."""
    matter: MatterWording
    phone: str
    particulars: Mapping[str, str]
    suppressed: bool = False
    """True for an uncertain one with a message about a later stage: it is looked up, and not offered again."""


@dataclass(frozen=True, slots=True)
class EndedMessage:
    """A message that came to its end."""

    key: FileKey
    fact: MessageEnd


@dataclass(frozen=True, slots=True)
class PostponedMessage:
    """A message with another try: at an office instant, or after real seconds where the office clock stands still."""

    key: FileKey
    message_id: UUID
    again_at: datetime
    real_seconds: float | None
    uncertain: bool


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message as the gateway gets it, under our own id."""

    message_id: UUID
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """The gateway has the message, under its own id."""

    gateway_id: str


class NotTaken(Enum):
    """An answer of the gateway other than that it has the message."""

    REFUSED = "refused"  # the gateway will never take it
    UNAVAILABLE = "unavailable"  # it did not take it now
    UNKNOWN = "unknown"  # it may have it or not


GatewayAnswer: TypeAlias = TakenMessage | NotTaken
"""The gateway's answer about one message."""


class OutcomeUnknown(Exception):
    """It cannot be found out now which messages the gateway has."""


class MessageGateway(Protocol):
    """Carries messages to telephones; a repeated id is carried once."""

    async def offer(self, messages: Sequence[TextMessage]) -> Mapping[UUID, GatewayAnswer]:
        """Offer messages in one call; the answer for each, also when the call itself failed."""

    async def find(self, message_ids: Sequence[UUID]) -> Mapping[UUID, TakenMessage]:
        """Those of the messages that it has. Raises OutcomeUnknown."""


class MessageQueue(Protocol):
    """Messages that are still to be sent."""

    async def take(self, now: datetime, limit: int) -> list[DueMessage]:
        """Messages that are due, marked as being sent and committed before this returns."""

    async def settle(self, ended: Sequence[EndedMessage], postponed: Sequence[PostponedMessage]) -> None:
        """Write the ends and the postponements in one transaction."""

    async def hold(self, now: datetime, until: datetime) -> None:
        """Hold the messages that are due now until then."""


# Documents


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document for which everything is present."""

    key: FileKey
    kind: DocumentKind
    acceptance: ReceiptAcceptance
    recipient: Recipient
    wrapped_key: bytes
    """The dossier's wrapped data key."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document that was typeset and lies encrypted in the object store."""

    key: FileKey
    fact: DocumentIssued


class DocumentQueue(Protocol):
    """Documents that are still to be issued."""

    async def take(self, limit: int) -> list[DueDocument]:
        """Documents for which everything is present."""

    async def draw_serials(self, counts: Mapping[str, int]) -> Mapping[str, int]:
        """So many consecutive numbers of each counter; the first of each."""

    async def settle(self, issued: Sequence[StoredDocument]) -> None:
        """Write that the documents exist, in one transaction."""

    async def set_aside(self, due: DueDocument) -> None:
        """Set a document aside that could not be made, so that a member of staff looks at it."""


class Typesetter(Protocol):
    """Typesets documents."""

    async def receipt(self, content: Mapping[str, object], mark: str) -> bytes:
        """A 受理回执 as PDF; `mark` is the text of its QR code."""

    @property
    def receipt_version(self) -> str:
        """Version of the receipt's template."""


class DetailsErased(NotFound):
    """The details of the matter's applicant were erased, and its documents with them."""

    default = "申请人信息已按规定清除，无法再提供该文书。"


class DocumentStore(Protocol):
    """The bytes of documents, encrypted with the key of their dossier."""

    async def put(self, key: FileKey, wrapped_key: bytes, name: str, pdf: bytes) -> None:
        """Store a document under a name. Raises TooLarge, Away."""

    async def read(self, key: FileKey, name: str) -> bytes:
        """The document. Raises DetailsErased, NotFound, Away."""


# Matters


@dataclass(frozen=True, slots=True)
class FoundMatter:
    """A matter within the scope of a call, as far as it was received; all of one snapshot."""

    key: FileKey
    applicant_index: str
    submitted: bool
    """True when intake's submission was received."""
    accepted: bool
    """True when intake's acceptance was received."""
    decided: bool
    """True when approval's decision was received."""
    case_received: bool
    """True when anything of approval's case was received; there is a case for accepted applications alone."""
    owed: frozenset[DocumentKind] = frozenset()
    """Documents that are still to be issued."""
    set_aside: frozenset[DocumentKind] = frozenset()
    """Documents that could not be made, so that a member of staff looks at them."""

    @property
    def lacks_acceptance(self) -> bool:
        """True when the matter is known to be accepted, and the acceptance itself was not received yet."""
        return not self.accepted and (self.decided or self.case_received)


@dataclass(frozen=True, slots=True)
class ListedMessage:
    """A message as a list shows it."""

    message_id: UUID
    template: str
    state: MessageState
    stage_on: date
    sent_on: date | None
    tries: int


class Matters(Protocol):
    """Matters and their messages; a call sees no more than its scope."""

    async def find(self, scope: Scope, application_id: UUID) -> FoundMatter | None:
        """The matter; None outside the scope."""

    async def messages(self, key: FileKey) -> list[ListedMessage]:
        """Its messages in the order of its stages."""

    async def has_details(self, key: FileKey) -> bool:
        """True from the receipt of an envelope until its erasure."""

    async def phone(self, key: FileKey) -> str:
        """The number of its messages; empty when none is known."""


class CodeDigests(Protocol):
    """Digests of query codes, as the applications were submitted."""

    async def code_digest(self, key: FileKey) -> bytes | None:
        """The digest of an application's code; None while its submission is not received."""


class Indexes(Protocol):
    """Blind indexes and keyed digests of the vault."""

    def blind_index(self, value: str, purpose: str) -> bytes:
        """An index by which equal values find each other."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """Keyed digest of a text."""


class Windows(Protocol):
    """Windows of halls as the district published them, and the lines of what is taken there."""

    async def line(self, key: FileKey) -> str:
        """The line of business of a matter by name, as it was submitted; empty while that is not received."""

    async def window(self, street: str, code: str, line: str, on: date) -> WindowService | None:
        """The service of a window by its newest publication; None without one.

        Raises NotYetHere while it cannot be known that it does not take the line on the day.
        """


class Halls(Protocol):
    """Hours of halls as the district published them."""

    async def hall_hours(self, street: str) -> HallHours | None:
        """Hours of the hall of a street by its newest publication received; None without one. Raises Away."""
