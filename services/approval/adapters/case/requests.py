"""Requests read into calls, scopes and desks."""

import json
from datetime import date
from typing import Protocol
from uuid import UUID

from onewindow.approval.v1.approval_service_pb2 import PauseRequest

from chassis.event_store import FileKey
from chassis.rpc.identity.caller import DISTRICT, Caller, current_caller
from protocol.requests import (
    UUID_FORM,
    actor_of,
    civil_day,
    decode_page_token,
    idempotency_key,
    invalid_page_token,
    oversees,
    own_scope,
    readable_scope,
)
from services.approval.domain.case.facts import Leg, SpecialProcedure
from services.approval.domain.case.item import Line, StepPost
from services.approval.domain.case.pause import PauseTerm
from services.approval.ports import WaitingStep, WorklistDesk, WorklistPage
from services.approval.usecases.case import CaseCall

_DEFAULT_PAGE = 50
_KEY = rf'\["[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}", "{UUID_FORM}"\]'
"""Key of a page: the due day and the id of its last case, as JSON."""
_STEP_POSTS = {"REVIEWER": StepPost.REVIEWER, "HEAD": StepPost.HEAD}
_NONE = (0,)
"""Number of no post and of no line: a desk with it has an empty worklist."""
_BEFORE_ALL = (date.min, UUID(int=0))


class CaseRequest(Protocol):
    """Fields of every request that changes a case."""

    request_id: str
    case_id: str
    revision: int
    after: str


def case_call(method: str, request: CaseRequest) -> CaseCall:
    """The call of the current caller on a case of its own place."""
    caller = current_caller()
    key = FileKey(caller.district, caller.street, UUID(request.case_id))
    return CaseCall(key, idempotency_key(method, request), actor_of(caller), request.revision, request.after)


def pause_of(request: PauseRequest, call: CaseCall) -> PauseTerm:
    """The order of a special procedure, without the digest of its reason. Raises Invalid."""
    return PauseTerm(
        call.actor,
        SpecialProcedure(request.procedure) if request.procedure else None,
        request.expected_days,
        "",
        kind=request.kind,
        first_on=day_of(request.first_on, "first_on"),
        expected_end_on=day_of(request.expected_end_on, "expected_end_on"),
        last_on=day_of(request.last_on, "last_on"),
    )


def day_of(text: str, field: str) -> date | None:
    """A day of a request; None where it names none. Raises Invalid."""
    return civil_day(text, field) if text else None


def leg_of(caller: Caller) -> Leg:
    """The leg that a caller of this level means by a number."""
    return Leg.DISTRICT if caller.level == DISTRICT else Leg.STREET


def worklist_desk(caller: Caller, post: str, *, mine: bool) -> WorklistDesk:
    """The desk of a worklist: `post`, or all posts of the caller when empty; supervisors and auditors see all.

    What the caller holds is at its own place: a number alone names another person elsewhere.
    """
    held = set(_STEP_POSTS) if oversees(caller) else set(_STEP_POSTS) & caller.posts
    requested = held & {post} if post else held
    posts = tuple(sorted(_STEP_POSTS[name] for name in requested)) or _NONE
    lines: tuple[int, ...] = ()
    if caller.lines is not None:
        lines = tuple(Line[name] for name in caller.lines if name in Line.__members__) or _NONE
    scope, holder = (own_scope(caller), caller.subject) if mine else (readable_scope(caller), "")
    return WorklistDesk(scope, posts, lines, holder)


def worklist_page(size: int, token: str) -> WorklistPage:
    """The page of a worklist. Raises Invalid for a token that no answer gave."""
    return WorklistPage(size or _DEFAULT_PAGE, *(_key_in(token) if token else _BEFORE_ALL))


def key_behind(row: WaitingStep) -> bytes:
    """Key of the page behind a row."""
    return json.dumps([row.promised_due_on.isoformat(), str(row.case_id)]).encode()


def _key_in(token: str) -> tuple[date, UUID]:
    try:
        due_on, case_id = json.loads(decode_page_token(token, _KEY))
        return date.fromisoformat(due_on), UUID(case_id)
    except ValueError as error:
        raise invalid_page_token() from error
