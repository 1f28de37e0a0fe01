"""Retries of a call until it is answered: the same request, with growing pauses, as docs/integration/clients.md asks.

A refusal is repeated only when it carries a `RetryInfo`; without details, only a call that nobody answered, or for
which the library had no place. Services of releases 0.1.0 and 0.2.0, which run beside it during an update, say less.
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
CROWDED = frozenset({grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.ABORTED})
"""Codes of a call for which there was no place or no turn, when they come without details.

RESOURCE_EXHAUSTED stays: the library says it beyond the places of a service. ABORTED goes with release 0.4.0, whose
clients meet no service before 0.3.0.
"""
NEVER_FITS = ("larger than max", "metadata size exceeds")
"""Words of the library where RESOURCE_EXHAUSTED means that this very request is too large: it is not sent again."""
WITHOUT_RETRY_INFO = frozenset({"LOST_RACE", "OUT_OF_TIME"})
"""Reasons that services of 0.1.0 and 0.2.0 give without the `RetryInfo` due to them. Goes with release 0.4.0."""

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
    """The seconds of a `RetryInfo` in the details; 0 for a call to repeat that has none; None for an answer."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error has the methods of a call that are used
    retry, why = error_details_pb2.RetryInfo(), error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Unpack(retry):
            return float(retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9)
        detail.Unpack(why)
    if status and status.details:
        return 0.0 if why.reason in WITHOUT_RETRY_INFO else None
    crowded = error.code() in CROWDED and not any(words in (error.details() or "") for words in NEVER_FITS)
    return 0.0 if crowded or error.code() in UNANSWERED else None
