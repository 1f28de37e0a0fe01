"""The desks from which the year is played: who calls which service, and how a call is repeated until it is answered."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from onewindow.approval.v1 import approval_service_pb2_grpc as approval_grpc
from onewindow.intake.v1 import catalogue_service_pb2_grpc, hall_service_pb2_grpc
from onewindow.intake.v1 import intake_service_pb2_grpc as intake_grpc
from onewindow.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from onewindow.notify.v1 import notify_service_pb2_grpc as notify_grpc

_AGAIN = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.CANCELLED,
    }
)
_TRIES = 60
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_CALL_SECONDS = 10.0
_OPTIONS = (
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
)


class CallFailed(Exception):
    """A call was refused, or stayed without an answer; carries what was asked and what came back."""

    def __init__(self, asked: str, error: grpc.aio.AioRpcError) -> None:
        super().__init__(f"{asked}: {error.code().name} {error.details()}")
        self.code = error.code()


@dataclass(frozen=True, slots=True)
class Staff:
    """Tokens by staff number."""

    tokens: Mapping[str, str]

    def metadata(self, staff_no: str) -> tuple[tuple[str, str], ...]:
        """What a call of that member of staff carries."""
        return (("authorization", f"Bearer {self.tokens[staff_no]}"),)


class Desks:
    """Stubs of the four services over one channel each, mutual TLS where there are credentials."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        staff: Staff,
        credentials: grpc.ChannelCredentials | None = None,
        options: Sequence[tuple[str, object]] = (),
    ) -> None:
        channels = {name: _channel(address, credentials, (*_OPTIONS, *options)) for name, address in addresses.items()}
        self._channels = channels
        self._staff = staff
        self.intake = intake_grpc.IntakeServiceStub(channels["intake"])
        self.hall = hall_service_pb2_grpc.HallServiceStub(channels["intake"])
        self.catalogue = catalogue_service_pb2_grpc.CatalogueServiceStub(channels["intake"])
        self.approval = approval_grpc.ApprovalServiceStub(channels["approval"])
        self.notify = notify_grpc.NotifyServiceStub(channels["notify"])
        self.metrics = metrics_grpc.MetricsServiceStub(channels["metrics"])

    async def call(self, staff_no: str, method: Callable[..., Any], request: Any) -> Any:  # noqa: ANN401 - any stub's method
        """Call until it is answered; every request carries its own id, so a repeat gets the first answer."""
        pause = _FIRST_PAUSE
        for attempt in range(1, _TRIES + 1):
            try:
                return await method(request, metadata=self._staff.metadata(staff_no), timeout=_CALL_SECONDS)
            except grpc.aio.AioRpcError as error:
                if error.code() not in _AGAIN or attempt == _TRIES:
                    raise CallFailed(f"{type(request).__name__} by {staff_no}", error) from error
            await asyncio.sleep(pause * (0.5 + random.random() / 2))
            pause = min(pause * 2, _LONGEST_PAUSE)
        raise AssertionError("unreachable: the last try raises")

    async def close(self) -> None:
        """Close every channel."""
        for channel in self._channels.values():
            await channel.close(None)


def _channel(
    address: str, credentials: grpc.ChannelCredentials | None, options: Sequence[tuple[str, object]]
) -> grpc.aio.Channel:
    if credentials is None:
        return grpc.aio.insecure_channel(address, options=options)
    return grpc.aio.secure_channel(address, credentials, options=options)
