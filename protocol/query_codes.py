"""Query codes shown by systems that act for residents: each matter they read or change is proved by its own."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Self

from google.protobuf.message import Message

from chassis.refusals import Invalid, NotFound
from chassis.rpc.identity.caller import Caller, caller_or_network
from chassis.rpc.limits import RateLimit
from chassis.settings.service import EdgeSettings
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


@dataclass(frozen=True, slots=True)
class WrongCodes:
    """Limits of wrong query codes: few by one caller on one matter, more by all callers together on that matter.

    A stranger who guesses spends their own share, so that the holder of the code is not locked out with them; many
    strangers together guess no faster than the matter's limit. (ADR 0061 has the figures)
    """

    by_caller: RateLimit
    by_all: RateLimit

    @classmethod
    def limited(cls, settings: EdgeSettings) -> Self:
        """The limits as they are set; each process counts for itself."""
        by_all = RateLimit(settings.wrong_codes_matter_per_minute, settings.wrong_codes_matter_burst)
        return cls(RateLimit(settings.wrong_codes_per_minute, settings.wrong_codes_burst), by_all)

    def prove(self, matter: Hashable, is_right: Callable[[], bool]) -> bool:
        """What `is_right` says of a code of the current caller; a wrong one counts. Raises TooManyCalls.

        `is_right` compares and awaits nothing, so that no other call comes between the limit and the count.
        """
        own = (caller_or_network(), matter)
        self.by_caller.require(own)
        self.by_all.require(matter)
        if is_right():
            return True
        self.by_caller.count(own)
        self.by_all.count(matter)
        return False


def require_code(shown: str, is_right: Callable[[], bool], matter: Hashable, wrong_codes: WrongCodes) -> None:
    """Passes the code of a matter, as `is_right` compares it.

    Raises QueryCodeMissing, WrongQueryCode, and TooManyCalls after many wrong ones.
    """
    if not shown:
        raise QueryCodeMissing
    if not wrong_codes.prove(matter, is_right):
        raise WrongQueryCode
