"""Offer of a decision by staff, and its collection at a window, with the receiver's identity checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from chassis.clock import Clock
from chassis.event_store import Changed, Decision, FileRepository, IdempotencyKey, Scope
from chassis.refusals import NotFound, NotYetHere
from chassis.scope import acting_in
from law.desk import require_line, require_service
from law.term_proof import StoredDayProof
from protocol import identifiers
from protocol.recount import Calendars
from protocol.stored_days import prove_days
from services.notify.domain.delivery.collect import (
    Collection,
    NothingToCollect,
    collect,
    offer,
    receiver_number,
)
from services.notify.domain.delivery.open_delivery import stored_days
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DecisionOffered, Fact, OfferWay, ResultDelivered
from services.notify.ports import FoundMatter, Indexes, Windows
from services.notify.usecases.matter import MATTER_SOURCES, MatterAccess


@dataclass(frozen=True, slots=True)
class WindowCall:
    """A call from a window: its place, its caller, its idempotency key, and the positions that the caller has seen."""

    scope: Scope
    actor: str
    cause: IdempotencyKey
    after: str
    lines: frozenset[str] | None = None
    """Lines of business of the desk, by name; None for every line."""


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
    calendars: Calendars

    async def collect(
        self, call: WindowCall, application_id: UUID, receiver: Receiver, answer: Callable[[ResultDelivered], bytes]
    ) -> Changed[Dossier]:
        """Put on file that the receiver has the decision.

        Raises UnknownApplication, LineOfAnotherDesk, UnknownWindow, WindowClosed, WindowDoesNotServe, NothingToCollect,
        AlreadyDelivered, NotTheApplicant, a Malformed for the number, NotYetHere, also while a window may have been
        published and was not received, or a decision.
        """
        collected = partial(self._collect, call, application_id, receiver, answer)
        return await self.access.catch_up.done(MATTER_SOURCES, collected, _may_be_decided)

    async def offer(
        self, call: WindowCall, application_id: UUID, way: OfferWay, answer: Callable[[DecisionOffered], bytes]
    ) -> Changed[Dossier]:
        """Put on file that the applicant was told, or that the result was handed to the post office.

        Raises UnknownApplication, LineOfAnotherDesk, NothingToCollect, AlreadyDelivered, NotYetHere.
        """
        offered = partial(self._offer, call, application_id, way, answer)
        return await self.access.catch_up.done(MATTER_SOURCES, offered, _may_be_decided)

    async def _offer(
        self, call: WindowCall, application_id: UUID, way: OfferWay, answer: Callable[[DecisionOffered], bytes]
    ) -> Changed[Dossier]:
        matter = await self.access.with_acceptance(call.scope, application_id, call.after)
        today, line = self.clock.today(), await self.windows.line(matter.key)
        calendar = await self.calendars.current()

        def decide(dossier: Dossier, _drawn: object) -> Decision[Fact]:
            require_line(call.lines, line, "application_id")
            fact = offer(dossier.delivery, way, today, calendar)
            return Decision([fact], answer=answer(fact))

        return await self.dossiers.change(matter.key, call.cause, decide, actor=call.actor)

    async def _collect(
        self, call: WindowCall, application_id: UUID, receiver: Receiver, answer: Callable[[ResultDelivered], bytes]
    ) -> Changed[Dossier]:
        matter = await self.access.with_acceptance(call.scope, application_id, call.after)
        today, line = self.clock.today(), await self.windows.line(matter.key)
        window = await self.windows.window(matter.key.street, receiver.window, line, today)
        calendar = await self.calendars.current()

        def decide(found: FoundMatter, dossier: Dossier, _drawn: object) -> Decision[Fact]:
            require_line(call.lines, line, "application_id")
            require_service(window, receiver.window, line, today)
            if dossier.delivery.opened is not None and not found.accepted:
                raise NotYetHere
            fact = collect(dossier.delivery, self._collection(found, receiver, today), today, calendar)
            return Decision([fact], answer=answer(fact))

        change = partial(self.dossiers.change, matter.key, call.cause, actor=call.actor)
        try:
            return await change(partial(decide, matter))
        except NotYetHere:  # the dossier shows what was received since the matter was read; now the matter shows it too
            matter = await self.access.with_acceptance(call.scope, application_id, call.after)
            return await change(partial(decide, matter))

    def _collection(self, matter: FoundMatter, receiver: Receiver, today: date) -> Collection:
        number = receiver_number(receiver.identity_number, receiver.in_person, today)
        index = self.indexes.blind_index(number, identifiers.IDENTITY_NUMBER).hex()
        return Collection(index, matter.applicant_index, receiver.in_person, receiver.window)


@dataclass(frozen=True, slots=True)
class DeliveryProofs:
    """Proves the ten days of a delivery."""

    access: MatterAccess
    dossiers: FileRepository[Dossier, Fact]
    calendars: Calendars

    async def prove(self, scope: Scope, application_id: UUID, after: str) -> list[StoredDayProof]:
        """The last day of the delivery as stored, day by day; none before a decision.

        Raises UnknownApplication, NotYetHere, Away.
        """
        matter = await self.access.find(scope, application_id, after)
        try:
            with acting_in(matter.key.scope):
                read = await self.dossiers.read(matter.key)
        except NotFound:  # nothing was given to the applicant yet
            return []
        return await prove_days(stored_days(read.state.delivery), self.calendars)


def _may_be_decided(refusal: Exception) -> bool:
    return isinstance(refusal, NothingToCollect)
