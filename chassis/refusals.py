"""Refusals of the chassis and the adapters on the wire; refusals of the domain are its `NotAllowed`s.

`code` names the gRPC status, `sentence` is for the clerk, the class name in upper snake case is the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

AUTHORIZATION = "authorization"
"""Header with the caller's token; named as the field of refusals that are due to the caller."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field of a request that breaks one rule: its path, the sentence for the clerk, the id of the rule.

    Without a rule of its own the field is refused for the reason of the whole refusal.
    """

    field: str
    sentence: str
    rule: str = ""


class Refusal(Exception):
    """Refusal of a call; the sentence, `metadata` and `fields` reach the caller, nothing else does."""

    code: ClassVar[str] = "INTERNAL"
    default: ClassVar[str] = "系统内部错误。"
    retry_after: ClassVar[timedelta | None] = None
    """Delay before the caller repeats the call; None when a repeat does not help."""
    field: ClassVar[str] = ""
    """Field to which the refusal always refers; empty where each raise names the fields."""

    def __init__(
        self,
        sentence: str = "",
        *,
        metadata: Mapping[str, str] | None = None,
        fields: Sequence[FieldFault | tuple[str, str]] = (),
    ) -> None:
        self.sentence = sentence or self.default
        self.metadata: Mapping[str, str] = dict(metadata or {})
        if self.field and not fields:
            fields = [(self.field, self.sentence)]
        self.fields = tuple(fault if isinstance(fault, FieldFault) else FieldFault(*fault) for fault in fields)
        super().__init__(self.sentence)


class NotFound(Refusal):
    """No such file, item or document at the caller's place."""

    code = "NOT_FOUND"
    default = "未找到所查询的内容。"


class Invalid(Refusal):
    """Fields are missing, malformed or contradict one another; each is named with its rule."""

    code = "INVALID_ARGUMENT"
    default = "填写内容不符合要求。"


class TooLarge(Refusal):
    """The content exceeds the size that one fact, material or message may have."""

    code = "INVALID_ARGUMENT"
    default = "提交的内容超过允许的大小。"


class Unauthenticated(Refusal):
    """The caller showed no token or certificate, or an invalid one; which of these is not told."""

    code = "UNAUTHENTICATED"
    default = "身份凭证无效或已过期，请重新登录。"
    field = AUTHORIZATION


class NotPermitted(Refusal):
    """The caller's posts, level or kind do not reach this call."""

    code = "PERMISSION_DENIED"
    default = "您的岗位无权进行此项操作。"
    field = AUTHORIZATION


class StaleRevision(Refusal):
    """The file moved on since the caller read it."""

    code = "ABORTED"
    default = "案卷已有更新，请刷新后再办理。"
    field = "revision"


class LostRace(Refusal):
    """The file was changed by others at each try of this change; the same request may win the next time."""

    code = "ABORTED"
    default = "多人同时办理同一案卷，请刷新后重试。"
    retry_after = timedelta(milliseconds=200)


class RequestIdReused(Refusal):
    """The request id was used before by this caller with other content."""

    code = "ALREADY_EXISTS"
    default = "同一请求编号已用于其他内容。"
    field = "request_id"


class NotYetHere(Refusal):
    """The service has not yet reached the position that the caller named."""

    code = "UNAVAILABLE"
    default = "数据正在同步，请稍后重试。"
    retry_after = timedelta(milliseconds=500)


class Away(Refusal):
    """A part this service stands on (PostgreSQL, NATS, the object store) does not answer now."""

    code = "UNAVAILABLE"
    default = "服务暂时不可用，请稍后重试。"
    retry_after = timedelta(seconds=1)


class StorageFull(Refusal):
    """No space is left where PostgreSQL or the object store writes: an outage until there is some, nobody's quota."""

    code = "UNAVAILABLE"
    default = "存储空间不足，暂时无法保存，请稍后再试，并告知运维人员。"
    retry_after = timedelta(seconds=10)


class TooManyCalls(Refusal):
    """The caller calls more often than an open method allows."""

    code = "RESOURCE_EXHAUSTED"
    default = "查询过于频繁，请稍后再试。"
    retry_after = timedelta(seconds=10)


class Overloaded(Refusal):
    """All places for calls, or all places for streams, are taken at this moment."""

    code = "RESOURCE_EXHAUSTED"
    default = "当前办理量过大，请稍后再试。"
    retry_after = timedelta(seconds=1)


class TooManyStreams(Refusal):
    """The caller has as many streams open as one caller may have."""

    code = "RESOURCE_EXHAUSTED"
    default = "您同时打开的连续传输过多，请先关闭一部分。"
    retry_after = timedelta(seconds=5)


class OutOfTime(Refusal):
    """Less time is left until the caller's deadline than meaningful work takes."""

    code = "DEADLINE_EXCEEDED"
    default = "剩余时间不足，未予办理，请重试。"
    retry_after = timedelta(milliseconds=200)


class StreamEnded(Refusal):
    """A stream of answers reached the longest time that one is open; its client opens another."""

    code = "UNAVAILABLE"
    default = "本次连续传输已到时限，请重新打开。"
    retry_after = timedelta(milliseconds=100)


class Leaving(Refusal):
    """The process is being stopped, and the call could not end before it; another replica answers."""

    code = "UNAVAILABLE"
    default = "服务正在更新，请稍后重试。"
    retry_after = timedelta(milliseconds=500)


class UnknownMethod(Refusal):
    """The service has no method of this name: the client is of another release, or calls another service."""

    code = "UNIMPLEMENTED"
    default = "没有这个接口，请核对服务地址和版本。"
