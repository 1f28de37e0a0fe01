"""Calls: the command context and the place of a request, the path of a refused field, the head of every answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import Message
from onewindow.desk.v1.desk_pb2 import Place as PlaceMessage
from uuid_utils.compat import uuid7

from chassis.event_store import EVERY_STREET, Changed, IdempotencyKey, Scope
from chassis.refusals import Invalid, NotFound, Refusal
from chassis.rpc.identity.caller import Caller, current_caller
from law.desk import Machine, Place, WrongPlace
from law.not_allowed import NotAllowed, WrongDesk
from protocol.query_codes import QueryCodeMissing, shown_code
from protocol.requests import WithRequestId, actor_line, idempotency_key, own_scope, readable_scope
from services.intake.usecases.office import CommandContext

GrpcContext: TypeAlias = Any  # no servicer uses it
Answer = TypeVar("Answer", bound=Message)
State = TypeVar("State")


def command(method: str, request: WithRequestId, place: Scope, revision: int = 0) -> CommandContext:
    """Context of a call that changes a file of a place."""
    caller = current_caller()
    assert isinstance(request, Message)
    return CommandContext(
        place,
        actor_line(caller),
        idempotency_key(method, request),
        revision or None,
        lines=None if caller.lines is None else frozenset(caller.lines),
        portal=caller.system == Machine.PORTAL,
        query_code=shown_code(caller, request),
    )


def reading() -> CommandContext:
    """Context of a reading that leaves a fact: each has a key of its own, so it repeats none."""
    caller = current_caller()
    cause = IdempotencyKey(caller.whole_name, f"read:{uuid7()}", b"")
    return CommandContext(own_scope(caller), actor_line(caller), cause)


def own_place() -> Scope:
    """Place at which the caller acts: staff at their own, the probe at the reserved one."""
    caller = current_caller()
    if caller.system == Machine.PROBE:
        return _scope(Place.reserved(caller.district))
    return own_scope(caller)


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


def place_of(request: Any, field: str = "place") -> Scope:  # noqa: ANN401 # each message has a field `place`
    """The place of a request that may leave it out; raises WrongDesk, WrongPlace, Invalid."""
    return named_place(request.place if request.HasField("place") else None, field)


def hall_of(request: Any) -> Scope:  # noqa: ANN401 # each message has a field `place`
    """The hall whose numbers a call reads: of the caller's street; overseers of the district name any street.

    Raises WrongDesk, WrongPlace, Invalid.
    """
    caller = current_caller()
    if caller.machine or readable_scope(caller).street != EVERY_STREET or not request.HasField("place"):
        return place_of(request)
    named = _place(request.place, "place")
    if named.district != caller.district or named.synthetic:
        raise WrongDesk("place")
    return _scope(named)


def readable(place: PlaceMessage | None) -> Scope:
    """Places that the caller may read: a system the one it names, staff their own, overseers the whole district."""
    caller = current_caller()
    return named_place(place) if caller.machine else readable_scope(caller)


@contextmanager
def fields_below(path: str, *further: type[Refusal]) -> Iterator[None]:
    """Puts the path of the request before the field that a refusal names: `window` becomes `submission.window`.

    `further` are other refusals whose fields are below it.
    """
    try:
        yield
    except NotAllowed as refused:
        if refused.field:
            refused.field = f"{path}.{refused.field}"
        raise
    except Refusal as refused:
        if isinstance(refused, (NotFound, QueryCodeMissing, *further)):
            refused.fields = tuple([replace(fault, field=f"{path}.{fault.field}") for fault in refused.fields])
        raise


def positioned(answer: Answer, changed: Changed[State]) -> Answer:
    """The answer with the revision and the position that every change has."""
    answer.MergeFrom(type(answer)(revision=changed.revision, position=changed.position))
    return answer


def _serves(caller: Caller, named: Scope) -> bool:
    if caller.system == Machine.PROBE or Place(named.district, named.street).synthetic:
        return caller.system == Machine.PROBE and named == own_place()
    return caller.street in (EVERY_STREET, named.street)


def _place(message: PlaceMessage, field: str) -> Place:
    try:
        return Place(message.district, message.street)
    except WrongPlace as wrong:
        wrong.field = f"{field}.{wrong.field}"
        raise


def _scope(place: Place) -> Scope:
    return Scope(place.district, place.street)
