"""One method behind its gate, whatever its shape.

A servicer answers by returning (or, for a stream, by yielding) and refuses by raising; it never touches a status code.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Any, NoReturn

import grpc

from chassis.rpc.access_log import OK, AccessLog
from chassis.rpc.deadlines import each_in_time, in_time
from chassis.rpc.gate import Gate, Headers, kind_of
from chassis.rpc.identity.caller import Caller
from chassis.rpc.validation import check
from chassis.telemetry import traces

Answerer = Callable[[Any, Any], Any]
Sift = Callable[[Any, Callable[[Any], None]], Any]
"""Lets only whole requests through, each shown before it is checked."""

_DETAILS = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class GuardedMethod:
    """Guards the calls of one method; `streams` when requests or answers are many."""

    def __init__(self, method: str, gate: Gate, journal: AccessLog, *, streams: bool = False) -> None:
        self.method = method
        self.gate = gate
        self.rule = gate.rule(method)
        self.journal = journal
        self.streams = streams

    def once(self, answer: Answerer, sift: Sift) -> Answerer:
        """The method with one answer; `sift` lets only whole requests reach it."""

        async def answered(request: Any, context: Any) -> Any:  # noqa: ANN401 messages are generated
            entry = _Entry(self, context)
            with traces.continued(self.method, entry.headers.trace):
                try:
                    limit = await entry.admit()
                    return await in_time(limit, answer(sift(request, entry.see), context))
                except Exception as error:
                    await entry.refuse(error)
                except asyncio.CancelledError:
                    entry.code = "CANCELLED"
                    raise
                finally:
                    entry.close()

        return answered

    def often(self, answers: Answerer, sift: Sift) -> Answerer:
        """The method with a stream of answers (an async generator)."""

        async def answered(request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: ANN401 messages are generated
            entry = _Entry(self, context)
            with traces.continued(self.method, entry.headers.trace):
                try:
                    limit = await entry.admit()
                    async for answer in each_in_time(limit, answers(sift(request, entry.see), context)):
                        yield answer
                except Exception as error:
                    await entry.refuse(error)
                except (asyncio.CancelledError, GeneratorExit):
                    entry.code = "CANCELLED"
                    raise
                finally:
                    entry.close()

        return answered


def whole(request: Any, see: Callable[[Any], None]) -> Any:  # noqa: ANN401 messages are generated
    """The one request of a call, checked."""
    see(request)
    check(request)
    return request


async def each_whole(requests: AsyncIterable[Any], see: Callable[[Any], None]) -> AsyncIterator[Any]:
    """The requests of a stream, each checked as it comes."""
    async for request in requests:
        see(request)
        check(request)
        yield request


class _Entry:
    """One call from its coming to its end."""

    __slots__ = ("_asked", "_began", "_call", "_caller", "_context", "code", "headers")

    def __init__(self, call: GuardedMethod, context: Any) -> None:  # noqa: ANN401 grpc names no class for it
        self._asked: object = None
        self._began = time.perf_counter()
        self._call = call
        self._context = context
        self._caller: Caller | None = None
        self.code = OK
        self.headers = Headers(context)

    async def admit(self) -> float | None:
        """Let the call pass the gate; the seconds this side has to keep, or a refusal raised."""
        gate = self._call.gate
        limit = gate.deadlines.own_limit(self._context.time_remaining(), stream=self._call.streams)
        self._caller = await gate.admit(self._call.rule, self.headers.authorization, self._context)
        return limit

    def see(self, request: object) -> None:
        """What is asked; of a stream its first request, which says of what the others are."""
        if self._asked is None:
            self._asked = request

    async def refuse(self, error: Exception) -> NoReturn:
        """Tell the client why, as a status with its details."""
        status = self._call.gate.errors.status(error, self._asked)
        code = _CODES[status.code]
        self.code = code.name
        await self._context.abort(code, status.message, ((_DETAILS, status.SerializeToString()),))
        raise AssertionError("abort returned")

    def close(self) -> None:
        """Keep what is kept of the call."""
        self._call.journal.ended(self._call.method, self.code, self._began, kind_of(self._caller))
