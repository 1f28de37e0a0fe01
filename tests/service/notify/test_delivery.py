"""From the decision to the proof, over a real database."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey, IdempotencyKey, Scope, position_of
from chassis.inbox import InboxEvent, StreamProgress
from chassis.inbox.store import InboxStore
from chassis.refusals import NotFound, NotYetHere
from law.desk import LineOfAnotherDesk, UnknownWindow, WindowClosed, WindowDoesNotServe
from law.not_allowed import NotAllowed
from protocol.identifiers import IDENTITY_NUMBER, catalogue_entry_id
from services.notify.domain.delivery.collect import (
    AlreadyDelivered,
    NothingToCollect,
    NotTheApplicant,
)
from services.notify.domain.facts import DeliveryOpened, ResultDelivered
from services.notify.ports import FoundMatter, ListedMessage, Matters
from services.notify.usecases.delivery import CollectionDesk, Receiver, WindowCall
from services.notify.usecases.matter import MatterAccess
from tests.service.notify.room import Room
from tests.support.ledger import DISTRICT, OTHER_STREET, STREET
from tests.unit.notify.matter_events import IDENTITY as NUMBER
from tests.unit.notify.matter_events import MatterEvents, calendar_event, window_event


def window_call(matter: MatterEvents, request_id: str = "", scope: Scope | None = None) -> WindowCall:
    return WindowCall(scope or matter.key.scope, "S0031", IdempotencyKey("S0031", request_id or str(uuid4()), b"f"), "")


async def collected(room: Room, matter: MatterEvents, call: WindowCall, number: str = NUMBER) -> bool:
    changed = await room.desk.collect(
        call, matter.application_id, Receiver(number, True, "W1"), lambda fact: str(fact.on_time).encode()
    )
    return changed.answer == b"True"


def a_matter(room: Room) -> MatterEvents:
    return MatterEvents(applicant_index=room.vault.blind_index(NUMBER, IDENTITY_NUMBER).hex())


async def test_a_decision_opens_the_delivery_and_the_applicant_closes_it(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    assert await collected(room, matter, window_call(matter))
    opened, delivered = await room.facts(matter.key)
    assert isinstance(opened, DeliveryOpened) and isinstance(delivered, ResultDelivered)
    assert (opened.outcome, opened.deliver_by) == ("granted", date(2016, 3, 15))
    assert delivered.receiver_index == matter.applicant_index
    (row,) = await room.rows("select * from dossier where application_id = $1", matter.application_id)
    assert (row["revision"], row["delivered_on"], row["on_time"]) == (2, date(2016, 3, 1), True)


async def test_the_districts_decision_opens_it_only_where_the_street_waited_for_it(room: Room) -> None:
    waited, closed = MatterEvents(), MatterEvents()
    await room.receive(
        waited.submitted(), waited.accepted(), waited.referred(), waited.decided_by_district(closes=True)
    )
    await room.receive(
        closed.submitted(), closed.accepted(), closed.referred(), closed.decided_by_district(closes=False)
    )
    (opened,) = await room.facts(waited.key)
    assert isinstance(opened, DeliveryOpened)
    assert (opened.outcome, opened.deliver_by) == ("refused", date(2016, 3, 14))  # from the day it was decided there
    assert await room.facts(closed.key) == []


async def test_a_repeated_collection_gets_the_first_answer_and_a_second_one_is_refused(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    assert await collected(room, matter, window_call(matter, "collect-1"))
    assert await collected(room, matter, window_call(matter, "collect-1"))
    assert len(await room.facts(matter.key)) == 2
    with pytest.raises(AlreadyDelivered):
        await collected(room, matter, window_call(matter, "collect-2"))


async def test_somebody_else_cannot_come_in_person(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    with pytest.raises(NotTheApplicant):
        await collected(room, matter, window_call(matter), "11010519491231002X")


async def test_a_result_is_handed_out_at_a_window_that_was_published(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    for code in ("ZZZ99", "W1 "):
        with pytest.raises(UnknownWindow) as refused:
            await room.desk.collect(
                window_call(matter), matter.application_id, Receiver(NUMBER, True, code), lambda _: b""
            )
        assert refused.value.field == "window"
    await room.receive(window_event("ZZZ99", f"{DISTRICT}009"))
    assert not await room.windows.window(matter.key.street, "ZZZ99", "LABOUR", date(2016, 3, 1)), (
        "the window of another street"
    )
    await room.receive(window_event("ZZZ99", matter.key.street))
    receiver = Receiver(NUMBER, True, "ZZZ99")
    await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")


BEHIND = {
    "behind": StreamProgress(4, 9),
    "nearly": StreamProgress(8, 9),
    "not told": None,
}


@pytest.mark.parametrize("case", BEHIND)
async def test_while_a_publication_may_be_on_its_way_no_window_is_refused(room: Room, case: str) -> None:
    matter, word, window = a_matter(room), BEHIND[case], f"Z-{case.upper().replace(' ', '-')}"
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    room.streams[:] = [word]
    receiver = Receiver(NUMBER, True, window)
    with pytest.raises(NotYetHere):
        await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")
    room.streams[:] = [StreamProgress(4, 9), StreamProgress(4, 9), StreamProgress(9, 400)]
    with pytest.raises(UnknownWindow):  # everything is applied that the stream had when the call came
        await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")
    await room.receive(window_event(window, matter.key.street))
    room.streams[:] = [word]
    await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")


@pytest.mark.parametrize("case", ["early", "parked behind a letter", "dead letter", "unreadable", "kind unknown"])
async def test_a_window_whose_publication_is_held_back_is_not_unknown(room: Room, case: str) -> None:
    """Everything is acknowledged, and the publication is not applied."""
    matter, window = a_matter(room), f"H-{case.upper().replace(' ', '-')}"
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    receiver = Receiver(NUMBER, True, window)
    published, held = window_event(window, STREET), window_event(window, STREET, revision=2)
    store = InboxStore("intake", ["window_published"], ordered=True)

    async def collect() -> None:
        await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")

    with pytest.raises(UnknownWindow):
        await collect()
    if case in ("early", "parked behind a letter"):
        await room.receive(held)
    async with room.pool.acquire() as connection:
        if case in ("dead letter", "parked behind a letter"):
            await store.bury(connection, published, "ValueError")
        if case in ("unreadable", "kind unknown"):
            kind = "window_published" if case == "unreadable" else ""
            unreadable = replace(published, key=FileKey(DISTRICT, "", UUID(int=0)), revision=0, kind=kind)
            await store.bury(connection, unreadable, "UnreadableMessage")
    with pytest.raises(NotYetHere):
        await collect()
    await room.pool.execute("update dead_letter set redriven_at = now()")
    await room.pool.execute("update inbox_offset set state = 'open'")
    if case in ("unreadable", "kind unknown"):
        with pytest.raises(UnknownWindow):
            await collect()
    await room.receive(published)
    await collect()


async def test_a_street_whose_publication_is_held_back_is_not_unknown(room: Room) -> None:
    places, code = room.windows.received, f"{DISTRICT}077"
    assert not await places.street(code)
    key = FileKey(DISTRICT, f"{DISTRICT}000", catalogue_entry_id("street", code))
    store = InboxStore("intake", ["street_published"], ordered=True)
    async with room.pool.acquire() as connection:
        letter = InboxEvent("intake", key, 1, uuid4(), "street_published", b"")
        await store.bury(connection, letter, "ValueError")
    with pytest.raises(NotYetHere):
        await places.street(code)
    await room.pool.execute("update dead_letter set redriven_at = now()")
    assert not await places.street(code)


async def test_what_others_wait_for_makes_no_window_known(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    store = InboxStore("intake", ["window_published"], ordered=True)
    await room.receive(window_event("OTHER", STREET, revision=2))  # parked: its first publication is missing
    async with room.pool.acquire() as connection:
        letter = replace(window_event("X", STREET), key=FileKey(DISTRICT, "", UUID(int=0)), kind="item_published")
        await store.bury(connection, letter, "UnreadableMessage")
    with pytest.raises(UnknownWindow):
        await room.desk.collect(window_call(matter), matter.application_id, Receiver(NUMBER, True, "V9"), lambda _: b"")


@pytest.mark.parametrize(
    ("published", "refusal"),
    [
        (window_event("S1", STREET, open_to="2016-02-29"), WindowClosed),
        (window_event("C9", STREET, [catalogue_pb2.LINE_CIVIL_AFFAIRS]), WindowDoesNotServe),
    ],
    ids=["closed", "of another line"],
)
async def test_a_window_hands_out_on_its_days_and_for_its_lines(
    room: Room, published: InboxEvent, refusal: type[NotAllowed]
) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided(), published)
    code = IntakeEvent.FromString(published.body).window_published.window.code
    receiver = Receiver(NUMBER, True, code)
    with pytest.raises(refusal) as refused:
        await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")
    assert refused.value.field == "window"
    room.streams[:] = [StreamProgress(4, 9)]
    with pytest.raises(NotYetHere):  # it may have been published otherwise
        await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")
    lines = [catalogue_pb2.LINE_CIVIL_AFFAIRS, catalogue_pb2.LINE_LABOUR]
    await room.receive(window_event(code, STREET, lines, "2016-03-01", revision=2))
    await room.desk.collect(window_call(matter), matter.application_id, receiver, lambda _: b"")


@pytest.mark.parametrize("lines", [(), ("FIRE_SAFETY",), ("CIVIL_AFFAIRS",)])
async def test_a_desk_of_other_lines_hands_nothing_out(room: Room, lines: Sequence[str]) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    with pytest.raises(LineOfAnotherDesk) as refused:
        await collected(room, matter, replace(window_call(matter), lines=frozenset(lines)))
    assert refused.value.field == "application_id"
    assert await collected(room, matter, replace(window_call(matter), lines=frozenset({"LABOUR"})))


async def test_before_the_decision_there_is_nothing_to_collect(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted())
    with pytest.raises(NothingToCollect):
        await collected(room, matter, window_call(matter))


async def test_a_decision_heard_before_its_acceptance_is_not_yet_here(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.decided())
    with pytest.raises(NotYetHere):
        await collected(room, matter, window_call(matter))
    await room.receive(matter.submitted(), matter.accepted())
    assert await collected(room, matter, window_call(matter))


@dataclass
class EarlierMatters:
    """Matters of which the next reading is the one from before; then they are read as they stand."""

    rows: Matters
    earlier: FoundMatter | None

    async def find(self, scope: Scope, application_id: UUID) -> FoundMatter | None:
        """The matter as it was found earlier, once."""
        earlier, self.earlier = self.earlier, None
        return earlier or await self.rows.find(scope, application_id)

    async def messages(self, key: FileKey) -> list[ListedMessage]:
        """Its messages."""
        return await self.rows.messages(key)

    async def has_details(self, key: FileKey) -> bool:
        """True until its details are erased."""
        return await self.rows.has_details(key)

    async def phone(self, key: FileKey) -> str:
        """Its number."""
        return await self.rows.phone(key)


@pytest.mark.parametrize("heard", ["submitted", "nothing but the case"])
async def test_the_applicant_is_never_another_person_while_notify_catches_up(room: Room, heard: str) -> None:
    matter, access = a_matter(room), room.matters
    submitted, accepted, decided = matter.submitted(), matter.accepted(), matter.decided()
    await room.receive(submitted)
    earlier = await access.matters.find(matter.key.scope, matter.application_id)
    assert earlier is not None
    if heard != "submitted":
        earlier = replace(earlier, decided=True)
    await room.receive(accepted, decided)  # after the matter was read, before the dossier is
    late = MatterAccess(EarlierMatters(access.matters, earlier), access.waiter, access.codes, access.catch_up)
    desk = CollectionDesk(late, room.dossiers, room.vault, room.clock, room.windows, room.calendars)
    call, receiver = window_call(matter), Receiver(NUMBER, True, "W1")
    if heard == "submitted":
        await desk.collect(call, matter.application_id, receiver, lambda _: b"")
    else:
        with pytest.raises(NotYetHere):
            await desk.collect(call, matter.application_id, receiver, lambda _: b"")


async def test_a_collection_waits_for_the_acceptance_where_it_names_a_position(room: Room) -> None:
    matter = a_matter(room)
    decided = matter.decided()
    await room.receive(decided)
    call = replace(window_call(matter), after=position_of("approval", decided.key, decided.revision))
    with pytest.raises(NotYetHere):  # nothing of intake is here
        await collected(room, matter, call)
    await room.receive(matter.submitted())
    collecting = asyncio.create_task(collected(room, matter, call))
    await asyncio.sleep(0.05)
    await room.receive(matter.accepted())
    assert await collecting


async def test_another_street_does_not_find_the_matter(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    with pytest.raises(NotFound):
        await collected(room, matter, window_call(matter, scope=Scope(DISTRICT, OTHER_STREET)))


async def test_messages_are_listed_in_the_order_of_stages_with_the_number_masked(room: Room) -> None:
    matter = MatterEvents()
    await room.receive(matter.decided())
    with pytest.raises(NotYetHere):
        await room.matters.messages(matter.key.scope, matter.application_id, "")
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    messages, phone = await room.matters.messages(matter.key.scope, matter.application_id, "")
    assert [message.template for message in messages] == ["N01", "N07"]
    assert phone == "138****8000"


async def test_published_holidays_count_for_deliveries_that_open_after_them(room: Room) -> None:
    before, after = MatterEvents(), MatterEvents()
    await room.receive(before.submitted(), before.accepted(), before.decided())
    await room.rows("delete from calendar_notice")
    await room.receive(calendar_event(year=2016, days_off=("2016-03-02", "2016-03-03")))
    await room.receive(after.submitted(), after.accepted(), after.decided())
    await room.rows("delete from calendar_notice")
    facts = [fact for matter in (before, after) for fact in await room.facts(matter.key)]
    days = [fact.deliver_by for fact in facts if isinstance(fact, DeliveryOpened)]
    assert days == [date(2016, 3, 15), date(2016, 3, 17)]
