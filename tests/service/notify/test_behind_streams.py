"""No window and no portal is refused for what notify has not received: a matter, an acceptance, a decision."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from chassis.inbox import CatchUp
from chassis.refusals import NotYetHere
from protocol.query_codes import WrongQueryCode
from services.notify.domain.delivery.collect import NothingToCollect
from services.notify.domain.facts import DocumentKind
from services.notify.usecases.delivery import CollectionDesk, Receiver
from services.notify.usecases.document import DocumentReader, NoReceiptBeforeAcceptance
from services.notify.usecases.matter import MatterAccess, UnknownApplication
from tests.service.notify.room import Room
from tests.service.notify.test_delivery import a_matter, window_call
from tests.support.caught_up import CAUGHT_UP, NOT_CAUGHT_UP, arriving
from tests.unit.notify.matter_events import CODE, MatterEvents
from tests.unit.notify.matter_events import IDENTITY as NUMBER


def room_with(room: Room, catch_up: CatchUp) -> tuple[CollectionDesk, DocumentReader, MatterAccess]:
    """The same room for calls, whose streams are elsewhere."""
    access = replace(room.matters, catch_up=catch_up)
    desk = CollectionDesk(access, room.dossiers, room.vault, room.clock, room.windows, room.calendars)
    return desk, DocumentReader(access, room.dossiers, room.documents()), access


STEPS = ("submitted", "accepted", "decided")


@pytest.mark.parametrize(
    ("call", "received", "refusal"),
    [
        ("collection", 2, NothingToCollect),
        ("collection", 0, UnknownApplication),
        ("receipt", 1, NoReceiptBeforeAcceptance),
        ("receipt", 0, UnknownApplication),
        ("notices", 0, UnknownApplication),
        ("code", 0, WrongQueryCode),
    ],
)
async def test_nothing_is_refused_for_what_was_not_received_yet(
    room: Room, call: str, received: int, refusal: type[Exception]
) -> None:
    async def called(matter: MatterEvents, catch_up: CatchUp) -> object:
        desk, documents, access = room_with(room, catch_up)
        scope, application = matter.key.scope, matter.application_id
        match call:
            case "collection":
                return await desk.collect(window_call(matter), application, Receiver(NUMBER, True, "W1"), lambda _: b"")
            case "receipt":
                return await documents.read(scope, application, DocumentKind.RECEIPT, "")
            case "notices":
                return await access.messages(scope, application, "")
        await access.require_code(scope, application, CODE, "")
        return None

    async def receive(matter: MatterEvents, steps: Sequence[str]) -> None:
        await room.receive(*(getattr(matter, step)() for step in steps))

    for catch_up, expected in ((NOT_CAUGHT_UP, NotYetHere), (CAUGHT_UP, refusal)):
        matter = a_matter(room)
        await receive(matter, STEPS[:received])
        with pytest.raises(expected):
            await called(matter, catch_up)
    matter = a_matter(room)
    await receive(matter, STEPS[:received])
    rest = arriving(partial(receive, matter, STEPS[received:]))
    if call == "receipt":  # it is owed now
        with pytest.raises(NotYetHere):
            await called(matter, rest)
    else:
        await called(matter, rest)
