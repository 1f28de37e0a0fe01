"""Query codes shown by systems that act for residents: each matter they read or change is proved by its own."""

from collections.abc import Callable, Hashable

from google.protobuf.message import Message

from chassis.refusals import Invalid, NotFound
from chassis.rpc.identity.caller import Caller
from chassis.rpc.limits import RateLimit
from law.desk import Machine

FIELD = "query_code"


class WrongQueryCode(NotFound):
    """No such matter, or not this code: which of the two is not told."""

    default = "未找到该申请，或查询码不正确。"
    field = FIELD


class QueryCodeMissing(Invalid):
    """A system that acts for a resident shows the code of the matter."""

    default = "代申请人办理应填写查询码。"
    field = FIELD


def shown_code(caller: Caller, request: Message) -> str | None:
    """The code that a system shows for a resident, empty without one; None for callers of whom none is asked."""
    if caller.system != Machine.PORTAL or FIELD not in request.DESCRIPTOR.fields_by_name:
        return None
    code: str = getattr(request, FIELD)
    return code


def require_code(shown: str, is_right: Callable[[], bool], matter: Hashable, wrong_codes: RateLimit) -> None:
    """Passes the code of a matter; `is_right` compares it, and is not asked beyond the limit.

    Raises QueryCodeMissing, WrongQueryCode, and TooManyCalls after many wrong ones.
    """
    if not shown:
        raise QueryCodeMissing
    wrong_codes.require(matter)
    if not is_right():
        wrong_codes.count(matter)
        raise WrongQueryCode
