"""Interceptor of every call, with one fixed order of steps.

The order: trace, deadline, identity, access, limit of open calls, validation, servicer, errors, access log.
It is a single one because each interceptor costs every call; the guarded method is made once and cached.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import grpc
import grpc.aio

from chassis.rpc.access_log import AccessLog
from chassis.rpc.call import GuardedMethod, each_valid, valid
from chassis.rpc.gate import Gate
from chassis.rpc.validation import reader

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Continuation = Callable[[grpc.HandlerCallDetails], Awaitable["Handler | None"]]

UNGUARDED = ("/grpc.health.v1.Health/", "/grpc.reflection.")
"""Health and reflection need no token; reflection is served only where the settings say so."""


class Interceptor(grpc.aio.ServerInterceptor):  # type: ignore[type-arg] # generic in the stubs alone
    """Guards every method of a server with one gate."""

    def __init__(self, gate: Gate, access_log: AccessLog) -> None:
        self._gate = gate
        self._access_log = access_log
        self._guarded: dict[str, Handler] = {}

    async def intercept_service(  # type: ignore[override] # the stubs leave out the answer to an unknown method
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> "Handler | None":
        """The guarded method; None (answered UNIMPLEMENTED) for an unknown one."""
        method = handler_call_details.method
        guarded = self._guarded.get(method)
        if guarded is not None:
            return guarded
        handler = await continuation(handler_call_details)
        if handler is None or method.startswith(UNGUARDED):
            return handler
        guarded = self._guarded[method] = self._guard(method, handler)
        return guarded

    def _guard(self, method: str, handler: Handler) -> Handler:
        streams = bool(handler.request_streaming or handler.response_streaming)
        call = GuardedMethod(method, self._gate, self._access_log, streams=streams)
        validate = each_valid if handler.request_streaming else valid
        make, answer = _shape(handler)
        guarded = call.streamed(answer, validate) if handler.response_streaming else call.unary(answer, validate)
        return make(guarded, reader(handler.request_deserializer), handler.response_serializer)


def _shape(handler: Handler) -> "tuple[Callable[..., Handler], Any]":
    if handler.request_streaming:
        if handler.response_streaming:
            return grpc.stream_stream_rpc_method_handler, handler.stream_stream
        return grpc.stream_unary_rpc_method_handler, handler.stream_unary
    if handler.response_streaming:
        return grpc.unary_stream_rpc_method_handler, handler.unary_stream
    return grpc.unary_unary_rpc_method_handler, handler.unary_unary
