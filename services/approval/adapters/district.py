"""The district's own approval system, as we call it: an answer, a refusal by name, or no answer at all."""

import re
from collections.abc import Sequence
from typing import Any

import grpc
import grpc.aio
from onewindow.district.v1 import district_service_pb2 as pb
from onewindow.district.v1.district_service_pb2_grpc import DistrictApprovalServiceStub

from chassis.rpc.channel import RotatingChannel
from chassis.rpc.identity.identity_files import IdentityFiles
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
"""Answers about this one case; whoever is not let in at all (a token, a certificate) is let in again later."""

_OPTIONS = [
    ("grpc.enable_http_proxy", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]


_NUMBER = re.compile(r"[^\x00-\x1f\x7f]{0,64}")
_KEY = re.compile(r"[0-9A-Za-z._:-]{8,64}")


class Unreached(Exception):
    """No answer that says anything about the case: it may have arrived, or not."""


class Refused(Exception):
    """The district's system says no, by name: sending it again would not help."""


class DistrictSystem:
    """The calls we make; each has a deadline, and raises Unreached or Refused."""

    def __init__(self, outgoing: RotatingChannel, deadline_seconds: float, token: WatchedFile | None) -> None:
        self._outgoing = outgoing
        self._deadline = deadline_seconds
        self._token = token

    async def receive(self, package: pb.ReceiveCaseRequest) -> pb.ReceiveCaseResponse:
        """Hand a package over."""
        answer: pb.ReceiveCaseResponse = await self._told("ReceiveCase", package)
        return answer

    async def known(self, key: str) -> pb.DistrictCase | None:
        """What the district has under a key of ours."""
        answer = await self._told("GetCase", pb.GetCaseRequest(key=key))
        return answer.case if answer.known else None

    async def withdraw(self, withdrawal: pb.WithdrawCaseRequest) -> None:
        """Tell that the applicant stopped a case."""
        await self._told("WithdrawCase", withdrawal)

    async def changes(self, cursor: str, page_size: int) -> pb.ListCaseChangesResponse:
        """What changed since a cursor."""
        asked = pb.ListCaseChangesRequest(cursor=cursor, page_size=page_size)
        answer: pb.ListCaseChangesResponse = await self._told("ListCaseChanges", asked)
        return answer

    async def close(self) -> None:
        """End the connection."""
        await self._outgoing.close()

    async def _told(self, method: str, request: object) -> Any:  # noqa: ANN401 the answer has the method's own class
        call = getattr(DistrictApprovalServiceStub(self._outgoing.channel()), method)
        try:
            return await call(request, timeout=self._deadline, metadata=self._metadata())
        except grpc.aio.AioRpcError as error:
            said = f"{error.code().name}: {error.details() or ''}"[:500]
            raise (Refused if error.code() in _REFUSALS else Unreached)(said) from error

    def _metadata(self) -> Sequence[tuple[str, str]]:
        return [("authorization", f"Bearer {self._token.text()}")] if self._token else []


def number_of(text: str) -> str:
    """The district's number of a case as it may be kept: one line of at most 64 signs. Raises ValueError."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError("district_number")
    return text


def key_of(text: str) -> str:
    """The key of a report, by the rule that holds for one that is pushed. Raises ValueError."""
    if _KEY.fullmatch(text) is None:
        raise ValueError("report_key")
    return text


def open_district(settings: ApprovalSettings) -> DistrictSystem | None:
    """The district's system as the settings name it; None where it has none and its staff are desks here."""
    if settings.district_target is None:
        return None
    token = WatchedFile(settings.district_token_file, LOOK_SECONDS) if settings.district_token_file else None
    outgoing = RotatingChannel(settings.district_target, _files(settings), _OPTIONS)
    return DistrictSystem(outgoing, settings.handoff_deadline_seconds, token)


def _files(settings: ApprovalSettings) -> IdentityFiles | None:
    if settings.district_authority_file is None:
        return None
    certificate, key = settings.district_certificate_file, settings.district_key_file
    return IdentityFiles(certificate, key, settings.district_authority_file, LOOK_SECONDS)
