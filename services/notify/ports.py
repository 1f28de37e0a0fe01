"""What the use cases need of the world, as they see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol, TypeAlias
from uuid import UUID

from chassis.event_store import FileKey, Scope
from services.notify.domain.dossier import Applicant
from services.notify.domain.facts import DocumentIssued, NoticeFailed, NoticeSent
from services.notify.domain.receipt import Acceptance
from services.notify.domain.wording import Matter
from services.notify.domain.words import DocumentKind, NoticeState


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A message whose turn has come; it is marked as being sent."""

    key: FileKey
    notice_id: UUID
    template: str
    tries: int
    """This one included."""
    uncertain: bool
    """An earlier try may have reached the gateway: ask before sending."""
    matter: Matter
    phone: str
    particulars: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EndedNotice:
    """A message that came to its end."""

    key: FileKey
    fact: NoticeSent | NoticeFailed


@dataclass(frozen=True, slots=True)
class PutOffNotice:
    """A message that is tried again: at an office instant, or after real seconds where the office clock stands."""

    key: FileKey
    notice_id: UUID
    again_at: datetime
    real_seconds: float | None
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the gateway is handed it, by our own id of it."""

    notice_id: UUID
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has the message, by its own id of it."""

    gateway_id: str


class Untaken(Enum):
    """What else may be true of a message that was offered."""

    REFUSED = "refused"  # the gateway will never take it
    UNAVAILABLE = "unavailable"  # it did not take it now
    UNKNOWN = "unknown"  # nobody knows whether it has it


Answer: TypeAlias = Taken | Untaken
"""What the gateway says of one message."""


class OutcomeUnknown(Exception):
    """Nobody knows which messages the gateway has."""


class Gateway(Protocol):
    """Carries messages to telephones; a repeated id is carried once."""

    async def offer(self, messages: Sequence[Message]) -> Mapping[UUID, Answer]:
        """Hand messages over in one call; the answer for each, also when the call itself failed."""

    async def ask(self, notice_ids: Sequence[UUID]) -> Mapping[UUID, Taken]:
        """Those of the messages that it has. Raises OutcomeUnknown."""


class NoticeQueue(Protocol):
    """Messages that are still to come."""

    async def take(self, now: datetime, limit: int) -> list[DueNotice]:
        """Those whose turn has come, marked as being sent and committed before this returns."""

    async def settle(self, ended: Sequence[EndedNotice], put_off: Sequence[PutOffNotice]) -> None:
        """Write what became of them: the facts of all that ended in one transaction."""

    async def hold(self, now: datetime, until: datetime) -> None:
        """What would go out now is held until then."""


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document that can be set."""

    key: FileKey
    kind: DocumentKind
    acceptance: Acceptance
    applicant: Applicant
    wrapped: bytes
    """The dossier's wrapped data key."""


@dataclass(frozen=True, slots=True)
class SetDocument:
    """A document that was set and lies closed in the store."""

    key: FileKey
    fact: DocumentIssued


class DocumentQueue(Protocol):
    """Documents that are still to come."""

    async def take(self, limit: int) -> list[DueDocument]:
        """Those for which everything is there."""

    async def number(self, names: Mapping[str, int]) -> Mapping[str, int]:
        """So many consecutive numbers of each counter; the first of each."""

    async def settle(self, done: Sequence[SetDocument]) -> None:
        """Write that they exist, in one transaction."""

    async def set_aside(self, due: DueDocument) -> None:
        """Somebody has to look at it."""


class Typesetter(Protocol):
    """Sets documents."""

    async def receipt(self, content: Mapping[str, object], mark: str) -> bytes:
        """A 受理回执 as PDF; `mark` is what its QR code says."""

    @property
    def receipt_version(self) -> str:
        """Version of the receipt's template."""


class ClosedDocuments(Protocol):
    """The bytes of documents, closed with the key of their dossier."""

    async def keep(self, key: FileKey, wrapped: bytes, name: str, pdf: bytes) -> None:
        """Keep a document under a name; raises Away."""

    async def read(self, key: FileKey, name: str) -> bytes:
        """The document; raises NotFound, Away."""


@dataclass(frozen=True, slots=True)
class HeardMatter:
    """A matter as far as it was heard."""

    key: FileKey
    applicant_index: str
    decided: bool


@dataclass(frozen=True, slots=True)
class ListedNotice:
    """A message as a list shows it."""

    notice_id: UUID
    template: str
    state: NoticeState
    stage_on: date
    sent_on: date | None
    tries: int


class Matters(Protocol):
    """What was heard of matters; sees no more than the scope it is given."""

    async def find(self, scope: Scope, application_id: UUID) -> HeardMatter | None:
        """The matter, if the scope reaches it."""

    async def notices(self, key: FileKey) -> list[ListedNotice]:
        """Its messages in the order of its stages."""

    async def phone(self, key: FileKey) -> str:
        """The number its messages go to; empty when none is known."""


class Indexes(Protocol):
    """Finds equal numbers without reading them, and proves a text without saying it."""

    def blind_index(self, value: str, purpose: str) -> bytes:
        """By which equal values find each other."""

    def keyed_digest(self, text: str | bytes) -> bytes:
        """Keyed digest of a text."""
