"""The life of a service process, seen from outside: ready, alive, drained, gone."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.support.echo.edge import ROOT, Issuer, settings
from tests.support.wire_refusal import WireRefusal

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@dataclass
class Service:
    """A running echo service."""

    child: Process
    folder: Path
    messages: ModuleType
    issuer: Issuer
    lines: list[dict[str, Any]] = field(default_factory=list)

    async def said(self, msg: str) -> dict[str, Any]:
        """The first log line that says `msg`; lines before it are read on the way."""
        assert self.child.stdout is not None
        while not (output := [line for line in self.lines if line["msg"] == msg]):
            line = await asyncio.wait_for(self.child.stdout.readline(), 20)
            assert line, f"ended before it said {msg}: {self.lines}"
            self.lines.append(json.loads(line))
        return output[0]

    async def address(self, port: str) -> str:
        """HOST:PORT of its `rpc`, `health` or `metrics` port."""
        return f"127.0.0.1:{(await self.said('serving'))[port]}"

    def repeat(self, channel: grpc.aio.Channel, text: str) -> Any:
        """The word twice, then what the word asks for."""
        call = channel.unary_stream("/echo.v1.EchoService/Repeat", None, self.messages.SayResponse.FromString)
        request = self.messages.SayRequest(text=text, times=2).SerializeToString()
        return call(request, metadata=[("authorization", f"Bearer {self.issuer.token()}")], timeout=20)

    def stop(self) -> None:
        """Signal of the cluster before it removes a pod."""
        self.child.send_signal(signal.SIGTERM)


Start = Callable[..., Any]


@pytest.fixture
async def start(messages: ModuleType, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts echo services, and ends what is left of them."""
    running: list[Process] = []

    async def begin(**changed: Any) -> Service:
        chosen = settings(issuer, **{"drain_seconds": 0.1, "grace_seconds": 10, **changed})
        output = chosen.model_dump(mode="json", exclude_none=True)
        environment = {f"ONEWINDOW_{name.upper()}": str(value) for name, value in output.items()}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.echo.process", str(tmp_path),
            cwd=ROOT, env={"PATH": os.defpath, "PYTHONPATH": f"{ROOT}:{ROOT / 'gen'}"} | environment, stdout=PIPE,
        )  # fmt: skip # one argument a line hides what is passed
        running.append(child)
        return Service(child, tmp_path, messages, issuer)

    yield begin
    for child in running:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def becomes(service: Service, name: str, status: int) -> None:
    """Wait until health answers `status` for `name`."""
    async with grpc.aio.insecure_channel(await service.address("health")) as channel, asyncio.timeout(20):
        async for answer in health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(service=name)):
            if answer.status == status:
                return


async def test_it_is_alive_at_once_and_ready_when_the_database_was_reached(start: Start) -> None:
    service = await start()
    await becomes(service, "live", SERVING)
    await becomes(service, "", NOT_SERVING)
    (service.folder / "ready").touch()
    await becomes(service, "", SERVING)
    await becomes(service, "echo.v1.EchoService", SERVING)
    (service.folder / "ready").unlink()
    await becomes(service, "", SERVING)


async def test_a_call_under_way_ends_before_the_service_does(start: Start) -> None:
    service = await start()
    (service.folder / "ready").touch()
    await becomes(service, "", SERVING)
    async with grpc.aio.insecure_channel(await service.address("rpc")) as channel:
        answers = aiter(service.repeat(channel, "breathe"))
        first = await anext(answers)
        service.stop()
        await service.said("draining")
        rest = [answer.text async for answer in answers]
    assert [first.text, *rest] == ["breathe", "breathe"]
    assert await asyncio.wait_for(service.child.wait(), 20) == 0
    assert (service.folder / "closed").exists()


async def test_a_call_that_does_not_end_is_cut_off_after_the_grace(start: Start) -> None:
    service = await start(grace_seconds=0.3)
    async with grpc.aio.insecure_channel(await service.address("rpc")) as channel:
        answers = aiter(service.repeat(channel, "wait"))
        assert [(await anext(answers)).text, (await anext(answers)).text] == ["wait", "wait"]
        service.stop()
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await anext(answers)
        refused = WireRefusal(ended.value)
        assert (refused.code, refused.why.reason, refused.has_retry) == ("UNAVAILABLE", "LEAVING", True)
    assert await asyncio.wait_for(service.child.wait(), 20) == 0


async def test_a_loop_that_dies_is_started_again_and_counted(start: Start) -> None:
    service = await start()
    await service.said("serving")
    (service.folder / "die").touch()
    died = await service.said("loop died")
    assert (died["loop"], died["error"]) == ("ticking", "RuntimeError")
    async with asyncio.timeout(20):
        while not (service.folder / "ticking").exists():
            await asyncio.sleep(0.01)
    address = await service.address("metrics")
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/metrics") as answer:
        assert 'onewindow_loop_restarts_total{loop="ticking"} 1.0' in await answer.text()


async def test_a_port_that_is_taken_is_said_and_ends_the_start(start: Start) -> None:
    first = await start()
    taken = await first.address("rpc")
    second = await start(rpc_address=taken)
    assert (await second.said("port not free"))["level"] == "error"
    assert await asyncio.wait_for(second.child.wait(), 20) == 1


async def test_reflection_lists_services_only_where_it_is_set(start: Start) -> None:
    for reflection, listed in ((True, True), (False, False)):
        service = await start(reflection=reflection)
        async with grpc.aio.insecure_channel(await service.address("rpc")) as channel:
            # One question goes out with the call: a later one would fail at the client where the server has refused.
            ask = channel.unary_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", None, None)
            try:
                answers = [answer async for answer in ask(b"\x3a\x00", timeout=10)]
            except grpc.aio.AioRpcError as error:
                assert error.code() == grpc.StatusCode.UNIMPLEMENTED
                answers = []
            assert any(b"echo.v1.EchoService" in answer for answer in answers) is listed
