"""How a refusal reaches the client: google.rpc.Status with ErrorInfo, BadRequest, RetryInfo. The only place that maps.

An exception nobody named becomes INTERNAL with a log id; what it says stays in the log.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import grpc
import structlog
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc import error_details_pb2 as details_pb2
from google.rpc import status_pb2

from chassis.refusals import FieldFault, Refusal
from chassis.rpc.outages import as_refusal
from chassis.telemetry.logs import failure

DOMAIN = "onewindow"
FAULTS_TOLD = 20
"""Field violations told in one answer: with more the trailer would outgrow what clients accept."""

_OF_THE_REQUEST = frozenset(
    {"INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "PERMISSION_DENIED", "ABORTED"}
)
"""The codes that say no to this request, and not just now or to everybody."""
_PATH_LENGTH = 120
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_OF_A_REASON = re.compile(r"[^A-Z0-9]+")
_log = structlog.get_logger(__name__)


class ErrorMap:
    """Which status each named exception of a service becomes, the nearest class deciding; a Refusal knows its own.

    A named exception may carry `reason`, `sentence`, `article` and `field`. What names no field stands on the file
    that was request for: `files` are the paths by which requests name one, and the first that a request fills is told.
    """

    def __init__(self, codes: Mapping[type[Exception], str] | None = None, files: Sequence[str] = ()) -> None:
        self._codes = {kind: grpc.StatusCode[code] for kind, code in (codes or {}).items()}
        self._files = tuple(files)

    def status(self, error: Exception, request: object = None) -> status_pb2.Status:
        """The status that tells `error`, of the request that was `asked`; logs it under an id when nobody named it."""
        code = next((self._codes[kind] for kind in type(error).__mro__ if kind in self._codes), None)
        if code is not None:
            return _named(error, code, self._file(request))
        refusal = error if isinstance(error, Refusal) else as_refusal(error)
        return _refused(refusal, self._file(request)) if refusal is not None else _unexpected(error)

    def _file(self, request: object) -> str:
        return next((path for path in self._files if filled(request, path)), "")


def filled(request: object, path: str) -> bool:
    """Whether a request has the field at this path (names between dots), and holds something there."""
    for name in path.split("."):
        if not isinstance(request, Message) or name not in request.DESCRIPTOR.fields_by_name:
            return False
        request = getattr(request, name)
    return bool(request)


def reason_of(kind: type[Exception]) -> str:
    """The class name in upper snake case: AlreadyExtended is ALREADY_EXTENDED."""
    return _WORD_STARTS.sub("_", kind.__name__).upper()


def _refused(refusal: Refusal, file: str) -> status_pb2.Status:
    told: list[Message] = [_why(reason_of(type(refusal)), refusal.metadata)]
    fields = refusal.fields
    if not fields and file and refusal.code in _OF_THE_REQUEST:
        fields = (FieldFault(file, refusal.sentence, reason_of(type(refusal))),)
    if fields:
        told.append(_bad_request(fields))
    if refusal.retry_after is not None:
        told.append(_retry_after(refusal.retry_after))
    return _status(grpc.StatusCode[refusal.code], refusal.sentence, told)


def _named(error: Exception, code: grpc.StatusCode, file: str) -> status_pb2.Status:
    sentence, article = str(getattr(error, "sentence", error)), str(getattr(error, "article", ""))
    reason = str(getattr(error, "reason", reason_of(type(error))))
    told: list[Message] = [_why(reason, {"article": article} if article else {})]
    if field := str(getattr(error, "field", "")) or file:
        told.append(_bad_request([FieldFault(field, sentence, reason)]))
    return _status(code, sentence, told)


def _unexpected(error: Exception) -> status_pb2.Status:
    log_id = secrets.token_hex(6)
    _log.error("unexpected", log_id=log_id, **failure(error))
    told = _why("INTERNAL", {"log_id": log_id})
    return _status(grpc.StatusCode.INTERNAL, f"系统内部错误（编号 {log_id}），请联系运维人员。", [told])


def _status(code: grpc.StatusCode, sentence: str, told: Iterable[Message]) -> status_pb2.Status:
    packed = []
    for detail in told:
        packed.append(AnyMessage())
        packed[-1].Pack(detail)
    return status_pb2.Status(code=code.value[0], message=sentence, details=packed)


def _why(reason: str, metadata: Mapping[str, str]) -> details_pb2.ErrorInfo:
    return details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=dict(metadata))


def _bad_request(faults: Iterable[FieldFault]) -> details_pb2.BadRequest:
    listed = list(faults)
    told = [_violation(fault) for fault in listed[:FAULTS_TOLD]]
    if len(listed) > FAULTS_TOLD:
        told.append(_violation(FieldFault("", f"另有 {len(listed) - FAULTS_TOLD} 处不符合要求。", "more")))
    return details_pb2.BadRequest(field_violations=told)


def _violation(fault: FieldFault) -> details_pb2.BadRequest.FieldViolation:
    reason = _NOT_OF_A_REASON.sub("_", fault.rule.upper()).strip("_")[:63]
    return details_pb2.BadRequest.FieldViolation(
        field=fault.field[:_PATH_LENGTH], description=fault.sentence, reason=reason
    )


def _retry_after(after: timedelta) -> details_pb2.RetryInfo:
    retry = details_pb2.RetryInfo()
    retry.retry_delay.FromTimedelta(after)
    return retry
