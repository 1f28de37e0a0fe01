"""Many messages in one call to the gateway: each has its own end, whatever becomes of the others or of the call."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.notify.adapters.message.gateway import SmsGateway
from services.notify.domain.facts import MessageFailed, MessageSent, UnsentReason
from services.notify.domain.message.state import MessageState
from services.notify.ports import NotTaken, OutcomeUnknown, TakenMessage, TextMessage
from simulation.sms_gateway import Fault, GatewaySimulator
from tests.service.notify.room import Room
from tests.unit.notify.matter_events import MatterEvents

Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def accepted(room: Room, count: int, phone: str = "13800138000") -> list[MatterEvents]:
    matters = [MatterEvents() for _ in range(count)]
    for matter in matters:
        await room.receive(matter.submitted(), matter.accepted(), matter.envelope(phone=phone))
    return matters


async def states(room: Room) -> list[MessageState]:
    rows = await room.rows("select state from message order by next_at, message_id")
    return [MessageState(row["state"]) for row in rows]


async def ends(room: Room, matters: list[MatterEvents]) -> list[MessageSent | MessageFailed]:
    return [fact for matter in matters for fact in await room.facts(matter.key)]  # type: ignore[misc] # only messages here


def orders(carrier: GatewaySimulator, *kinds: str) -> None:
    """The carrier does these things wrong, one message after the other; an empty kind is no fault."""
    carrier.faults.extend(Fault(kind) for kind in kinds)


async def test_the_messages_of_a_round_go_out_in_one_call(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matters = await accepted(room, 7)
    assert await room.sender(gateway).round() == 7
    assert carrier.calls == {"take": 1}
    assert {type(end) for end in await ends(room, matters)} == {MessageSent}


@pytest.mark.parametrize(("call", "calls"), [(1, 7), (3, 3), (7, 1)])
async def test_a_call_carries_no_more_than_the_gateway_takes(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator, call: int, calls: int
) -> None:
    await accepted(room, 7)
    assert await room.sender(gateway, call=call).round() == 7
    assert carrier.calls == {"take": calls}
    assert len(carrier.taken) == 7


async def test_each_message_of_a_call_has_its_own_end(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matters = await accepted(room, 3)
    orders(carrier, "", "refuse", "unavailable")
    sender = room.sender(gateway)
    assert await sender.round() == 3
    assert sorted(await states(room)) == [MessageState.WAITING, MessageState.SENT, MessageState.FAILED]
    room.clock.instant += timedelta(minutes=1)
    assert await sender.round() == 1
    found = await ends(room, matters)
    failed = [end.reason for end in found if isinstance(end, MessageFailed)]
    assert failed == [UnsentReason.REJECTED]
    assert sorted(end.tries for end in found if isinstance(end, MessageSent)) == [1, 2]


async def test_a_call_whose_answer_is_lost_leaves_each_message_once(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matters = await accepted(room, 4)
    orders(carrier, "", "lost_answer")
    assert await room.sender(gateway).round() == 4
    assert carrier.calls == {"take": 1, "find": 1}
    assert list(carrier.seen.values()) == [1] * 4
    assert {type(end) for end in await ends(room, matters)} == {MessageSent}


async def test_of_a_call_that_was_cut_what_the_gateway_has_is_sent_and_the_rest_comes_again(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    matters, sender = await accepted(room, 5), room.sender(gateway)
    orders(carrier, "", "", "cut")
    assert await sender.round() == 5
    assert sorted(await states(room)) == [MessageState.WAITING] * 3 + [MessageState.SENT] * 2
    room.clock.instant += timedelta(minutes=1)
    assert await sender.round() == 3
    assert list(carrier.seen.values()) == [1] * 5
    assert sorted(end.tries for end in await ends(room, matters)) == [1, 1, 2, 2, 2]


class DiesBefore:
    """A gateway that is never reached: the process dies after the mark, before the call."""

    async def offer(self, messages: object) -> dict[object, NotTaken]:
        await asyncio.Event().wait()
        raise AssertionError

    find = offer


async def test_who_dies_between_the_mark_and_the_call_asks_and_then_sends_together_with_what_is_new(
    room: Room, gateway: SmsGateway, carrier: GatewaySimulator
) -> None:
    await accepted(room, 3)
    dying = asyncio.create_task(room.sender(DiesBefore()).round())  # type: ignore[arg-type] # it never answers
    while await states(room) != [MessageState.SENDING] * 3:
        await asyncio.sleep(0)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    (first, *_) = await room.rows("select message_id from message order by message_id")
    await gateway.offer([TextMessage(first["message_id"], "13800138000", "it was there already")])
    await accepted(room, 2)
    carrier.calls.clear()
    assert await room.sender(gateway).round() == 5
    assert carrier.calls == {"find": 1, "take": 1}
    assert list(carrier.seen.values()) == [1] * 5
    assert await states(room) == [MessageState.SENT] * 5


async def test_while_the_gateway_does_not_say_what_it_has_new_messages_go_out_all_the_same(
    room: Room, gateway: SmsGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await accepted(room, 1)
    await room.rows("update message set state = 2, tries = 1")
    await accepted(room, 2)

    async def silent(_: object) -> dict[object, TakenMessage]:
        raise OutcomeUnknown

    monkeypatch.setattr(gateway, "find", silent)
    assert await room.sender(gateway).round() == 3
    assert sorted(await states(room)) == [MessageState.SENDING, MessageState.SENT, MessageState.SENT]


async def test_a_message_that_cannot_be_composed_or_has_no_telephone_holds_up_no_other(
    room: Room, gateway: SmsGateway
) -> None:
    good, mute, bad = await accepted(room, 1), await accepted(room, 1, phone=""), await accepted(room, 1)
    await room.rows("update message set particulars = '{}' where application_id = $1", bad[0].application_id)
    assert await room.sender(gateway).round() == 3
    assert [type(end) for end in await ends(room, good + mute)] == [MessageSent, MessageFailed]
    assert await ends(room, bad) == [] and sorted(await states(room)) == [2, 3, 4]


@asynccontextmanager
async def carrier_that(answers: Answers, path: str = "/messages") -> AsyncIterator[SmsGateway]:
    """Our end of a carrier's gateway that answers so."""
    app = web.Application()
    app.router.add_post(path, answers)
    async with TestServer(app) as server, SmsGateway(str(server.make_url("/")), 4, 2.0) as client:
        yield client


