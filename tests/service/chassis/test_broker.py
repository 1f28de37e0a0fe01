"""A request to NATS ends when its caller is cancelled, whatever comes at the same moment."""

import asyncio

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from chassis.nats.broker import AWAY, request


async def test_a_request_is_answered(client: Client) -> None:
    await _answering(client)
    assert (await request(client, "question", b"well?", 5)).data == b"well?"


async def test_no_responder_and_no_answer_count_as_away(client: Client) -> None:
    with pytest.raises(AWAY):
        await request(client, "nobody", b"", 5)
    await client.subscribe("silence")
    with pytest.raises(AWAY):
        await request(client, "silence", b"", 0.05)


async def test_a_cancellation_that_comes_with_the_answer_is_not_lost(client: Client) -> None:
    await _answering(client)
    requesting = asyncio.create_task(request(client, "question", b"", 5))
    while not (awaited := list(client._resp_map.values())):  # the moment is known to nobody else
        await asyncio.sleep(0)
    while not awaited[0].done():
        await asyncio.sleep(0)
    assert requesting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await requesting


async def _answering(client: Client) -> None:
    async def answer(question: Msg) -> None:
        await question.respond(question.data)

    await client.subscribe("question", cb=answer)
