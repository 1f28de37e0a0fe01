"""Measures of the edge: the boards of one caller beside the calls of another, on a small scale."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import grpc
import grpc.aio
from onewindow.metrics.v1 import metrics_service_pb2 as pb

from bench import edges
from chassis.refusals import TooManyStreams
from chassis.rpc.errors import ErrorMap
from tests.support.wire_refusal import error_of


class Office:
    """A client whose boards are refused from the second one on, and whose calls are answered at once."""

    def __init__(self) -> None:
        self.open = 0
        self.calls = 0
        self.metrics = SimpleNamespace(WatchBoard=self.watch, GetReport="GetReport")

    def metadata(self, _caller: str) -> tuple[()]:
        """No header."""
        return ()

    async def call(self, *_: Any) -> None:
        """An answer."""
        self.calls += 1
        await asyncio.sleep(0.001)

    async def watch(self, _request: pb.WatchBoardRequest, **_: Any) -> AsyncIterator[pb.WatchBoardResponse]:
        """A board, or its refusal."""
        if self.open:
            raise error_of(ErrorMap().status(TooManyStreams()))
        self.open += 1
        yield pb.WatchBoardResponse()
        await asyncio.Event().wait()


async def test_boards_are_held_and_refusals_counted_by_their_reason() -> None:
    watchers = edges.Watchers(cast("Any", Office()))
    async with watchers.holding(4):
        assert watchers.opened == 1
        assert dict(watchers.refused) == {"TOO_MANY_STREAMS": 3}


async def test_calls_beside_them_are_timed() -> None:
    office = Office()
    took = await edges.call_times(cast("Any", office), 0.1)
    assert len(took) == office.calls > edges.CALLERS
    assert edges.p99(took) >= 1.0


def test_the_pause_is_the_one_that_the_service_names() -> None:
    refused = error_of(ErrorMap().status(TooManyStreams()))
    assert edges.refusal_of(refused) == ("TOO_MANY_STREAMS", 5.0)
    away = grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), "away", None)
    assert edges.refusal_of(away) == ("UNAVAILABLE", 1.0)
