"""Retries of a call until it is answered: the same request, with growing pauses, as docs/integration/clients.md asks.

A refusal is repeated only when it carries a `RetryInfo`; without details, only a call that nobody answered.
Every change carries a `request_id`, so a repeated one gets its first answer.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import grpc
import stamina
from google.rpc import error_details_pb2
from grpc_status import rpc_status

Answer = TypeVar("Answer")

UNANSWERED = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED})
"""Codes of a call that no service answered, when they come without details: the same request is sent again."""

# A library's warning or metric for each repeated call would stand between the lines of a command's output.
stamina.instrumentation.set_on_retry_hooks(())


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The tries of one call, and the pauses between them in seconds: doubling, each with jitter of half."""

    attempts: int = 60
    """With the default pauses about two minutes of refused connections."""
    first_pause: float = 0.05
    longest_pause: float = 2.0


PATIENT = RetryPolicy()
"""The policy of docs/integration/clients.md."""


async def answered(call: Callable[[], Awaitable[Answer]], policy: RetryPolicy = PATIENT) -> Answer:
    """The answer of a call. Raises the AioRpcError of a refusal, or of the last try.

    The first try is made without stamina, whose context costs 36 µs of CPU a call: as much as a tenth of a bare echo.
    """
    pauses = _Pauses(policy)
    try:
        return await call()
    except grpc.aio.AioRpcError as error:
        pause = pauses(error)
        if pause is False or policy.attempts <= 1:
            raise
    await asyncio.sleep(pause)
    again = stamina.AsyncRetryingCaller(attempts=policy.attempts - 1, timeout=None)
    return await again(pauses, call)


class _Pauses:
    """Stamina's hook for one call: the pause after an error, or False when the call is not to be repeated."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._next = policy.first_pause

    def __call__(self, error: Exception) -> float | bool:
        named = _named_by_service(error) if isinstance(error, grpc.aio.AioRpcError) else None
        if named is None:
            return False
        pause = self._next * (0.5 + random.random() / 2)
        self._next = min(2 * self._next, self._policy.longest_pause)
        return max(pause, named)


def _named_by_service(error: grpc.aio.AioRpcError) -> float | None:
    """The seconds of a `RetryInfo` in the details; 0 for a call that nobody answered; None for an answer."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error has the methods of a call that are used
    for detail in status.details if status else ():
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(retry):
            return float(retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9)
    return 0.0 if error.code() in UNANSWERED and not (status and status.details) else None
