"""Guarded methods of all four shapes: unary and streamed requests, unary and streamed answers.

A servicer answers by returning (or, for a stream, by yielding) and refuses by raising; it never sets a status code.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeAlias

import grpc
from google.rpc import status_pb2

from chassis.refusals import Leaving, Refusal
from chassis.rpc.access_log import CANCELLED, OK, AccessLog
from chassis.rpc.deadlines import each_in_time, in_time
from chassis.rpc.gate import OPEN, Gate, Headers, kind_of
from chassis.rpc.identity.caller import Caller
from chassis.rpc.limits import Places, caller_key
from chassis.rpc.validation import check
from chassis.telemetry import traces

Answerer = Callable[[Any, Any], Any]
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Validate = Callable[[Any, Callable[[Any], None]], Any]
"""Validates requests; each is noted before it is checked."""

_READ_OUT_SECONDS, _WRITES_WITHIN_SECONDS = 5.0, 0.2
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
            ends, task = self.gate.ends, asyncio.current_task()
            assert task is not None, "the library makes a task for each call"
            with traces.continued(self.method, record.headers.trace):
                try:
                    limit = await record.admit(request)
                    ends.calls.add(task)
                    return await in_time(limit, answer(validate(request, record.note_request), context))
                except Exception as error:
                    await read_out(request)
                    await record.refuse(error)
                except asyncio.CancelledError:
                    if ends.cutting and not context.cancelled():
                        task.uncancel()
                        await record.refuse(Leaving())
                    record.code = CANCELLED
                    raise
                finally:
                    ends.calls.discard(task)
                    record.close()

        return answered

    def streamed(self, answers: Answerer, validate: Validate) -> Answerer:
        """The method with a stream of answers (an async generator)."""

        async def answered(request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: ANN401 messages are generated
            record = _CallRecord(self, context)
            with traces.continued(self.method, record.headers.trace):
                try:
                    limit = await record.admit(request)
                    own = answers(validate(request, record.note_request), context)
                    async for answer in each_in_time(limit, own, self.gate.ends):
                        yield answer
                except Exception as error:
                    await read_out(request)
                    await record.refuse(error)
                except (asyncio.CancelledError, GeneratorExit):
                    record.code = CANCELLED
                    raise
                finally:
                    record.close()

        return answered


def hold_stream(places: Places, key: str, context: Any) -> None:  # noqa: ANN401 grpc names no class for it
    """Takes a place for a stream until its call has ended. Raises TooManyStreams, Overloaded.

    The library says when that is: it leaves the generator of a cancelled stream to the garbage collector.
    """
    places.take_stream(key)
    context.add_done_callback(lambda _context: places.leave_stream(key))


async def read_out(requests: Any) -> None:  # noqa: ANN401 a message, or a stream of them
    """Reads what a refused client is still writing, while it writes and for a few seconds.

    A client in Python whose write fails at the end of its call takes that for an internal error: the refusal is lost.
    """
    if not isinstance(requests, AsyncIterable):
        return
    ends = asyncio.get_running_loop().time() + _READ_OUT_SECONDS
    with suppress(Exception):  # the refusal comes in any case
        async with asyncio.timeout_at(ends) as limit:
            rest = aiter(requests)
            while True:
                limit.reschedule(min(ends, asyncio.get_running_loop().time() + _WRITES_WITHIN_SECONDS))
                if await anext(rest, None) is None:
                    return


def shared_by_strangers(answers: Answerer, gate: Gate) -> Answerer:
    """Streams that need no token (health, reflection), each in the share of its address."""

    async def answered(request: Any, context: Any) -> None:  # noqa: ANN401 messages are the library's
        try:
            hold_stream(gate.places, caller_key(None, context.peer()), context)
        except Refusal as refusal:
            await _abort(context, gate.errors.status(refusal))
        own = answers(request, context)
        if isinstance(own, AsyncIterable):
            async for answer in own:
                await context.write(answer)
        else:
            await own

    return answered


def refusing(refusal: Refusal, gate: Gate, access_log: AccessLog, label: str) -> Handler:
    """A method that refuses every call, under this label in the metrics; its requests are not read."""

    async def refused(_requests: Any, context: Any) -> None:  # noqa: ANN401 grpc names no class for it
        access_log.ended(label, refusal.code, time.perf_counter(), OPEN)
        await _abort(context, gate.errors.status(refusal))

    return grpc.stream_stream_rpc_method_handler(refused)


def valid(request: Any, note: Callable[[Any], None]) -> Any:  # noqa: ANN401 messages are generated
    """The request of a call, checked. Raises Invalid."""
    note(request)
    check(request)
    return request


def valid_publication(request: Any, note: Callable[[Any], None]) -> Any:  # noqa: ANN401 messages are generated
    """The request of a call that publishes, checked: a refusal repeats what is wrong. Raises Invalid."""
    note(request)
    check(request, with_values=True)
    return request


async def each_valid(requests: AsyncIterable[Any], note: Callable[[Any], None]) -> AsyncIterator[Any]:
    """Requests of a stream, each checked as it comes. Raises Invalid."""
    async for request in requests:
        note(request)
        check(request)
        yield request


class _CallRecord:
    """One call, from its arrival to its end."""

    __slots__ = ("_began", "_call", "_caller", "_context", "_leave", "_request", "code", "headers")

    def __init__(self, call: GuardedMethod, context: Any) -> None:  # noqa: ANN401 grpc names no class for it
        self._request: object = None
        self._began = time.perf_counter()
        self._call = call
        self._context = context
        self._caller: Caller | None = None
        self._leave: Callable[[], None] | None = None
        self.code = OK
        self.headers = Headers(context)

    async def admit(self, request: object) -> float | None:
        """Checks deadline, place and gate; the time limit that this side enforces, in seconds. Raises refusals.

        A stream of requests shows no position that its caller has seen.
        """
        gate, streams = self._call.gate, self._call.streams
        limit = gate.deadlines.own_limit(self._context.time_remaining(), stream=streams)
        if not streams:
            gate.places.take_call()
            self._leave = gate.places.leave_call
        after = getattr(request, "after", "")
        self._caller = await gate.admit(self._call.rule, self.headers.authorization, self._context, after)
        if streams:
            hold_stream(gate.places, caller_key(self._caller, self._context.peer()), self._context)
        return limit

    def note_request(self, request: object) -> None:
        """Notes the request, of a stream the first one, which names the file of the others."""
        if self._request is None:
            self._request = request

    async def refuse(self, error: Exception) -> NoReturn:
        """Ends the call with the status of the error and its details."""
        status = self._call.gate.errors.status(error, self._request)
        self.code = _CODES[status.code].name
        await _abort(self._context, status)

    def close(self) -> None:
        """Records the end of the call."""
        if self._leave is not None:
            self._leave()
        self._call.access_log.ended(self._call.method, self.code, self._began, kind_of(self._caller))


async def _abort(context: Any, status: status_pb2.Status) -> NoReturn:  # noqa: ANN401 grpc names no class for it
    """Ends a call with a status and its details."""
    await context.abort(_CODES[status.code], status.message, ((_DETAILS, status.SerializeToString()),))
    raise AssertionError("abort returned")
