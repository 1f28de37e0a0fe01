"""What is published and heard: one connection to NATS, the relay, and a hearing for each stream."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis import broker
from chassis.broker_access import BrokerAccess
from chassis.database import Pool
from chassis.event_store import Bell
from chassis.hearing import HeardEvent, Hearing, Hears
from chassis.relay import FactOutbox, Relay

from . import envelopes, told_by_approval, told_by_intake
from .envelopes import Envelopes
from .hearing import Teller
from .wire import SOURCE


@dataclass(slots=True)
class Bells:
    """Who is woken in this process when something was written."""

    wakes: list[Callable[[], None]] = field(default_factory=list)

    def ring(self) -> None:
        """Wake all of them."""
        for wake in self.wakes:
            wake()


@dataclass(frozen=True, slots=True)
class Streams:
    """Publishes and hears while NATS is there; calls are answered meanwhile and the outbox keeps what they say."""

    pool: Pool
    access: BrokerAccess
    hears: Sequence[Hears]
    bells: Bells
    bell: Bell

    async def run(self) -> None:
        """For ever; the loop that the service supervises."""
        client = await broker.connect(self.access, SOURCE)
        relay = Relay(self.pool, client, FactOutbox(SOURCE))
        self.bells.wakes.append(relay.wake)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(relay.run())
                for each in self.hears:
                    hearing = Hearing(self.pool, client, each, bell=self.bell, wake=self.bells.ring)
                    group.create_task(hearing.run())
        finally:
            self.bells.wakes.remove(relay.wake)
            await client.close()


def hears_intake(teller: Teller) -> Hears:
    """Matters from the window: accepted, to be corrected, not accepted; items and calendars."""
    return Hears(SOURCE, "OW_INTAKE", "intake", teller.apply, told_by_intake.KINDS, verify=_verify_intake)


def hears_approval(teller: Teller) -> Hears:
    """How matters go on and end."""
    return Hears(SOURCE, "OW_APPROVAL", "approval", teller.apply, told_by_approval.KINDS, verify=_verify_approval)


def hears_sealed(opened: Envelopes) -> Hears:
    """Whose matters they are."""
    return Hears(SOURCE, "OW_SEALED", "sealed", opened.apply, envelopes.KINDS, ordered=False)


class WrongEvent(Exception):
    """The headers of a message name another event than its body is."""


def _verify_intake(heard: HeardEvent) -> None:
    event = IntakeEvent.FromString(heard.body)
    _agree(heard, event.place, (event.file_id, event.event_id, event.revision, event.WhichOneof("fact")))


def _verify_approval(heard: HeardEvent) -> None:
    event = ApprovalEvent.FromString(heard.body)
    _agree(heard, event.place, (event.case_id, event.event_id, event.revision, event.WhichOneof("fact")))


def _agree(heard: HeardEvent, place: Place, body: tuple[str, str, int, str | None]) -> None:
    key = heard.key
    headers = (str(key.file_id), str(heard.event_id), heard.revision, heard.kind)
    if headers != body or (place.district, place.street) != (key.district, key.street):
        raise WrongEvent
