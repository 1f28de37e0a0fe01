"""Who asks, at which place, and why once: what every request says before its own part."""

import base64
import binascii
from datetime import date
from typing import Protocol
from uuid import UUID

from google.protobuf.message import Message
from onewindow.desk.v1.desk_pb2 import Place as PlaceMessage
from uuid_utils.compat import uuid7

from chassis.event_store import EVERY_STREET, IdempotencyKey, Scope
from chassis.refusals import Invalid
from chassis.rpc.identity.caller import DISTRICT, Caller, current_caller, fingerprint
from law.desk import Machine, Place, Post, WrongPlace
from law.not_allowed import WrongDesk
from services.intake.usecases.office import Asked

_OVERSEEING = frozenset({Post.SUPERVISOR.value, Post.AUDITOR.value})


class Named(Protocol):
    """What every request that changes a file has."""

    request_id: str


def asked(method: str, request: Named, place: Scope, revision: int = 0) -> Asked:
    """The caller's wish to change a file of a place."""
    caller = current_caller()
    assert isinstance(request, Message)
    cause = IdempotencyKey(caller.subject, request.request_id, fingerprint(method, request))
    return Asked(place, _actor(caller), cause, revision or None)


def reading() -> Asked:
    """The caller's wish to read what leaves a fact behind: each reading is one of its own, so it repeats none."""
    caller = current_caller()
    cause = IdempotencyKey(caller.subject, f"read:{uuid7()}", b"")
    return Asked(Scope(caller.district, caller.street), _actor(caller), cause)


def own_place() -> Scope:
    """Where the caller acts: staff at their own place, the probe at the reserved one."""
    caller = current_caller()
    if caller.system == Machine.PROBE:
        return _scope(Place.reserved(caller.district))
    return Scope(caller.district, caller.street)


def named_place(place: PlaceMessage | None, field: str = "place") -> Scope:
    """The place that a request names.

    Staff may leave it out and name no other than their own; a system must name one, and only a place it serves.
    Raises WrongDesk, WrongPlace, Invalid.
    """
    caller = current_caller()
    if place is None:
        if caller.street == EVERY_STREET and caller.system != Machine.PROBE:
            raise Invalid(fields=[(field, "系统调用应填写街道。")])
        return own_place()
    named = _scope(_place(place, field))
    if named.district != caller.district or not _serves(caller, named):
        raise WrongDesk(field)
    return named


def readable(place: PlaceMessage | None) -> Scope:
    """What the caller may look at: its place, the one a system names; every street for who oversees the district."""
    caller = current_caller()
    if caller.machine:
        return named_place(place)
    overseeing = caller.level == DISTRICT and not _OVERSEEING.isdisjoint(caller.posts)
    return Scope(caller.district, EVERY_STREET if overseeing else caller.street)


def day(text: str, field: str) -> date:
    """A day of the calendar; raises Invalid for one that no calendar has."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields=[(field, "应为真实存在的日期（YYYY-MM-DD）。")]) from error


def token_after(last: str) -> str:
    """The token of the page behind a file or an item."""
    return base64.urlsafe_b64encode(last.encode()).decode()


def told_by(token: str) -> str:
    """What `token_after` was given; raises Invalid for a token that no answer gave."""
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise Invalid(fields=[("page_token", "应为上一页返回的标记。")]) from error


def last_seen(token: str) -> UUID | None:
    """The file behind which a page begins; None for the first. Raises Invalid."""
    if not token:
        return None
    try:
        return UUID(told_by(token))
    except ValueError as error:
        raise Invalid(fields=[("page_token", "应为上一页返回的标记。")]) from error


def _actor(caller: Caller) -> str:
    return f"{caller.subject} {caller.unit}".rstrip()


def _serves(caller: Caller, named: Scope) -> bool:
    if caller.system == Machine.PROBE:
        return named == own_place()
    return caller.street in (EVERY_STREET, named.street)


def _place(told: PlaceMessage, field: str) -> Place:
    try:
        return Place(told.district, told.street)
    except WrongPlace as wrong:
        wrong.field = f"{field}.{wrong.field}"
        raise


def _scope(place: Place) -> Scope:
    return Scope(place.district, place.street)
