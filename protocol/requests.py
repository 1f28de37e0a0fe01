"""Requests of every service: the caller and its scope, the key under which a call is done once, page tokens, days."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from google.protobuf.message import Message
from onewindow.desk.v1.desk_pb2 import Actor as ActorMessage

from chassis.event_store import IdempotencyKey
from chassis.refusals import Invalid
from chassis.rpc.identity.caller import DISTRICT, Caller, current_caller, fingerprint
from chassis.scope import EVERY_STREET, Scope
from law.desk import Actor, Place, Post

PAGE_TOKEN = "page_token"
"""The field of a list call that continues it. (AIP-158)"""
PAGE_BYTES = 3 * 1024 * 1024
"""Bytes of the rows of one page: clients take answers of 4 MiB where nobody has set another limit."""
_ENTRY_BYTES = 8
"""Bytes of the tag and the length of a row, at most."""

Row = TypeVar("Row")
Listed = TypeVar("Listed", bound=Message)

UUID_FORM = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Form of the id of a file within the key of a page token."""
ITEM_CODE_FORM = "[0-9A-Z]{31}"
"""Form of the code of an item within the key of a page token."""

_OFFICE = "office"
_KINDS = frozenset({"staff", "machine"})
_OVERSEEING = frozenset({Post.SUPERVISOR.value, Post.AUDITOR.value})


class WithRequestId(Protocol):
    """A request that changes something and may be repeated under its id."""

    request_id: str


def idempotency_key(method: str, request: WithRequestId) -> IdempotencyKey:
    """The key of the current call: caller, request id, and a digest of all that was requested."""
    assert isinstance(request, Message)
    return IdempotencyKey(current_caller().whole_name, request.request_id, fingerprint(method, request))


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
        posts=frozenset(Post(post) for post in caller.posts if post in Post.__members__),
        lines=None if caller.lines is None else frozenset(caller.lines),
        place=Place(caller.district, caller.street),
    )


def actor_line(caller: Caller) -> str:
    """Whole name and unit in one text, as stored beside a fact."""
    return f"{caller.whole_name} {caller.unit}".rstrip()


def actor_message(line: str) -> ActorMessage:
    """The actor of an event by the line beside its fact: number and unit, and the whole name for the audit.

    Loops have names of their own; a sweep is the office. Facts of releases up to 0.2 have a number in the place of the
    whole name.
    """
    name, _, unit = line.partition(" ")
    if name.startswith("sweep:"):
        return ActorMessage(staff_no=_OFFICE, unit=unit)
    kind, _, rest = name.partition("/")
    number = rest.partition("/")[2] if kind in _KINDS else name
    return ActorMessage(staff_no=number, unit=unit, caller=name if kind in _KINDS else "")


def civil_day(text: str, field: str) -> date:
    """A date of a request, YYYY-MM-DD. Raises Invalid for a day that no calendar has."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields=[(field, "应为真实存在的日期（YYYY-MM-DD）。")]) from error


def page_that_fits(
    rows: Sequence[Row], size: int, message: Callable[[Row], Listed], key: Callable[[Row], bytes]
) -> tuple[list[Listed], str]:
    """The messages of a page, as many as a client takes, and the token behind the last where more may follow."""
    page: list[Listed] = []
    room = PAGE_BYTES
    for row in rows:
        listed = message(row)
        room -= listed.ByteSize() + _ENTRY_BYTES
        if room < 0 and page:
            break
        page.append(listed)
    more = page and (len(page) < len(rows) or len(rows) == size)
    return page, encode_page_token(key(rows[len(page) - 1])) if more else ""


def encode_page_token(key: bytes) -> str:
    """The token that leads to the rows after `key`."""
    return base64.urlsafe_b64encode(key).decode("ascii")


def decode_page_token(token: str, form: str) -> bytes:
    """The key that a token was made from; the `form` of a method's keys, a pattern, fits those of no other method.

    Raises Invalid for a token that no answer gave, or that another method gave: rows would be left out in silence.
    """
    try:
        key = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid_page_token() from error
    if encode_page_token(key) != token or re.fullmatch(form.encode(), key, re.DOTALL) is None:
        raise invalid_page_token()
    return key


def invalid_page_token() -> Invalid:
    """The refusal of a token whose key cannot be read."""
    return Invalid(fields=[(PAGE_TOKEN, "应为上一页返回的标记。")])