@pytest.mark.parametrize("number", ["G\0" * 9, "G" * 60_000], ids=["unwritable", "too-long"])
async def test_a_gateways_own_number_that_cannot_be_kept_holds_no_message_up(room: Room, number: str) -> None:
    async def odd(request: web.Request) -> web.Response:
        ids = [message["id"] for message in (await request.json())["messages"]]
        named = [{"id": each, "result": "taken", "gateway_id": number} for each in ids]
        return web.json_response({"answers": named}, status=202)

    matters = await accepted(room, 2)
    async with carrier_that(odd) as client:
        assert await room.sender(client).round() == 2
    assert {type(end) for end in await ends(room, matters)} == {MessageSent}


MESSAGES = [TextMessage(uuid4(), f"1380013800{n}", "text") for n in range(8)]


async def test_a_call_refused_for_what_it_carries_is_halved_until_the_one_stands_alone() -> None:
    calls: list[int] = []

    async def strict(request: web.Request) -> web.Response:
        ids = [message["id"] for message in (await request.json())["messages"]]
        calls.append(len(ids))
        if str(MESSAGES[5].message_id) in ids:
            return web.json_response({}, status=400)
        return web.json_response({"answers": [{"id": each, "result": "taken", "gateway_id": "G"} for each in ids]})

    async with carrier_that(strict) as gateway:
        answers = await gateway.offer(MESSAGES)
    assert [answers[message.message_id] for message in MESSAGES] == [
        NotTaken.REFUSED if n == 5 else TakenMessage("G") for n in range(8)
    ]
    assert calls == [8, 4, 4, 2, 1, 1, 2]


@pytest.mark.parametrize(
    ("code", "means"),
    [(401, "UNAVAILABLE"), (404, "UNAVAILABLE"), (429, "UNAVAILABLE"), (500, "UNKNOWN"), (503, "UNAVAILABLE")],
)
async def test_a_refusal_of_who_calls_or_when_refuses_no_message(code: int, means: str) -> None:
    async def refuses(_: web.Request) -> web.Response:
        return web.json_response({}, status=code)

    async with carrier_that(refuses) as gateway:
        answers = await gateway.offer(MESSAGES)
    assert set(answers.values()) == {NotTaken[means]} and len(answers) == 8


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "not json",
        '{"answers": 3}',
        '{"answers": [7, {"id": 7}, {"result": "taken", "gateway_id": "G"}]}',
        '{"answers": [{"id": "OURS", "result": "taken"}, {"id": "another", "result": "taken", "gateway_id": "G"}]}',
    ],
)
async def test_of_a_message_that_the_answer_does_not_speak_of_nothing_is_known(said: str) -> None:
    async def speaks(_: web.Request) -> web.Response:
        text = said.replace("OURS", str(MESSAGES[0].message_id))
        return web.Response(text=text, content_type="application/json")

    async with carrier_that(speaks) as gateway:
        answers = await gateway.offer(MESSAGES)
    assert answers == {message.message_id: NotTaken.UNKNOWN for message in MESSAGES}


@pytest.mark.parametrize("said", ["{}", "[]", '{"taken": [{"id": "another", "gateway_id": "G"}]}', "not json"])
async def test_an_answer_to_a_question_that_cannot_be_read_says_nothing(said: str) -> None:
    async def speaks(_: web.Request) -> web.Response:
        return web.Response(text=said, content_type="application/json")

    async with carrier_that(speaks, "/messages/find") as gateway:
        with pytest.raises(OutcomeUnknown):
            await gateway.find([MESSAGES[0].message_id])


async def test_a_gateway_that_cannot_be_reached_has_taken_nothing() -> None:
    async with SmsGateway("http://127.0.0.1:9", 4, 2.0) as gateway:
        answers = await gateway.offer(MESSAGES)
    assert set(answers.values()) == {NotTaken.UNAVAILABLE}
