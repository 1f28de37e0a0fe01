"""The district's own approval system, as we call it: an answer, a refusal by name, or no answer at all."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import grpc
import grpc.aio
from onewindow.district.v1 import district_service_pb2 as pb
from onewindow.district.v1.district_service_pb2_grpc import DistrictApprovalServiceStub

from chassis.watched_file import WatchedFile
from services.approval.settings import ApprovalSettings

T = TypeVar("T")

_REFUSALS = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)
"""Answers about this one case; whoever is not let in at all (a token, a certificate) is let in again later."""

_OPTIONS = [
    ("grpc.enable_http_proxy", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]


class Unreached(Exception):
    """No answer that says anything about the case: it may have arrived, or not."""


class Refused(Exception):
    """The district's system says no, by name: sending it again would not help."""


class DistrictSystem:
    """The calls we make; each has a deadline, and raises Unreached or Refused."""

    def __init__(self, channel: grpc.aio.Channel, deadline_seconds: float, token: WatchedFile | None) -> None:
        self._channel = channel
        self._stub = DistrictApprovalServiceStub(channel)
        self._deadline = deadline_seconds
        self._token = token

    async def receive(self, package: pb.ReceiveCaseRequest) -> pb.ReceiveCaseResponse:
        """Hand a package over."""
        return await self._told(self._stub.ReceiveCase, package)

    async def known(self, key: str) -> pb.DistrictCase | None:
        """What the district has under a key of ours."""
        answer = await self._told(self._stub.GetCase, pb.GetCaseRequest(key=key))
        return answer.case if answer.known else None

    async def withdraw(self, withdrawal: pb.WithdrawCaseRequest) -> None:
        """Tell that the applicant stopped a case."""
        await self._told(self._stub.WithdrawCase, withdrawal)

    async def changes(self, cursor: str, page_size: int) -> pb.ListCaseChangesResponse:
        """What changed since a cursor."""
        asked = pb.ListCaseChangesRequest(cursor=cursor, page_size=page_size)
        return await self._told(self._stub.ListCaseChanges, asked)

    async def close(self) -> None:
        """End the connection."""
        await self._channel.close(None)

    async def _told(self, call: Callable[..., Awaitable[T]], request: object) -> T:
        try:
            return await call(request, timeout=self._deadline, metadata=self._metadata())
        except grpc.aio.AioRpcError as error:
            said = f"{error.code().name}: {error.details() or ''}"[:500]
            raise (Refused if error.code() in _REFUSALS else Unreached)(said) from error

    def _metadata(self) -> Sequence[tuple[str, str]]:
        return [("authorization", f"Bearer {self._token.text()}")] if self._token else []


def open_district(settings: ApprovalSettings) -> DistrictSystem | None:
    """The district's system as the settings name it; None where it has none and its staff are desks here."""
    if settings.district_target is None:
        return None
    token = WatchedFile(settings.district_token_file) if settings.district_token_file else None
    return DistrictSystem(_channel(settings, settings.district_target), settings.handoff_deadline_seconds, token)


def _channel(settings: ApprovalSettings, target: str) -> grpc.aio.Channel:
    if settings.district_authority_file is None:
        return grpc.aio.insecure_channel(target, options=_OPTIONS)
    mounted = (settings.district_authority_file, settings.district_key_file, settings.district_certificate_file)
    credentials = grpc.ssl_channel_credentials(*(path.read_bytes() if path else None for path in mounted))
    return grpc.aio.secure_channel(target, credentials, options=_OPTIONS)
