"""Simulated SMS gateway: each id is sent once, faults come in their order, a lost answer leaves messages taken."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeAlias

import pytest
from aiohttp import ClientConnectionError, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from simulation.sms_gateway import FAULTS, GatewaySimulator, application

Client: TypeAlias = TestClient[web.Request, web.Application]


@pytest.fixture
async def gateway() -> GatewaySimulator:
    """A gateway that has taken nothing yet."""
    return GatewaySimulator()


@pytest.fixture
async def client(gateway: GatewaySimulator) -> AsyncIterator[Client]:
    """A client of the gateway, within this process."""
    async with TestClient(TestServer(application(gateway))) as found:
        yield found


def messages(*ids: str, to: str = "13800000000") -> dict[str, Any]:
    """A call with these messages."""
    return {"messages": [{"id": each, "to": to, "text": "您的申请已受理"} for each in ids]}


async def sent(client: Client, *ids: str) -> list[dict[str, str]]:
    """The answers for these messages."""
    response = await client.post("/messages", json=messages(*ids))
    assert response.status == 202
    answers: list[dict[str, str]] = (await response.json())["answers"]
    return answers


async def order(client: Client, kind: str, count: int = 1) -> None:
    """Orders a fault for the next messages."""
    response = await client.post("/control/faults", json={"kind": kind, "count": count})
    assert response.status == 200


async def test_each_message_is_answered_by_its_id(client: Client) -> None:
    answers = await sent(client, "a", "b")
    assert [(each["id"], each["result"]) for each in answers] == [("a", "taken"), ("b", "taken")]
    assert len({each["gateway_id"] for each in answers}) == 2


async def test_a_repeated_id_is_answered_with_its_first_number_and_sent_once(
    client: Client, gateway: GatewaySimulator
) -> None:
    (first,) = await sent(client, "a")
    (again,) = await sent(client, "a")
    assert again == first
    assert len(gateway.taken) == 1
    counts = await (await client.get("/control/counts")).json()
    assert counts == {"taken": 1, "repeated": 1}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": "a"},
        {"messages": [{"id": "a", "to": "1"}]},
        {"messages": [{"id": "", "to": "1", "text": "x"}]},
        {"messages": [{"id": "a", "to": 1, "text": "x"}]},
        {"messages": [{"id": "a", "to": "1", "text": "x"}, "b"]},
    ],
)
async def test_a_call_with_a_message_that_lacks_something_takes_nothing(
    client: Client, gateway: GatewaySimulator, body: Any
) -> None:
    assert (await client.post("/messages", json=body)).status == 400
    assert gateway.taken == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
async def test_bytes_that_are_no_document_are_a_wrong_call(client: Client, body: bytes) -> None:
    for path in ("/messages", "/messages/find", "/control/faults"):
        assert (await client.post(path, data=body)).status == 400


@pytest.mark.parametrize(("kind", "result"), [("refuse", "refused"), ("unavailable", "unavailable")])
async def test_a_fault_is_answered_for_as_many_messages_as_were_ordered(client: Client, kind: str, result: str) -> None:
    await order(client, kind, 2)
    answers = await sent(client, "a", "b", "c")
    assert [each["result"] for each in answers] == [result, result, "taken"]


async def test_a_message_that_was_not_taken_can_be_sent_again(client: Client, gateway: GatewaySimulator) -> None:
    await order(client, "unavailable")
    await sent(client, "a")
    assert gateway.taken == {}
    (answer,) = await sent(client, "a")
    assert answer["result"] == "taken"


async def test_a_lost_answer_leaves_the_messages_taken(client: Client, gateway: GatewaySimulator) -> None:
    await order(client, "lost_answer")
    assert await dropped(client, ["a", "b"])
    assert list(gateway.taken) == ["a", "b"]


async def test_a_cut_connection_takes_what_stands_before_it_and_nothing_after(
    client: Client, gateway: GatewaySimulator
) -> None:
    await sent(client, "z")
    gateway.faults.clear()
    await order(client, "cut")
    assert await dropped(client, ["a", "b"])
    assert list(gateway.taken) == ["z"]


async def dropped(client: Client, ids: Sequence[str]) -> bool:
    """True when the connection drops before the answer of these messages."""
    async with ClientSession() as session:
        try:
            async with session.post(client.make_url("/messages"), json=messages(*ids)) as response:
                await response.read()
        except ClientConnectionError:
            return True
    return False


async def test_taken_messages_are_found_by_their_ids(client: Client) -> None:
    answers = await sent(client, "a", "b")
    found = await (await client.post("/messages/find", json={"ids": ["b", "x", "a"]})).json()
    numbers = {each["id"]: each["gateway_id"] for each in answers}
    assert found == {"taken": [{"id": each, "gateway_id": numbers[each]} for each in ("b", "a")]}


@pytest.mark.parametrize("body", [{}, {"ids": "a"}, {"ids": [1]}])
async def test_ids_that_are_no_list_of_texts_are_a_wrong_call(client: Client, body: Any) -> None:
    assert (await client.post("/messages/find", json=body)).status == 400


async def test_messages_are_listed_by_their_phone(client: Client) -> None:
    await client.post("/messages", json=messages("a", to="13800000001"))
    await client.post("/messages", json=messages("b", to="13800000002"))
    everything = await (await client.get("/control/messages")).json()
    assert [each["id"] for each in everything] == ["a", "b"]
    one = await (await client.get("/control/messages", params={"to": "13800000002"})).json()
    assert [each["id"] for each in one] == ["b"]


@pytest.mark.parametrize("body", [{"kind": "explode", "count": 1}, {"kind": "cut"}, {"kind": "cut", "count": "1"}])
async def test_an_unknown_fault_is_refused_with_those_that_can_be_ordered(client: Client, body: Any) -> None:
    response = await client.post("/control/faults", json=body)
    assert response.status == 400
    error = (await response.json())["error"]
    assert all(kind in error for kind in FAULTS)


async def test_calls_are_counted_by_their_kind(client: Client, gateway: GatewaySimulator) -> None:
    await sent(client, "a")
    await sent(client, "a")
    await client.post("/messages/find", json={"ids": []})
    assert gateway.calls == {"take": 2, "find": 1}
