"""Queues, gateways and stores in memory, for tests of the use cases of notify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from chassis.event_store import FileKey
from services.notify.domain.document.receipt import HandlingLimit, ReceiptAcceptance
from services.notify.domain.facts import DocumentKind
from services.notify.domain.template.text import MatterWording, Recipient
from services.notify.ports import (
    DueDocument,
    DueMessage,
    EndedMessage,
    GatewayAnswer,
    NotTaken,
    OutcomeUnknown,
    PostponedMessage,
    StoredDocument,
    TakenMessage,
    TextMessage,
)
from tests.support.ledger import DISTRICT, MORNING, STREET


def due_message(**changes: object) -> DueMessage:
    """A message that is due for the first time."""
    fields: dict[str, object] = {
        "key": FileKey(DISTRICT, STREET, uuid4()),
        "message_id": uuid4(),
        "template": "N01",
        "tries": 1,
        "uncertain": False,
        "matter": MatterWording("居住证核发", False, "201603010007", "ABCD2345"),
        "phone": "13800138000",
        "particulars": {"date": "2016年3月22日"},
    }
    return DueMessage(**{**fields, **changes})  # type: ignore[arg-type] # the fields of the class


@dataclass
class MemoryMessageQueue:
    """A queue whose rounds are recorded."""

    due: list[DueMessage] = field(default_factory=list)
    ended: list[EndedMessage] = field(default_factory=list)
    postponed: list[PostponedMessage] = field(default_factory=list)
    held: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def take(self, now: datetime, limit: int) -> list[DueMessage]:
        taken, self.due = self.due[:limit], self.due[limit:]
        return taken

    async def settle(self, ended: Sequence[EndedMessage], postponed: Sequence[PostponedMessage]) -> None:
        self.ended += ended
        self.postponed += postponed

    async def hold(self, now: datetime, until: datetime) -> None:
        self.held.append((now, until))


@dataclass
class ScriptedGateway:
    """A gateway that answers as it was told, message by message; without an entry it takes a message."""

    answers: dict[UUID, GatewayAnswer | Exception] = field(default_factory=dict)
    has: set[UUID] = field(default_factory=set)
    """Messages that it has already."""
    silent: bool = False
    """True when it does not say what it has."""
    offers: list[list[UUID]] = field(default_factory=list)
    finds: list[list[UUID]] = field(default_factory=list)

    async def offer(self, messages: Sequence[TextMessage]) -> Mapping[UUID, GatewayAnswer]:
        self.offers.append([each.message_id for each in messages])
        found: dict[UUID, GatewayAnswer] = {}
        for each in messages:
            answer = self.answers.get(each.message_id, TakenMessage(f"G-{len(self.has)}"))
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, TakenMessage):
                self.has.add(each.message_id)
            found[each.message_id] = answer
        return found

    async def find(self, message_ids: Sequence[UUID]) -> Mapping[UUID, TakenMessage]:
        self.finds.append(list(message_ids))
        if self.silent:
            raise OutcomeUnknown
        return {each: TakenMessage("G-found") for each in message_ids if each in self.has}


class PlainIndexes:
    """Indexes without a key."""

    def blind_index(self, value: str, purpose: str) -> bytes:
        return sha256(f"{purpose}/{value}".encode()).digest()

    def keyed_digest(self, text: str | bytes) -> bytes:
        return sha256(text.encode() if isinstance(text, str) else text).digest()


def due_document(item: str = "居住证核发", street: str = STREET) -> DueDocument:
    """A receipt for which everything is present."""
    limit = HandlingLimit(15, "工作日")
    day = MORNING.date()
    acceptance = ReceiptAcceptance("N", "S", item, "C", day, day, day, limit, limit, "W3", "S0031", day)
    recipient = Recipient("陈大文", "440105**********27", "13800138000", "ABCD2345")
    return DueDocument(FileKey(DISTRICT, street, uuid4()), DocumentKind.RECEIPT, acceptance, recipient, b"key")


@dataclass
class MemoryDocumentQueue:
    """A queue of documents whose counters begin at a number."""

    due: list[DueDocument] = field(default_factory=list)
    serials: dict[str, int] = field(default_factory=dict)
    issued: list[StoredDocument] = field(default_factory=list)
    aside: list[DueDocument] = field(default_factory=list)

    async def take(self, limit: int) -> list[DueDocument]:
        return self.due[:limit]

    async def draw_serials(self, counts: Mapping[str, int]) -> Mapping[str, int]:
        first = {name: self.serials.get(name, 0) + 1 for name in counts}
        self.serials |= {name: first[name] + count - 1 for name, count in counts.items()}
        return first

    async def settle(self, issued: Sequence[StoredDocument]) -> None:
        self.issued += issued

    async def set_aside(self, due: DueDocument) -> None:
        self.aside.append(due)


REFUSED, UNAVAILABLE, UNKNOWN = NotTaken.REFUSED, NotTaken.UNAVAILABLE, NotTaken.UNKNOWN
