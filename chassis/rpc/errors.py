"""Conversion of exceptions to google.rpc.Status with ErrorInfo, BadRequest, RetryInfo; the only place that does it.

An unexpected exception becomes INTERNAL with a log id; its text stays in the log.

Example: AlreadyExtended of the domain becomes FAILED_PRECONDITION with reason ALREADY_EXTENDED, its Chinese
sentence as message and its article as metadata; Away becomes UNAVAILABLE with RetryInfo. A field named by
the domain is written into BadRequest with the path at which the request has it.
"""

import errno
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import asyncpg
import grpc
import structlog
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc import error_details_pb2 as details_pb2
from google.rpc import status_pb2

from chassis.refusals import Away, FieldFault, Invalid, LostRace, Overloaded, Refusal, StorageFull
from chassis.telemetry.logs import failure

DOMAIN = "onewindow"
MOST_FAULTS = 20
"""Field violations in one answer: with more, the trailer would exceed the size that clients accept."""

_OF_THE_REQUEST = frozenset(
    {"INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "PERMISSION_DENIED", "ABORTED"}
)
"""Codes that refuse this very request, rather than every request or the present moment."""
_PATH_LENGTH = 120
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_OF_A_REASON = re.compile(r"[^A-Z0-9]+")
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, crashed, starting up, statement cancelled by its limit
    asyncpg.ReadOnlySQLTransactionError,  # this server is no longer the primary
    asyncpg.InvalidTransactionStateError,
    asyncpg.InvalidAuthorizationSpecificationError,  # a password is being rotated
    asyncpg.InternalClientError,  # the server has gone, and the driver has not closed the connection yet
    ConnectionError,
    TimeoutError,
)
_CROWDED = (asyncpg.InsufficientResourcesError,)
"""No connection or no memory is left at the server; a full disk is of this family too, and is asked for before."""
_RACED = (asyncpg.TransactionRollbackError,)
_UNWRITABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
_log = structlog.get_logger(__name__)


class ErrorMap:
    """Status of each named exception of a service, by its nearest class; a Refusal has its own.

    A named exception may carry `reason`, `sentence`, `article`, `field` and the `rule` that the field breaks. One
    without a field refers to the file of the request: `files` are the paths by which requests name a file, and the
    first one that the request fills is given.
    """

    def __init__(self, codes: Mapping[type[Exception], str] | None = None, files: Sequence[str] = ()) -> None:
        self._codes = {kind: grpc.StatusCode[code] for kind, code in (codes or {}).items()}
        self._files = tuple(files)

    @property
    def codes(self) -> frozenset[str]:
        """Names of all codes that refusals of the service have: those of its table, and of every Refusal it knows."""
        return frozenset({*(code.name for code in self._codes.values()), *(kind.code for kind in _kinds(Refusal))})

    def status(self, error: Exception, request: object = None) -> status_pb2.Status:
        """Status for `error`, which `request` led to; an unexpected error is logged under an id."""
        code = next((self._codes[kind] for kind in type(error).__mro__ if kind in self._codes), None)
        if code is not None:
            return _named(error, code, self._file(request))
        refusal = error if isinstance(error, Refusal) else as_refusal(error)
        return _refused(refusal, self._file(request)) if refusal is not None else _unexpected(error)

    def _file(self, request: object) -> str:
        return next((path for path in self._files if filled(request, path)), "")


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


def filled(request: object, path: str) -> bool:
    """True when a request has a non-empty field at this path (names between dots)."""
    for name in path.split("."):
        if not isinstance(request, Message) or name not in request.DESCRIPTOR.fields_by_name:
            return False
        request = getattr(request, name)
    return bool(request)


def reason_of(kind: type[Exception]) -> str:
    """Class name in upper snake case: AlreadyExtended is ALREADY_EXTENDED."""
    return _WORD_STARTS.sub("_", kind.__name__).upper()


