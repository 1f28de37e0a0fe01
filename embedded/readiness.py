"""Readiness of a program of the stack: gRPC health says SERVING, or its port accepts a connection."""

import socket
import time
from collections.abc import Callable, Sequence

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from embedded.supervision.processes import Program

_PAUSE = 0.05
_ANSWER_WITHIN = 1.0
"""Seconds for one check; a program that does not answer in that time is checked again."""


def wait_ready(programs: Sequence[Program], within: float, alive: Callable[[], bool]) -> list[Program]:
    """Waits until all are ready; returns those that are not when `within` seconds are over or `alive` says no."""
    until = time.monotonic() + within
    waiting = list(programs)
    while waiting := [program for program in waiting if not ready(program)]:
        if time.monotonic() > until or not alive():
            return waiting
        time.sleep(_PAUSE)
    return []


def ready(program: Program) -> bool:
    """One check of one program. A program without an address is ready as soon as it runs."""
    if program.health:
        return serving(program.health)
    return not program.listens or accepts(program.listens)


def serving(address: str) -> bool:
    """One check of gRPC health: true when the address answers SERVING."""
    options = (("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1))
    with grpc.insecure_channel(address, options=options) as channel:
        try:
            stub = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=_ANSWER_WITHIN)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def accepts(address: str) -> bool:
    """One connection: true when the address accepts it."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_ANSWER_WITHIN):
            return True
    except OSError:
        return False
