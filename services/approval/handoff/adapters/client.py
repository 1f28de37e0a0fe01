"""Client of the district's own approval system: each call ends in an answer, a refusal by name, or no answer."""

import re
from collections.abc import Sequence
from typing import Any

import grpc
import grpc.aio
from onewindow.district.v1 import district_service_pb2 as pb
from onewindow.district.v1.district_service_pb2_grpc import DistrictApprovalServiceStub

from chassis.rpc.channel import RotatingChannel
from chassis.rpc.identity.rotating_certificates import IdentityFiles
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from services.approval.settings import ApprovalSettings

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
"""Answers about this one case. A refused token or certificate is none of them: the call is tried again later."""

_OPTIONS = [
    ("grpc.enable_http_proxy", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]
_NUMBER = re.compile(r"[^\x00-\x1f\x7f]{0,64}")
_KEY = re.compile(r"[0-9A-Za-z._:-]{8,64}")


class DistrictUnreachable(Exception):
    """No answer about the case: the request may have arrived, or not."""


class DistrictRefusal(Exception):
    """The district's system refuses the request by name: sending it again would not help."""


class DistrictClient:
    """Calls to the district's system; each has a deadline, and raises DistrictUnreachable or DistrictRefusal."""

    def __init__(self, channel: RotatingChannel, deadline_seconds: float, token: WatchedFile | None) -> None:
        self._channel = channel
        self._deadline = deadline_seconds
        self._token = token

    async def receive(self, package: pb.ReceiveCaseRequest) -> pb.ReceiveCaseResponse:
        """Hand a package over."""
        answer: pb.ReceiveCaseResponse = await self._call("ReceiveCase", package)
        return answer

    async def find(self, key: str) -> pb.DistrictCase | None:
        """The district's record of a case by the key of its hand-off; None when it has none."""
        answer = await self._call("GetCase", pb.GetCaseRequest(key=key))
        return answer.case if answer.known else None

    async def withdraw(self, withdrawal: pb.WithdrawCaseRequest) -> None:
        """Report that the applicant withdrew a case."""
        await self._call("WithdrawCase", withdrawal)

    async def changes(self, cursor: str, page_size: int) -> pb.ListCaseChangesResponse:
        """One page of the changes after a cursor."""
        request = pb.ListCaseChangesRequest(cursor=cursor, page_size=page_size)
        answer: pb.ListCaseChangesResponse = await self._call("ListCaseChanges", request)
        return answer

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close()

    async def _call(self, method: str, request: object) -> Any:  # noqa: ANN401 the answer has the method's own class
        call = getattr(DistrictApprovalServiceStub(self._channel.channel()), method)
        try:
            return await call(request, timeout=self._deadline, metadata=self._metadata())
        except grpc.aio.AioRpcError as error:
            reason = f"{error.code().name}: {error.details() or ''}"[:500]
            raise (DistrictRefusal if error.code() in _REFUSALS else DistrictUnreachable)(reason) from error

    def _metadata(self) -> Sequence[tuple[str, str]]:
        return [("authorization", f"Bearer {self._token.text()}")] if self._token else []


def open_client(settings: ApprovalSettings) -> DistrictClient | None:
    """The client by the settings; None where the district has no system of its own and its staff are desks here."""
    if settings.district_target is None:
        return None
    token = WatchedFile(settings.district_token_file, LOOK_SECONDS) if settings.district_token_file else None
    channel = RotatingChannel(settings.district_target, _identity_files(settings), _OPTIONS)
    return DistrictClient(channel, settings.handoff_deadline_seconds, token)


def district_number_in(text: str) -> str:
    """The district's number of a case: one line of at most 64 characters. Raises ValueError."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError("district_number")
    return text


def report_key_in(text: str) -> str:
    """The key of a report, by the rule of the contract for reports that the district sends. Raises ValueError."""
    if _KEY.fullmatch(text) is None:
        raise ValueError("report_key")
    return text


def _identity_files(settings: ApprovalSettings) -> IdentityFiles | None:
    if settings.district_authority_file is None:
        return None
    certificate, key = settings.district_certificate_file, settings.district_key_file
    return IdentityFiles(certificate, key, settings.district_authority_file, LOOK_SECONDS)
