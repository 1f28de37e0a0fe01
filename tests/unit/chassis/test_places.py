"""Places of calls and streams: one caller's streams leave those of others, and every call, as they were."""

import asyncio
from types import ModuleType
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.refusals import Overloaded, TooManyStreams
from chassis.rpc.limits import Places
from tests.support.echo.edge import Edge, Issuer, serving
from tests.support.wire_refusal import WireRefusal

SHARE = 8


async def _open(edge: Edge, count: int, number: str = "10001") -> tuple[list[Any], list[WireRefusal]]:
    """The streams of a caller that were opened, and the refusals of the others."""
    repeat = edge.channel.unary_stream(
        "/echo.v1.EchoService/Repeat", edge.messages.SayRequest.SerializeToString, edge.messages.SayResponse.FromString
    )
    request, headers = edge.messages.SayRequest(text="wait", times=1), edge.headers(edge.issuer.token(sub=number))
    calls = [repeat(request, metadata=headers) for _ in range(count)]
    answers = await asyncio.gather(*(call.read() for call in calls), return_exceptions=True)
    opened = [call for call, answer in zip(calls, answers, strict=True) if not isinstance(answer, BaseException)]
    return opened, [WireRefusal(answer) for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]


async def test_three_hundred_streams_of_one_caller_leave_calls_and_others_unaffected(edge: Edge) -> None:
    opened, refused = await _open(edge, 300)
    assert (len(opened), len(refused)) == (32, 268)
    assert {(each.code, each.why.reason, each.why.domain) for each in refused} == {
        ("RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS", "onewindow")
    }
    assert all(each.has_retry for each in refused)
    assert (await edge.call("Say", text="x")).text == "x", "a call of the same caller on the same connection"
    others, none = await _open(edge, 2, "10002")
    assert (len(others), none) == (2, [])


async def _opened_at_last(edge: Edge) -> None:
    async with asyncio.timeout(5):
        while not (await _open(edge, 1))[0]:
            await asyncio.sleep(0.02)


async def test_a_place_comes_back_however_its_stream_ended(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_streams_per_caller=SHARE) as edge:
        for _ in range(3):
            opened, refused = await _open(edge, SHARE + 3)
            assert (len(opened), len(refused)) == (SHARE, 3)
            for call in opened[: SHARE // 2]:
                call.cancel()
            edge.servicer.let_go.set()
            for call in opened[SHARE // 2 :]:
                assert not await call.read(), "the end"
            edge.servicer.let_go.clear()
            await asyncio.gather(*(call.code() for call in opened), return_exceptions=True)
            await _opened_at_last(edge)
            edge.servicer.let_go.set()
            await asyncio.sleep(0.1)  # the last ones end at the service
            edge.servicer.let_go.clear()


async def test_a_client_that_vanishes_gives_its_places_back(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_streams_per_caller=SHARE) as edge:
        options = [("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1)]
        async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options) as channel:
            own, edge.channel = edge.channel, channel
            assert len((await _open(edge, SHARE))[0]) == SHARE
            edge.channel = own
            assert not (await _open(edge, 1))[0]
        await _opened_at_last(edge)


async def test_streams_that_need_no_token_count_by_address(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_streams_per_caller=SHARE) as edge:
        health = health_pb2_grpc.HealthStub(edge.channel)
        watches = [health.Watch(health_pb2.HealthCheckRequest()) for _ in range(SHARE + 3)]
        answers = await asyncio.gather(*(watch.read() for watch in watches), return_exceptions=True)
        refused = [WireRefusal(answer) for answer in answers if isinstance(answer, grpc.aio.AioRpcError)]
        assert [each.why.reason for each in refused] == ["TOO_MANY_STREAMS"] * 3
        assert (await health.Check(health_pb2.HealthCheckRequest())).status
        assert len((await _open(edge, 1))[0]) == 1


async def test_the_library_reads_few_calls_beyond_the_places(
    messages: ModuleType, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, own = [], grpc.aio.server

    def server(**options: Any) -> grpc.aio.Server:
        made.append(options["maximum_concurrent_rpcs"])
        return own(**options)

    monkeypatch.setattr(grpc.aio, "server", server)
    async with serving(messages, issuer):
        pass
    async with serving(messages, issuer, rpc_concurrency=1, rpc_streams=2):
        pass
    assert made == [256 + 256 + 64, 1 + 2 + 64]


async def test_a_call_that_ended_gives_its_place_back(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_concurrency=1) as edge:
        for text in ("x", "closed", "bug", ""):
            await asyncio.gather(edge.call("Say", text=text), return_exceptions=True)
        await asyncio.gather(edge.call("Say", text="x", token=None), return_exceptions=True)
        call = edge.call("Say", text="wait")
        waiting = asyncio.ensure_future(call)
        await edge.servicer.entered.wait()
        assert (await edge.refusal(edge.call("Say", text="x"))).why.reason == "OVERLOADED"
        assert len((await _open(edge, 1))[0]) == 1, "a stream takes none of the places of calls"
        call.cancel()
        await edge.servicer.cancelled.wait()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (await edge.call("Say", text="x")).text == "x"


def test_the_share_of_a_caller_is_told_from_the_places_of_all() -> None:
    places = Places(calls=1, streams=3, streams_per_caller=2)
    for key in ("one", "one", "two"):
        places.take_stream(key)
    with pytest.raises(TooManyStreams):
        places.take_stream("one")
    with pytest.raises(Overloaded):
        places.take_stream("two")
    places.leave_stream("one")
    places.take_stream("two")
    for key in ("one", "two", "two"):
        places.leave_stream(key)
    assert not places.streams_taken, "nothing is remembered of a caller without a stream"
