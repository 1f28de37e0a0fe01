"""Callers as the acts know them: their place, what they may read, and the key under which a call is done once."""

from datetime import date
from typing import Protocol

from google.protobuf.message import Message

from chassis.event_store import IdempotencyKey
from chassis.refusals import Invalid
from chassis.rpc.identity.caller import DISTRICT, Caller, current_caller, fingerprint
from chassis.scope import EVERY_STREET, Scope
from law.desk import Actor, Place, Post

_OVERSEEING = frozenset({Post.SUPERVISOR.value, Post.AUDITOR.value})


class WithRequestId(Protocol):
    """A request that changes something and may be repeated under its id."""

    request_id: str


def idempotency_key(method: str, request: WithRequestId) -> IdempotencyKey:
    """The key of the current call: caller, request id, and a digest of all that was requested."""
    assert isinstance(request, Message)
    return IdempotencyKey(current_caller().subject, request.request_id, fingerprint(method, request))


def oversees(caller: Caller) -> bool:
    """True for supervisors and auditors, who read every post's work."""
    return not _OVERSEEING.isdisjoint(caller.posts)


def own_scope(caller: Caller) -> Scope:
    """The caller's own place."""
    return Scope(caller.district, caller.street)


def readable_scope(caller: Caller) -> Scope:
    """The places a member of staff may read: the own one; every street for those who oversee the district."""
    everywhere = caller.level == DISTRICT and oversees(caller)
    return Scope(caller.district, EVERY_STREET if everywhere else caller.street)


def actor_of(caller: Caller) -> Actor:
    """The caller as acts and facts know it."""
    return Actor(
        staff_no=caller.subject,
        unit=caller.unit,
        posts=frozenset(Post(post) for post in caller.posts),
        lines=frozenset(caller.lines),
        place=Place(caller.district, caller.street),
    )


def actor_line(caller: Caller) -> str:
    """Staff number and unit in one text, as stored beside a fact."""
    return f"{caller.subject} {caller.unit}".rstrip()


def civil_day(text: str, field: str) -> date:
    """A date of a request, YYYY-MM-DD. Raises Invalid for a day that no calendar has."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields=[(field, "应为真实存在的日期（YYYY-MM-DD）。")]) from error
