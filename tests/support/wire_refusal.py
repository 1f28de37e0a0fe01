"""A refusal as the client of a call receives it: the code, the sentence and the parts of its google.rpc.Status."""

from collections.abc import Awaitable
from typing import Any

import grpc
import grpc.aio
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status


class WireRefusal:
    """A refusal as its client sees it."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self.code = error.code().name
        self.sentence = error.details() or ""
        status = rpc_status.from_call(error)  # type: ignore[arg-type] # the stubs know only the other kind of call
        details = list(status.details) if status is not None else []
        self.why = _unpacked(details, error_details_pb2.ErrorInfo)
        self.fields = _unpacked(details, error_details_pb2.BadRequest).field_violations
        self.retry = _unpacked(details, error_details_pb2.RetryInfo).retry_delay
        self.has_retry = any(detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for detail in details)


async def refusal_of(call: Awaitable[object]) -> WireRefusal:
    """The refusal of a call; a call that is answered fails the test."""
    try:
        answer = await call
    except grpc.aio.AioRpcError as error:
        return WireRefusal(error)
    raise AssertionError(f"was not refused: {answer}")


def error_of(status: status_pb2.Status) -> grpc.aio.AioRpcError:
    """The error of a call that ends with this status, as the library makes it for the client."""
    [code] = [each for each in grpc.StatusCode if each.value[0] == status.code]
    details = grpc.aio.Metadata(("grpc-status-details-bin", status.SerializeToString()))
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), details, status.message, None)


def _unpacked(details: list[Any], kind: Any) -> Any:
    found = kind()
    for detail in details:
        if detail.Is(kind.DESCRIPTOR):
            detail.Unpack(found)
    return found
