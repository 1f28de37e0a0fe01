"""Who asks, for which file, and why once: what every request says before its own part."""

import base64
import binascii
import json
from datetime import date
from typing import Protocol
from uuid import UUID

from google.protobuf.message import Message

from chassis.event_store import EVERY_STREET, FileKey, IdempotencyKey, Scope
from chassis.refusals import Invalid
from chassis.rpc.identity.caller import DISTRICT, Caller, current_caller, fingerprint
from law.desk import Actor, Place, Post
from services.approval.domain.words import Leg, Line, StepPost
from services.approval.ports import Desk, Page
from services.approval.usecases.changing import Call

DEFAULT_PAGE = 50
_OVERSEEING = frozenset({Post.SUPERVISOR.value, Post.AUDITOR.value})
_STEP_POSTS = {"REVIEWER": StepPost.REVIEWER, "HEAD": StepPost.HEAD}
_FIRST = (date.min, UUID(int=0))


class Changing(Protocol):
    """What every request that changes a case has."""

    request_id: str
    case_id: str
    revision: int


def call_of(method: str, request: Changing) -> Call:
    """The caller's wish to change a case of its own place."""
    caller = current_caller()
    assert isinstance(request, Message)
    cause = IdempotencyKey(caller.subject, request.request_id, fingerprint(method, request))
    key = FileKey(caller.district, caller.street, UUID(request.case_id))
    return Call(key, cause, actor_of(caller), request.revision)


def actor_of(caller: Caller) -> Actor:
    """The caller as the acts know it."""
    return Actor(
        staff_no=caller.subject,
        unit=caller.unit,
        posts=frozenset(Post(post) for post in caller.posts),
        lines=frozenset(caller.lines),
        place=Place(caller.district, caller.street),
    )


def scope_of(caller: Caller) -> Scope:
    """What the caller may look at: its place; every street for who oversees the district."""
    overseeing = caller.level == DISTRICT and not _OVERSEEING.isdisjoint(caller.posts)
    return Scope(caller.district, EVERY_STREET if overseeing else caller.street)


def leg_of(caller: Caller) -> Leg:
    """The leg that a caller of this level means by a number."""
    return Leg.DISTRICT if caller.level == DISTRICT else Leg.STREET


def desk_of(caller: Caller, post: str, *, mine: bool) -> Desk:
    """The desk whose worklist is asked for; who oversees sees every post. `post` empty means all of the caller's."""
    overseeing = not _OVERSEEING.isdisjoint(caller.posts)
    held = set(_STEP_POSTS) if overseeing else set(_STEP_POSTS) & caller.posts
    asked = held & {post} if post else held
    posts = tuple(sorted(_STEP_POSTS[name] for name in asked)) or (0,)  # none of one's own posts: an empty list
    lines = tuple(Line[name] for name in caller.lines if name in Line.__members__)
    return Desk(scope_of(caller), posts, lines, caller.subject if mine else "")  # type: ignore[arg-type] # 0 is no post


def page_of(size: int, token: str) -> Page:
    """Which page is asked for; raises Invalid for a token that no answer gave."""
    return Page(size or DEFAULT_PAGE, *(_read(token) if token else _FIRST))


def token_after(due_on: date, case_id: UUID) -> str:
    """The token of the page behind a row."""
    return base64.urlsafe_b64encode(json.dumps([due_on.isoformat(), str(case_id)]).encode()).decode()


def day(text: str, field: str) -> date:
    """A day of the calendar; raises Invalid for one that no calendar has."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields=[(field, "应为真实存在的日期（YYYY-MM-DD）。")]) from error


def _read(token: str) -> tuple[date, UUID]:
    try:
        due_on, case_id = json.loads(base64.urlsafe_b64decode(token))
        return date.fromisoformat(due_on), UUID(case_id)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise Invalid(fields=[("page_token", "应为上一页返回的标记。")]) from error
