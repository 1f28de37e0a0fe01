"""Client of the SMS gateway against the simulated gateway, and against servers that answer anything else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from services.notify.adapters.message.gateway import SmsGateway
from services.notify.ports import NotTaken, OutcomeUnknown, TakenMessage, TextMessage
from simulation.sms_gateway import Fault, GatewaySimulator, application

IDS = [UUID(int=number) for number in range(1, 6)]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def messages(*ids: UUID) -> list[TextMessage]:
    """Messages with these ids."""
    return [TextMessage(each, "13800000000", "您的申请已受理") for each in ids]


@asynccontextmanager
async def connected(app: web.Application, deadline: float = 5) -> AsyncIterator[SmsGateway]:
    """A client of a gateway within this process."""
    async with TestServer(app) as server, SmsGateway(f"{server.make_url('/')}", 4, deadline) as gateway:
        yield gateway


def always(handler: Handler) -> web.Application:
    """A gateway that answers every call in one way."""
    app = web.Application()
    app.router.add_post("/messages", handler)
    app.router.add_post("/messages/find", handler)
    return app


def answering(status: int, body: Any = None) -> web.Application:
    """A gateway that answers every call with this."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return always(answer)


async def test_each_message_gets_the_gateways_number() -> None:
    async with connected(application(GatewaySimulator())) as gateway:
        answers = await gateway.offer(messages(*IDS))
    assert set(answers) == set(IDS)
    assert all(isinstance(answer, TakenMessage) for answer in answers.values())


async def test_a_repeated_message_is_taken_once_under_its_first_number() -> None:
    simulator = GatewaySimulator()
    async with connected(application(simulator)) as gateway:
        first = await gateway.offer(messages(*IDS[:1]))
        assert await gateway.offer(messages(*IDS[:1])) == first
    assert len(simulator.taken) == 1


@pytest.mark.parametrize(("fault", "answer"), [("refuse", NotTaken.REFUSED), ("unavailable", NotTaken.UNAVAILABLE)])
async def test_a_message_that_is_not_taken_has_its_reason(fault: str, answer: NotTaken) -> None:
    simulator = GatewaySimulator()
    simulator.faults.append(Fault(fault, 1))
    async with connected(application(simulator)) as gateway:
        answers = await gateway.offer(messages(*IDS[:2]))
    assert answers[IDS[0]] is answer
    assert isinstance(answers[IDS[1]], TakenMessage)


async def test_after_a_lost_answer_the_messages_are_found() -> None:
    simulator = GatewaySimulator()
    simulator.faults.append(Fault("lost_answer", 1))
    async with connected(application(simulator)) as gateway:
        assert set((await gateway.offer(messages(*IDS[:2]))).values()) == {NotTaken.UNKNOWN}
        found = await gateway.find([*IDS[:2], uuid4()])
    assert set(found) == set(IDS[:2])


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, NotTaken.REFUSED),
        (401, NotTaken.UNAVAILABLE),
        (404, NotTaken.UNAVAILABLE),
        (413, NotTaken.REFUSED),
        (422, NotTaken.REFUSED),
        (429, NotTaken.UNAVAILABLE),
        (500, NotTaken.UNKNOWN),
        (502, NotTaken.UNKNOWN),
        (503, NotTaken.UNAVAILABLE),
        (504, NotTaken.UNKNOWN),
    ],
)
async def test_a_refused_call_leaves_each_message_with_the_answer_of_its_status(status: int, answer: NotTaken) -> None:
    async with connected(answering(status)) as gateway:
        assert await gateway.offer(messages(*IDS[:3])) == dict.fromkeys(IDS[:3], answer)


async def test_one_message_to_blame_is_found_by_halving_and_the_others_are_taken() -> None:
    calls: list[int] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        offered = (await request.json())["messages"]
        calls.append(len(offered))
        if str(IDS[3]) in [each["id"] for each in offered]:
            return web.json_response({}, status=422)
        taken = [{"id": each["id"], "result": "taken", "gateway_id": "G1"} for each in offered]
        return web.json_response({"answers": taken}, status=202)

    async with connected(always(answer)) as gateway:
        answers = await gateway.offer(messages(*IDS))
    assert [each for each, found in answers.items() if found is NotTaken.REFUSED] == [IDS[3]]
    assert calls[0] == 5
    assert sum(count == 1 for count in calls) >= 1


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"answers": "taken"},
        {"answers": [1, None, {"id": 7}]},
        {"answers": [{"id": str(IDS[0])}]},
        {"answers": [{"id": str(IDS[0]), "result": "taken"}]},
        {"answers": [{"id": str(IDS[0]), "result": "taken", "gateway_id": 7}]},
        {"answers": [{"id": str(uuid4()), "result": "taken", "gateway_id": "G1"}]},
    ],
)
async def test_an_answer_that_says_nothing_of_a_message_leaves_it_unknown(body: Any) -> None:
    async with connected(answering(202, body)) as gateway:
        assert await gateway.offer(messages(IDS[0])) == {IDS[0]: NotTaken.UNKNOWN}


async def test_bytes_that_are_no_json_leave_every_message_unknown() -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"{", content_type="application/json")

    async with connected(always(answer)) as gateway:
        assert await gateway.offer(messages(IDS[0])) == {IDS[0]: NotTaken.UNKNOWN}
        with pytest.raises(OutcomeUnknown):
            await gateway.find(IDS)


async def test_a_gateway_that_is_not_there_took_nothing() -> None:
    async with SmsGateway(f"http://127.0.0.1:{unused_port()}", 1, 5) as gateway:
        assert await gateway.offer(messages(*IDS[:2])) == dict.fromkeys(IDS[:2], NotTaken.UNAVAILABLE)
        with pytest.raises(OutcomeUnknown):
            await gateway.find(IDS[:2])


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, {}), (200, {}), (200, []), (200, {"taken": [{}]}), (200, {"taken": [{"id": "x", "gateway_id": "G"}]})],
)
async def test_what_cannot_be_found_out_stays_unknown(status: int, body: Any) -> None:
    async with connected(answering(status, body)) as gateway:
        with pytest.raises(OutcomeUnknown):
            await gateway.find(IDS)


@pytest.mark.parametrize(
    ("given", "stored"), [("G\x00\n1", "G1"), ("G" * 100, "G" * 64), ("", ""), ("流水号7", "流水号7")]
)
async def test_the_gateways_number_is_stored_without_control_signs_and_cut(given: str, stored: str) -> None:
    body = {"answers": [{"id": str(IDS[0]), "result": "taken", "gateway_id": given}]}
    async with connected(answering(202, body)) as gateway:
        assert await gateway.offer(messages(IDS[0])) == {IDS[0]: TakenMessage(stored)}
