"""The yardstick: a bare gRPC echo, 32 callers, 300 bytes each way, server and callers on this machine."""

import argparse
import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from typing import Any

import grpc

CALLERS = 32
"""Callers at the same time."""
_PAYLOAD = bytes(300)
_METHOD = "/onewindow.bench.Echo/Say"
_WARM_SECONDS = 0.5
_START_SECONDS = 10.0
_OPTIONS = (("grpc.enable_http_proxy", 0), ("grpc.so_reuseport", 0))


async def echo_per_second(seconds: float = 3.0) -> float:
    """Calls a second over that time, after a short warm-up; the server is a process of its own."""
    server = await create_subprocess_exec(sys.executable, "-m", "bench.echo", stdout=PIPE)
    try:
        return await _measure(await _port(server), seconds)
    finally:
        server.terminate()
        await server.wait()


async def _measure(port: int, seconds: float) -> float:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=_OPTIONS) as channel:
        say = channel.unary_unary(_METHOD, request_serializer=bytes, response_deserializer=bytes)
        await _calls(say, _WARM_SECONDS)
        started = time.perf_counter()
        count = await _calls(say, seconds)
        return count / (time.perf_counter() - started)


async def _calls(say: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes], seconds: float) -> int:
    until = time.perf_counter() + seconds

    async def caller() -> int:
        count = 0
        while time.perf_counter() < until:
            await say(_PAYLOAD)
            count += 1
        return count

    return sum(await asyncio.gather(*(caller() for _ in range(CALLERS))))


async def _port(server: Process) -> int:
    if server.stdout is None:
        raise RuntimeError("the echo server has no output")
    return int(await asyncio.wait_for(server.stdout.readline(), _START_SECONDS))


async def _serve() -> None:
    async def say(request: bytes, _: Any) -> bytes:  # noqa: ANN401 - grpc's own context
        return request

    server = grpc.aio.server(options=_OPTIONS)
    handler = grpc.unary_unary_rpc_method_handler(say)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("onewindow.bench.Echo", {"Say": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(_serve())
