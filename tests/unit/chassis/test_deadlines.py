"""Deadlines of calls: always a limit, and never too short to begin."""

import asyncio
from types import ModuleType

import pytest

from chassis.refusals import OutOfTime
from chassis.rpc.deadlines import Deadlines
from chassis.rpc.server import options
from tests.support.echo.edge import Edge, Issuer, serving, settings

DEADLINES = Deadlines(default=10, limit=30, stream_limit=300, least=0.1)


@pytest.mark.parametrize(
    ("remaining", "enforced"), [(None, 10), (5.0, None), (30.0, None), (31.0, 30), (0.1, None)], ids=str
)
def test_a_call_has_ten_seconds_of_its_own_and_thirty_at_most(remaining: float | None, enforced: float | None) -> None:
    assert DEADLINES.own_limit(remaining) == enforced


@pytest.mark.parametrize(("remaining", "enforced"), [(None, 300), (200.0, None), (3600.0, 300)], ids=str)
def test_a_stream_may_stay_open_longer(remaining: float | None, enforced: float | None) -> None:
    assert DEADLINES.own_limit(remaining, stream=True) == enforced


def test_work_that_cannot_end_in_time_is_not_begun() -> None:
    with pytest.raises(OutOfTime):
        DEADLINES.own_limit(0.09)


async def test_a_call_without_a_deadline_ends_by_ours(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_deadline_seconds=0.2) as edge:
        refused = await edge.refusal(_say(edge, "wait", timeout=None))
        assert (refused.code, refused.why.reason) == ("DEADLINE_EXCEEDED", "OUT_OF_TIME")
        assert edge.servicer.cancelled.is_set()


async def test_a_call_with_too_long_a_deadline_ends_by_the_own_limit(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_deadline_limit_seconds=0.2) as edge:
        assert (await edge.refusal(_say(edge, "wait", timeout=60))).why.reason == "OUT_OF_TIME"


async def test_the_clients_own_deadline_cancels_the_work(edge: Edge) -> None:
    assert (await edge.refusal(_say(edge, "wait", timeout=0.3))).code == "DEADLINE_EXCEEDED"
    await asyncio.wait_for(edge.servicer.cancelled.wait(), 5)


async def test_less_than_a_tenth_of_a_second_is_refused_before_work_begins(edge: Edge) -> None:
    await edge.call("Say", text="warm")
    assert (await edge.refusal(_say(edge, "wait", timeout=0.08))).code == "DEADLINE_EXCEEDED"
    assert not edge.servicer.entered.is_set()


async def test_a_stream_that_stays_open_too_long_is_ended(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_stream_limit_seconds=0.2) as edge:
        repeat = edge.channel.unary_stream("/echo.v1.EchoService/Repeat", None, None)
        request = messages.SayRequest(text="wait", times=2).SerializeToString()
        received: list[bytes] = []

        async def listen() -> None:
            async for answer in repeat(request, metadata=edge.headers()):
                received.append(answer)

        refused = await edge.refusal(listen())
        assert (refused.code, refused.why.reason) == ("UNAVAILABLE", "STREAM_ENDED")
        assert refused.retry.ToMilliseconds() > 0
        assert len(received) == 2


def test_a_connection_at_its_age_is_kept_longer_than_any_stream(issuer: Issuer) -> None:
    for limit in (0.5, 300, 3600):
        grace = dict(options(settings(issuer, rpc_stream_limit_seconds=limit)))["grpc.max_connection_age_grace_ms"]
        assert grace > limit * 1000


async def test_a_stream_outlives_the_age_of_its_connection_and_ends_by_name(
    messages: ModuleType, issuer: Issuer
) -> None:
    async with serving(messages, issuer, rpc_connection_age_seconds=1, rpc_stream_limit_seconds=3) as edge:
        repeat = edge.channel.unary_stream("/echo.v1.EchoService/Repeat", None, None)
        call = repeat(messages.SayRequest(text="wait", times=1).SerializeToString(), metadata=edge.headers())
        assert await call.read()
        refused = await edge.refusal(call.read())
        assert (refused.why.reason, refused.has_retry) == ("STREAM_ENDED", True)
        assert (await edge.call("Say", text="x")).text == "x", "another connection"


def _say(edge: Edge, text: str, timeout: float | None) -> object:
    say = edge.channel.unary_unary("/echo.v1.EchoService/Say", None, None)
    request = edge.messages.SayRequest(text=text).SerializeToString()
    return say(request, metadata=edge.headers(), timeout=timeout)
