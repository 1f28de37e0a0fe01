"""A client of the four services for several callers, each known by a token, or for one known by its certificate."""

from collections.abc import Mapping
from typing import TypeVar

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from onewindow.approval.v1 import approval_service_pb2_grpc as approval_grpc
from onewindow.intake.v1 import catalogue_service_pb2_grpc as catalogue_grpc
from onewindow.intake.v1 import hall_service_pb2_grpc as hall_grpc
from onewindow.intake.v1 import intake_service_pb2_grpc as intake_grpc
from onewindow.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from onewindow.notify.v1 import notify_service_pb2_grpc as notify_grpc
from onewindow.recount.v1 import recount_service_pb2_grpc as recount_grpc

from client.channels import ONE_ADDRESS, ChannelOptions, open_channel
from client.retries import PATIENT, RetryPolicy, answered

Request = TypeVar("Request")
Response = TypeVar("Response")

CALL_SECONDS = 10.0
"""Deadline of one try; the services allow at most thirty."""
_SERVICES = ("intake", "approval", "notify", "metrics")
_RECOUNTING = ("intake", "approval", "notify")
"""Services with open files, whose dates follow a publication of holidays."""


class CallFailed(Exception):
    """A call was refused, or every try stayed without an answer; carries the request and the refusal."""

    def __init__(self, request: str, error: grpc.aio.AioRpcError) -> None:
        super().__init__(f"{request}: {error.code().name} {error.details()}")
        self.code = error.code()
        self.refusal = refusal_sentence(error)
        """The service's sentence with every field that it names."""


class OfficeClient:
    """Stubs of the four services over one channel each; every call is repeated until it is answered."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        tokens: Mapping[str, str],
        credentials: grpc.ChannelCredentials | None = None,
        options: ChannelOptions = ONE_ADDRESS,
        policy: RetryPolicy = PATIENT,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        """`addresses` by service, `tokens` by the name of a caller; without a token the certificate counts."""
        self._metadata = {caller: (("authorization", f"Bearer {token}"),) for caller, token in tokens.items()}
        self._addresses, self._options = addresses, options
        self._policy = policy
        self._call_seconds = call_seconds
        self._channels: Mapping[str, grpc.aio.Channel] = {}
        self.reconnect(credentials)

    def reconnect(self, credentials: grpc.ChannelCredentials | None) -> list[grpc.aio.Channel]:
        """Opens other channels, as after certificates were replaced; returns the old ones, for the caller to close."""
        before = list(self._channels.values())
        channels = {name: open_channel(self._addresses[name], credentials, self._options) for name in _SERVICES}
        self._channels = channels
        self.intake = intake_grpc.IntakeServiceStub(channels["intake"])
        self.hall = hall_grpc.HallServiceStub(channels["intake"])
        self.catalogue = catalogue_grpc.CatalogueServiceStub(channels["intake"])
        self.approval = approval_grpc.ApprovalServiceStub(channels["approval"])
        self.notify = notify_grpc.NotifyServiceStub(channels["notify"])
        self.metrics = metrics_grpc.MetricsServiceStub(channels["metrics"])
        self.recounts = {name: recount_grpc.RecountServiceStub(channels[name]) for name in _RECOUNTING}
        return before

    def metadata(self, caller: str) -> tuple[tuple[str, str], ...]:
        """The headers of a caller; none without a token."""
        return self._metadata.get(caller, ())

    async def call(
        self, caller: str, method: grpc.aio.UnaryUnaryMultiCallable[Request, Response], request: Request
    ) -> Response:
        """The answer to a request of a caller, by a method of a stub. Raises CallFailed."""
        metadata = self.metadata(caller)
        try:
            return await answered(lambda: method(request, metadata=metadata, timeout=self._call_seconds), self._policy)
        except grpc.aio.AioRpcError as error:
            by = f" by {caller}" if caller else ""
            raise CallFailed(f"{type(request).__name__}{by}", error) from error

    async def close(self) -> None:
        """Closes every channel at once."""
        for channel in self._channels.values():
            await channel.close(None)

    async def __aenter__(self) -> "OfficeClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


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
