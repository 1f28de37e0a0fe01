"""Messages over a real database and a real gateway that misbehaves."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from services.notify.adapters.message.gateway import SmsGateway
from services.notify.domain.facts import MessageFailed, MessageSent, UnsentReason
from services.notify.domain.message.state import MessageState
from services.notify.ports import GatewayAnswer, NotTaken, OutcomeUnknown, TakenMessage, TextMessage
from simulation.sms_gateway import Fault, GatewaySimulator
from tests.service.notify.room import Room
from tests.support.ledger import MORNING
from tests.unit.notify.matter_events import PHONE, MatterEvents


async def states(room: Room, matter: MatterEvents) -> dict[str, MessageState]:
    rows = await room.rows("select template, state from message where application_id = $1", matter.application_id)
    return {row["template"]: MessageState(row["state"]) for row in rows}


async def test_acceptance_is_told_once_with_the_number_and_the_query_code(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    sender = room.sender(gateway)
    assert await sender.round() == 1
    assert await sender.round() == 0
    (message,) = carrier.taken.values()
    assert message["to"] == PHONE
    assert message["text"] == (
        "【南华西街道】您申办的居住证核发已受理，办件编号尾号201603010007，我们承诺最迟2016年3月22日办结。"
        "凭受理回执上的编号和查询码ABCD2345可查进度，咨询020-12345。"
    )
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, MessageSent)
    assert (fact.template, fact.gateway_id, fact.tries) == ("N01", message["gateway_id"], 1)
    assert fact.text_digest == room.vault.keyed_digest(message["text"]).hex()


async def test_nothing_is_sent_before_the_envelope_is_here(room: Room, gateway: SmsGateway) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted())
    assert await room.sender(gateway).round() == 0
    await room.receive(matter.envelope())
    assert await room.sender(gateway).round() == 1


async def test_a_sensitive_item_is_never_named(room: Room, gateway: SmsGateway, carrier: GatewaySimulator) -> None:
    matter = MatterEvents(item={"sensitive": True})
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    await room.sender(gateway).round()
    (message,) = carrier.taken.values()
    assert "居住证" not in message["text"] and "您申办的事项已受理" in message["text"]


async def test_an_item_without_messages_sends_none(room: Room, gateway: SmsGateway) -> None:
    matter = MatterEvents(item={"sms": False})
    await room.receive(matter.submitted(), matter.correction_requested(), matter.envelope(), matter.item_published())
    assert await room.sender(gateway).round() == 0
    assert await states(room, matter) == {}


async def test_the_reserved_place_writes_to_nobody(room: Room) -> None:
    matter = MatterEvents(street="440105999")
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    assert await states(room, matter) == {}


async def test_a_correction_notice_waits_for_the_catalogue_and_tells_what_is_missing(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.correction_requested(), matter.envelope())
    assert await room.sender(gateway).round() == 0
    await room.receive(matter.item_published())
    assert await room.sender(gateway).round() == 1
    (message,) = carrier.taken.values()
    assert "还有2项材料需要补正，请在2016年3月31日前一次补齐" in message["text"]


async def test_a_later_stage_takes_the_place_of_a_message_that_was_not_sent(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.decided(), matter.envelope())
    assert await room.sender(gateway).round() == 1
    assert await states(room, matter) == {"N01": MessageState.SUPERSEDED, "N07": MessageState.SENT}
    assert len(carrier.taken) == 1


async def test_a_withdrawn_matter_is_not_written_about(room: Room, gateway: SmsGateway) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.withdrawn(), matter.envelope())
    assert await room.sender(gateway).round() == 0
    assert await states(room, matter) == {"N01": MessageState.SUPERSEDED}


async def test_the_withdrawal_of_an_accepted_matter_is_confirmed_once_approval_has_said_it(
    room: Room, gateway: SmsGateway
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.withdrawn(after_acceptance=True))
    assert await states(room, matter) == {"N01": MessageState.WAITING}
    await room.receive(matter.case_withdrawn(), matter.envelope())
    assert await room.sender(gateway).round() == 1
    assert await states(room, matter) == {"N01": MessageState.SUPERSEDED, "N11": MessageState.SENT}


async def test_a_withdrawal_that_came_too_late_is_answered_beside_the_decision(room: Room, gateway: SmsGateway) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.withdrawn(after_acceptance=True))
    await room.receive(matter.decided(), matter.withdrawal_too_late(), matter.envelope())
    assert await room.sender(gateway).round() == 2
    sent = {"N07": MessageState.SENT, "N12": MessageState.SENT}
    assert await states(room, matter) == {"N01": MessageState.SUPERSEDED} | sent


async def test_without_a_telephone_somebody_must_tell_the_applicant(room: Room, gateway: SmsGateway) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope(phone=""))
    await room.sender(gateway).round()
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, MessageFailed) and fact.reason is UnsentReason.NO_PHONE


async def test_a_lost_answer_leaves_exactly_one_message(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    carrier.faults.append(Fault("lost_answer", 1))
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    await room.sender(gateway).round()
    assert await states(room, matter) == {"N01": MessageState.SENT}
    assert list(carrier.seen.values()) == [1]


async def test_a_gateway_that_is_away_is_tried_again_after_a_minute(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter, sender = MatterEvents(), room.sender(gateway)
    carrier.faults.append(Fault("unavailable", 1))
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    assert await sender.round() == 1
    assert await states(room, matter) == {"N01": MessageState.WAITING}
    room.clock.instant = MORNING + timedelta(seconds=59)
    assert await sender.round() == 0
    room.clock.instant = MORNING + timedelta(seconds=60)
    assert await sender.round() == 1
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, MessageSent) and fact.tries == 2


async def test_while_the_office_clock_stands_a_retry_comes_by_the_machines(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter, sender = MatterEvents(), room.sender(gateway, standing_minute=0.001)
    carrier.faults.append(Fault("unavailable", 3))
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    while (await states(room, matter))["N01"] is not MessageState.SENT:
        await sender.round()
    assert len(carrier.taken) == 1


async def test_after_the_last_try_it_is_given_up(room: Room, gateway: SmsGateway, carrier: GatewaySimulator) -> None:
    matter, sender = MatterEvents(), room.sender(gateway)
    carrier.faults.append(Fault("unavailable", 5))
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    for _ in range(5):
        assert await sender.round() == 1
        room.clock.instant += timedelta(hours=2)
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, MessageFailed) and (fact.reason, fact.tries) == (UnsentReason.GAVE_UP, 5)


async def test_a_refused_message_is_not_tried_again(room: Room, gateway: SmsGateway, carrier: GatewaySimulator) -> None:
    matter = MatterEvents()
    carrier.faults.append(Fault("refuse", 1))
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    await room.sender(gateway).round()
    (fact,) = await room.facts(matter.key)
    assert isinstance(fact, MessageFailed) and fact.reason is UnsentReason.REJECTED


class HangsAfterOffering:
    """A gateway that took the messages and never answers."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway

    async def offer(self, messages: Sequence[TextMessage]) -> Mapping[UUID, GatewayAnswer]:
        await self._gateway.offer(messages)
        await asyncio.Event().wait()
        raise AssertionError

    async def find(self, message_ids: Sequence[UUID]) -> Mapping[UUID, TakenMessage]:
        return await self._gateway.find(message_ids)


