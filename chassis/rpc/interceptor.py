"""Interceptor of every call, with one fixed order of steps.

The order: trace, deadline, place of a call, identity, access, limit of open calls, place of a stream, size and rules of
the request, servicer, errors, access log.
It is a single one because each interceptor costs every call; the guarded method is made once and cached.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import Descriptor

from chassis.refusals import UnknownMethod
from chassis.rpc.access_log import CANCELLED, OK, UNKNOWN_METHOD, AccessLog
from chassis.rpc.call import GuardedMethod, Handler, each_valid, refusing, shared_by_strangers, valid, valid_publication
from chassis.rpc.gate import Gate
from chassis.rpc.validation import reader

Continuation = Callable[[grpc.HandlerCallDetails], Awaitable["Handler | None"]]

UNGUARDED = ("/grpc.health.v1.Health/", "/grpc.reflection.")
"""Health and reflection need no token; reflection is served only where the settings say so."""


class Interceptor(grpc.aio.ServerInterceptor):  # type: ignore[type-arg] # generic in the stubs alone
    """Guards every method of a server with one gate."""

    def __init__(
        self, gate: Gate, access_log: AccessLog, requests: Mapping[str, Descriptor], message_bytes: int
    ) -> None:
        """`requests` are the kinds of requests by the paths of their methods, each with at most `message_bytes`."""
        self._gate = gate
        self._access_log = access_log
        self._requests = requests
        self._message_bytes = message_bytes
        self._guarded: dict[str, Handler] = {}
        self._unknown = refusing(UnknownMethod(), gate, access_log, UNKNOWN_METHOD)
        access_log.expect(UNKNOWN_METHOD, [UnknownMethod.code])
        codes = {OK, CANCELLED, *gate.errors.codes} - {UnknownMethod.code}
        for method in requests:
            access_log.expect(method, codes)

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> Handler:
        """The guarded method; of an unknown one, the refusal that it is unknown."""
        method = handler_call_details.method
        guarded = self._guarded.get(method)
        if guarded is not None:
            return guarded
        handler = await continuation(handler_call_details)
        if handler is None:
            return self._unknown
        guard = self._share if method.startswith(UNGUARDED) else self._guard
        guarded = self._guarded[method] = guard(method, handler)
        return guarded

    def _guard(self, method: str, handler: Handler) -> Handler:
        streams = bool(handler.request_streaming or handler.response_streaming)
        call = GuardedMethod(method, self._gate, self._access_log, streams=streams)
        validate = each_valid if handler.request_streaming else valid_publication if call.rule.publishes else valid
        make, answer = _shape(handler)
        guarded = call.streamed(answer, validate) if handler.response_streaming else call.unary(answer, validate)
        read = reader(handler.request_deserializer, self._message_bytes, self._requests.get(method))
        return make(guarded, read, handler.response_serializer)

    def _share(self, _: str, handler: Handler) -> Handler:
        """A method that needs no token; its streams count as those of a stranger."""
        if not handler.response_streaming:
            return handler
        make, answers = _shape(handler)
        return make(shared_by_strangers(answers, self._gate), handler.request_deserializer, handler.response_serializer)


def _shape(handler: Handler) -> "tuple[Callable[..., Handler], Any]":
    if handler.request_streaming:
        if handler.response_streaming:
            return grpc.stream_stream_rpc_method_handler, handler.stream_stream
        return grpc.stream_unary_rpc_method_handler, handler.stream_unary
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler, handler.unary_stream
    return grpc.unary_unary_rpc_method_handler, handler.unary_unary
