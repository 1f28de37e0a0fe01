"""Offers of decisions and the hours on letters, over a real database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.notify.adapters.database import query
from services.notify.adapters.message.gateway import SmsGateway
from services.notify.domain.delivery.collect import AlreadyDelivered, NothingToCollect
from services.notify.domain.facts import DecisionOffered, DeliveryOpened, MessageSent, OfferWay
from services.notify.usecases.delivery import WindowCall
from tests.service.notify.room import LETTERHEADS, Room
from tests.service.notify.test_delivery import a_matter, collected, window_call
from tests.support.ledger import STREET
from tests.unit.notify.matter_events import MatterEvents, hall_event


@pytest.mark.parametrize(("sent_after", "on_time"), [(0, True), (14, True), (15, False)])
async def test_who_was_told_in_time_and_comes_later_does_not_make_the_office_late(
    room: Room, gateway: SmsGateway, sent_after: int, on_time: bool
) -> None:
    matter, decided = a_matter(room), room.clock.instant
    await room.receive(matter.submitted(), matter.accepted(), matter.decided(), matter.envelope())
    room.clock.instant = decided + timedelta(days=sent_after)
    while await room.sender(gateway).round():
        pass
    room.clock.instant = decided + timedelta(days=40)
    assert await collected(room, matter, window_call(matter)) is on_time
    facts = await room.facts(matter.key)
    assert any(isinstance(fact, MessageSent) and fact.template == "N07" for fact in facts)
    (row,) = await room.rows("select * from dossier where application_id = $1", matter.application_id)
    offered = (decided + timedelta(days=sent_after)).date()
    assert (row["offered_on"], row["on_time"], row["delivered_on"]) == (offered, on_time, room.clock.today())


async def offered(room: Room, matter: MatterEvents, call: WindowCall, way: OfferWay = OfferWay.CALL) -> bool:
    """The answer to the record of an offer."""
    changed = await room.desk.offer(call, matter.application_id, way, lambda fact: str(fact.on_time).encode())
    return changed.answer == b"True"


async def test_a_call_of_a_clerk_is_an_offer_once_for_each_request(room: Room) -> None:
    matter = a_matter(room)
    await room.receive(matter.submitted(), matter.accepted())
    with pytest.raises(NothingToCollect):
        await offered(room, matter, window_call(matter))
    await room.receive(matter.decided())
    assert [await offered(room, matter, window_call(matter, "offer-01")) for _ in range(2)] == [True, True]
    assert [type(fact) for fact in await room.facts(matter.key)] == [DeliveryOpened, DecisionOffered]
    room.clock.instant += timedelta(days=60)
    assert await offered(room, matter, window_call(matter), OfferWay.MAIL), "the first one was in time"
    assert await collected(room, matter, window_call(matter))
    with pytest.raises(AlreadyDelivered):
        await offered(room, matter, window_call(matter))


async def not_offered(room: Room, after: int) -> int:
    """The count of results without an offer, so many days after today."""
    row = await room.pool.fetchrow(query("queue_size"), room.clock.today() + timedelta(days=after))
    assert row is not None
    return int(row["not_offered"])


async def test_results_that_nobody_was_told_of_by_their_last_day_are_counted(room: Room) -> None:
    before = [await not_offered(room, days) for days in (14, 15)]
    told, late = a_matter(room), a_matter(room)
    for matter in (told, late):
        await room.receive(matter.submitted(), matter.accepted(), matter.decided())
    await offered(room, told, window_call(told))
    assert [await not_offered(room, days) for days in (14, 15)] == [before[0], before[1] + 1]


async def test_hours_on_letters_are_those_that_the_hall_published_last(room: Room) -> None:
    letterheads, street = replace(LETTERHEADS, halls=room.windows.received), STREET
    assert (await letterheads.on([street], date(2016, 3, 1)))[street] == LETTERHEADS.of(street)
    await room.receive(hall_event(street))
    assert (await letterheads.on([street], date(2016, 3, 1)))[street].hours == "工作日8:30-17:30"
    await room.receive(hall_event(street, revision=2, says="维修", effective_to="2016-03-01"))
    hours = [(await letterheads.on([street, street], date(2016, 3, day)))[street].hours for day in (1, 2)]
    assert hours == ["工作日8:30-17:30（1月1日至3月1日维修停办）", "工作日8:30-17:30"]