async def test_who_dies_between_the_call_and_the_row_asks_before_sending_again(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    dying = asyncio.create_task(room.sender(HangsAfterOffering(gateway)).round())
    while not carrier.taken:
        await asyncio.sleep(0)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    assert await states(room, matter) == {"N01": MessageState.SENDING}
    assert await unsettled(room) == ["message"]
    assert await room.sender(gateway).round() == 1
    assert await states(room, matter) == {"N01": MessageState.SENT}
    assert list(carrier.seen.values()) == [1]


async def test_at_night_a_message_is_held_to_the_morning(room: Room, gateway: SmsGateway) -> None:
    matter, sender = MatterEvents(), room.sender(gateway)
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    room.clock.instant = MORNING.replace(hour=21)
    assert await sender.round() == 0
    assert not await unsettled(room)
    room.clock.instant = MORNING.replace(hour=8, minute=29) + timedelta(days=1)
    assert await sender.round() == 0
    room.clock.instant += timedelta(minutes=1)
    assert await unsettled(room) == ["message"]
    assert await sender.round() == 1


async def unsettled(room: Room) -> list[str]:
    statement = "select unsettled_more($1) as names from set_config('app.now', $2, false)"
    now = room.clock.instant
    (row,) = await room.rows(statement, now.date(), now.isoformat())
    return [name for name in row["names"] if name == "message"]


class Unreachable:
    """A gateway of which nothing is heard."""

    async def offer(self, messages: Sequence[TextMessage]) -> Mapping[UUID, GatewayAnswer]:
        return {message.message_id: NotTaken.UNKNOWN for message in messages}

    async def find(self, message_ids: Sequence[UUID]) -> Mapping[UUID, TakenMessage]:
        raise OutcomeUnknown


async def test_a_gateway_that_knows_nothing_of_a_lost_offer_gets_it_again_later(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    await room.sender(Unreachable()).round()
    assert await states(room, matter) == {"N01": MessageState.SENDING}
    assert await unsettled(room) == []
    room.clock.instant += timedelta(minutes=1)
    assert await room.sender(gateway).round() == 1
    assert len(carrier.taken) == 1


async def test_a_lost_offer_that_a_later_stage_has_suppressed_is_not_made_again(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted(), matter.envelope())
    await room.sender(Unreachable()).round()
    await room.receive(matter.decided())
    room.clock.instant += timedelta(minutes=1)
    assert await room.sender(gateway).round() == 2
    assert len(carrier.taken) == 1
    assert await states(room, matter) == {"N01": MessageState.SUPERSEDED, "N07": MessageState.SENT}
