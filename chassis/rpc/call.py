"""Guarded methods of all four shapes: unary and streamed requests, unary and streamed answers.

A servicer answers by returning (or, for a stream, by yielding) and refuses by raising; it never sets a status code.
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
Validate = Callable[[Any, Callable[[Any], None]], Any]
"""Validates requests; each is noted before it is checked."""

_DETAILS = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class GuardedMethod:
    """Guards the calls of one method; `streams` when requests or answers are streamed."""

    def __init__(self, method: str, gate: Gate, access_log: AccessLog, *, streams: bool = False) -> None:
        self.method = method
        self.gate = gate
        self.rule = gate.rule(method)
        self.access_log = access_log
        self.streams = streams

    def unary(self, answer: Answerer, validate: Validate) -> Answerer:
        """The method with one answer; `validate` lets only valid requests reach it."""

        async def answered(request: Any, context: Any) -> Any:  # noqa: ANN401 messages are generated
            record = _CallRecord(self, context)
            with traces.continued(self.method, record.headers.trace):
                try:
                    limit = await record.admit()
                    return await in_time(limit, answer(validate(request, record.note_request), context))
                except Exception as error:
                    await record.refuse(error)
                except asyncio.CancelledError:
                    record.code = "CANCELLED"
                    raise
                finally:
                    record.close()

        return answered

    def streamed(self, answers: Answerer, validate: Validate) -> Answerer:
        """The method with a stream of answers (an async generator)."""

        async def answered(request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: ANN401 messages are generated
            record = _CallRecord(self, context)
            with traces.continued(self.method, record.headers.trace):
                try:
                    limit = await record.admit()
                    async for answer in each_in_time(limit, answers(validate(request, record.note_request), context)):
                        yield answer
                except Exception as error:
                    await record.refuse(error)
                except (asyncio.CancelledError, GeneratorExit):
                    record.code = "CANCELLED"
                    raise
                finally:
                    record.close()

        return answered


def valid(request: Any, note: Callable[[Any], None]) -> Any:  # noqa: ANN401 messages are generated
    """The request of a call, checked. Raises Invalid."""
    note(request)
    check(request)
    return request


async def each_valid(requests: AsyncIterable[Any], note: Callable[[Any], None]) -> AsyncIterator[Any]:
    """Requests of a stream, each checked as it comes. Raises Invalid."""
    async for request in requests:
        note(request)
        check(request)
        yield request


class _CallRecord:
    """One call, from its arrival to its end."""

    __slots__ = ("_began", "_call", "_caller", "_context", "_request", "code", "headers")

    def __init__(self, call: GuardedMethod, context: Any) -> None:  # noqa: ANN401 grpc names no class for it
        self._request: object = None
        self._began = time.perf_counter()
        self._call = call
        self._context = context
        self._caller: Caller | None = None
        self.code = OK
        self.headers = Headers(context)

    async def admit(self) -> float | None:
        """Checks the deadline, then the gate; the time limit that this side enforces, in seconds. Raises refusals."""
        gate = self._call.gate
        limit = gate.deadlines.own_limit(self._context.time_remaining(), stream=self._call.streams)
        self._caller = await gate.admit(self._call.rule, self.headers.authorization, self._context)
        return limit

    def note_request(self, request: object) -> None:
        """Notes the request, of a stream the first one, which names the file of the others."""
        if self._request is None:
            self._request = request

    async def refuse(self, error: Exception) -> NoReturn:
        """Ends the call with the status of the error and its details."""
        status = self._call.gate.errors.status(error, self._request)
        code = _CODES[status.code]
        self.code = code.name
        await self._context.abort(code, status.message, ((_DETAILS, status.SerializeToString()),))
        raise AssertionError("abort returned")

    def close(self) -> None:
        """Records the end of the call."""
        self._call.access_log.ended(self._call.method, self.code, self._began, kind_of(self._caller))
