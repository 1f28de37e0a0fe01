"""What a refused call tells the person at the keyboard."""

import grpc
from google.rpc import error_details_pb2 as details_pb2
from grpc_status import rpc_status


def refusal_of(error: BaseException | None) -> str:
    """The sentence of a service that refused a call, with every field that it blames; of any other error, its text."""
    if not isinstance(error, grpc.RpcError):
        return str(error)
    details = error.details() if isinstance(error, grpc.Call | grpc.aio.AioRpcError) else None
    sentence = details or str(error)
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error has what is read of a call
    blamed = [fault for fault in _faults(status) if fault.description != sentence] if status else []
    return "".join((sentence, *(f"\n    {fault.field}：{fault.description}" for fault in blamed)))


def _faults(status: object) -> list[details_pb2.BadRequest.FieldViolation]:
    found: list[details_pb2.BadRequest.FieldViolation] = []
    for detail in getattr(status, "details", ()):
        told = details_pb2.BadRequest()
        if detail.Unpack(told):
            found.extend(told.field_violations)
    return found