def as_refusal(error: Exception) -> Refusal | None:
    """Refusal for an outage, a full disk, a lost race or an unwritable text; None for any other error."""
    if isinstance(error, asyncpg.DiskFullError) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        return StorageFull()
    if isinstance(error, _AWAY) or _is_closed(error) or _is_socket(error):
        return Away()
    if isinstance(error, _CROWDED):
        return Overloaded(Away.default)
    if isinstance(error, _RACED):
        return LostRace()
    if isinstance(error, _UNWRITABLE):
        return Invalid("文字中含有无法保存的字符。")
    return None


def _is_closed(error: Exception) -> bool:
    """True when a connection or pool is closed; the driver uses the same class for its misuse, so the words decide."""
    return isinstance(error, asyncpg.InterfaceError) and ("closed" in str(error) or "closing" in str(error))


def _is_socket(error: Exception) -> bool:
    """True when the error is one of a socket, which names no file; a stopped server's missing socket is one."""
    return isinstance(error, OSError) and error.filename is None


def _refused(refusal: Refusal, file: str) -> status_pb2.Status:
    reason = reason_of(type(refusal))
    details: list[Message] = [_error_info(reason, refusal.metadata)]
    fields = refusal.fields
    if not fields and file and refusal.code in _OF_THE_REQUEST:
        fields = (FieldFault(file, refusal.sentence),)
    if fields:
        details.append(_bad_request(replace(each, rule=each.rule or reason) for each in fields))
    if refusal.retry_after is not None:
        details.append(_retry_after(refusal.retry_after))
    return _status(grpc.StatusCode[refusal.code], refusal.sentence, details)


def _named(error: Exception, code: grpc.StatusCode, file: str) -> status_pb2.Status:
    sentence, article = str(getattr(error, "sentence", error)), str(getattr(error, "article", ""))
    reason = str(getattr(error, "reason", reason_of(type(error))))
    details: list[Message] = [_error_info(reason, {"article": article} if article else {})]
    if field := str(getattr(error, "field", "")) or file:
        details.append(_bad_request([FieldFault(field, sentence, str(getattr(error, "rule", reason)))]))
    return _status(code, sentence, details)


def _unexpected(error: Exception) -> status_pb2.Status:
    log_id = secrets.token_hex(6)
    _log.error("unexpected", log_id=log_id, **failure(error))
    error_info = _error_info("INTERNAL", {"log_id": log_id})
    return _status(grpc.StatusCode.INTERNAL, f"系统内部错误（编号 {log_id}），请联系运维人员。", [error_info])


def _status(code: grpc.StatusCode, sentence: str, details: Iterable[Message]) -> status_pb2.Status:
    packed = []
    for detail in details:
        packed.append(AnyMessage())
        packed[-1].Pack(detail)
    return status_pb2.Status(code=code.value[0], message=sentence, details=packed)


def _error_info(reason: str, metadata: Mapping[str, str]) -> details_pb2.ErrorInfo:
    return details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=dict(metadata))


def _bad_request(faults: Iterable[FieldFault]) -> details_pb2.BadRequest:
    listed = list(faults)
    violations = [_violation(fault) for fault in listed[:MOST_FAULTS]]
    if len(listed) > MOST_FAULTS:
        violations.append(_violation(FieldFault("", f"另有 {len(listed) - MOST_FAULTS} 处不符合要求。", "more")))
    return details_pb2.BadRequest(field_violations=violations)


def _violation(fault: FieldFault) -> details_pb2.BadRequest.FieldViolation:
    reason = _NOT_OF_A_REASON.sub("_", fault.rule.upper()).strip("_")[:63]
    return details_pb2.BadRequest.FieldViolation(
        field=fault.field[:_PATH_LENGTH], description=fault.sentence, reason=reason
    )


def _retry_after(after: timedelta) -> details_pb2.RetryInfo:
    retry = details_pb2.RetryInfo()
    retry.retry_delay.FromTimedelta(after)
    return retry
