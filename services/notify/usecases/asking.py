"""What windows ask for: documents, the messages of a matter, and the collection of what was decided."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.event_store import Changed, Decision, FileRepository, IdempotencyKey, PositionWaiter, Scope
from chassis.refusals import NotFound, NotYetHere
from services.notify.domain.collect import Collection, collect, receiver
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DocumentIssued, Fact, ResultDelivered
from services.notify.domain.words import DocumentKind, mask_phone
from services.notify.ports import ClosedDocuments, HeardMatter, Indexes, ListedNotice, Matters
from services.notify.usecases.issuing import object_name

IDENTITY = "identity number"
"""The purpose of the blind index, which every service that looks for a person uses."""


class DocumentNotIssued(NotFound):
    """No document of this kind exists for the matter."""

    default = "该文书尚未制发。"


@dataclass(frozen=True, slots=True)
class Call:
    """One call that hands something out: at which place, by whom, why, and what the caller has seen elsewhere."""

    scope: Scope
    actor: str
    cause: IdempotencyKey
    after: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who stands at which window."""

    identity_number: str
    in_person: bool
    window: str


@dataclass(frozen=True, slots=True)
class Means:
    """What the window's calls work with."""

    files: FileRepository[Dossier, Fact]
    matters: Matters
    documents: ClosedDocuments
    indexes: Indexes
    waiter: PositionWaiter
    clock: Clock


class Asking:
    """Answers windows and portals."""

    def __init__(self, means: Means) -> None:
        self._with = means

    async def document(
        self, scope: Scope, application_id: UUID, kind: DocumentKind, after: str
    ) -> tuple[DocumentIssued, bytes]:
        """A document and its PDF; raises NotFound, DocumentNotIssued, NotYetHere, Away."""
        matter = await self._found(scope, application_id, after)
        try:
            dossier = (await self._with.files.read(matter.key)).state
        except NotFound:
            raise DocumentNotIssued from None
        issued = dossier.documents.get(kind)
        if issued is None:
            raise DocumentNotIssued
        return issued, await self._with.documents.read(matter.key, object_name(kind, issued.sha256))

    async def notices(self, scope: Scope, application_id: UUID, after: str) -> tuple[list[ListedNotice], str]:
        """The messages of a matter, and the masked number they go to; raises NotFound, NotYetHere."""
        matter = await self._found(scope, application_id, after)
        phone = await self._with.matters.phone(matter.key)
        return await self._with.matters.notices(matter.key), mask_phone(phone)

    async def collect(
        self, call: Call, application_id: UUID, who: Receiver, answer: Callable[[ResultDelivered], bytes]
    ) -> Changed[Dossier]:
        """Put on file that the receiver has what was decided.

        Raises NotFound, NothingToCollect, AlreadyDelivered, NotTheApplicant, a Malformed for the number, NotYetHere.
        """
        matter = await self._found(call.scope, application_id, call.after)
        today = self._with.clock.today()

        def decide(dossier: Dossier, _drawn: object) -> Decision[Fact]:
            if dossier.delivery is None and matter.decided:  # decided there, and the acceptance not yet heard here
                raise NotYetHere
            number = receiver(who.identity_number, who.in_person, today)
            index = self._with.indexes.blind_index(number, IDENTITY).hex()
            fact = collect(dossier, Collection(index, matter.applicant_index, who.in_person, who.window), today)
            return Decision([fact], answer=answer(fact))

        return await self._with.files.change(matter.key, call.cause, decide, actor=call.actor)

    async def _found(self, scope: Scope, application_id: UUID, after: str) -> HeardMatter:
        await self._with.waiter.until_reached(after)
        matter = await self._with.matters.find(scope, application_id)
        if matter is None:
            raise NotFound("未找到该申请。")
        return matter
