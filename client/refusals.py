"""Refusals of the services as a person reads them."""

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status


class CallFailed(Exception):
    """A call was refused, or every try stayed without an answer; carries the request and the refusal."""

    def __init__(self, request: str, error: grpc.aio.AioRpcError) -> None:
        super().__init__(f"{request}: {error.code().name} {error.details()}")
        self.code = error.code()
        self.refusal = refusal_sentence(error)
        """The service's sentence with every field that it names."""


def refusal_sentence(error: BaseException) -> str:
    """The sentence of a refused call with every field that it names; of any other error, its text."""
    if not isinstance(error, grpc.RpcError):
        return str(error)
    details = error.details() if isinstance(error, grpc.Call | grpc.aio.AioRpcError) else None
    sentence = details or str(error)
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error has the methods of a call that are used
    faults = [fault for fault in _faults(status) if fault.description != sentence] if status else []
    return "".join((sentence, *(f"\n    {fault.field}：{fault.description}" for fault in faults)))


def _faults(status: object) -> list[error_details_pb2.BadRequest.FieldViolation]:
    found: list[error_details_pb2.BadRequest.FieldViolation] = []
    for detail in getattr(status, "details", ()):
        bad_request = error_details_pb2.BadRequest()
        if detail.Unpack(bad_request):
            found.extend(bad_request.field_violations)
    return found
