"""Collection of a decision at a window, put on file with the receiver's identity checked."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.event_store import Changed, Decision, FileRepository, IdempotencyKey, Scope
from chassis.refusals import NotYetHere
from protocol import identifiers
from services.notify.domain.delivery.collect import (
    Collection,
    UnknownCollectionWindow,
    collect,
    receiver_number,
)
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact, ResultDelivered
from services.notify.ports import FoundMatter, Indexes, Windows
from services.notify.usecases.matter import MatterAccess


@dataclass(frozen=True, slots=True)
class WindowCall:
    """A call from a window: its place, its caller, its idempotency key, and the positions that the caller has seen."""

    scope: Scope
    actor: str
    cause: IdempotencyKey
    after: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """The person at the window."""

    identity_number: str
    in_person: bool
    window: str


@dataclass(frozen=True, slots=True)
class CollectionDesk:
    """Hands out decisions."""

    access: MatterAccess
    dossiers: FileRepository[Dossier, Fact]
    indexes: Indexes
    clock: Clock
    windows: Windows

    async def collect(
        self, call: WindowCall, application_id: UUID, receiver: Receiver, answer: Callable[[ResultDelivered], bytes]
    ) -> Changed[Dossier]:
        """Put on file that the receiver has the decision.

        Raises UnknownApplication, UnknownCollectionWindow, NothingToCollect, AlreadyDelivered, NotTheApplicant, a
        Malformed for the number, NotYetHere, also while a window may have been published and was not received.
        """
        matter = await self.access.with_acceptance(call.scope, application_id, call.after)
        if not await self.windows.window(matter.key.street, receiver.window):
            raise UnknownCollectionWindow("window", window=receiver.window)
        try:
            return await self._collect(call, matter, receiver, answer)
        except NotYetHere:  # the dossier shows what was received since the matter was read; now the matter shows it too
            matter = await self.access.with_acceptance(call.scope, application_id, call.after)
            return await self._collect(call, matter, receiver, answer)

    async def _collect(
        self, call: WindowCall, matter: FoundMatter, receiver: Receiver, answer: Callable[[ResultDelivered], bytes]
    ) -> Changed[Dossier]:
        """The collection on the matter as it was found. Raises NotYetHere where the dossier shows another one."""
        today = self.clock.today()

        def decide(dossier: Dossier, _drawn: object) -> Decision[Fact]:
            if dossier.delivery.opened is not None and not matter.accepted:
                raise NotYetHere
            number = receiver_number(receiver.identity_number, receiver.in_person, today)
            index = self.indexes.blind_index(number, identifiers.IDENTITY_NUMBER).hex()
            collection = Collection(index, matter.applicant_index, receiver.in_person, receiver.window)
            fact = collect(dossier.delivery, collection, today)
            return Decision([fact], answer=answer(fact))

        return await self.dossiers.change(matter.key, call.cause, decide, actor=call.actor)
