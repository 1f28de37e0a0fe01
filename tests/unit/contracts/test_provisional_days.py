"""Wherever the contracts tell a last day, they tell whether it is provisional. (暂定)"""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import onewindow
from google.protobuf.descriptor import Descriptor, FieldDescriptor

_LAST_DAY = re.compile(r"(.*_)?due_on|.*expected_end_on|supply_by|deliver_by")
_FIRM_OR_NAMED = {
    "onewindow.approval.v1.CardIssued": "a card by a provisional day waits until no notice can move that day",
    "onewindow.approval.v1.ProcedureOverdue": "the day is past, as it was told before",
    "onewindow.approval.v1.SupervisionOrdered": "a supervisor names the day",
    "onewindow.approval.v1.IssueSupervisionOrderRequest": "a supervisor names the day",
    "onewindow.approval.v1.PauseRequest": "a reviewer names the day",
    "onewindow.intake.v1.CorrectionLapsed": "nothing lapses by a provisional day",
}
"""Messages without the field, each with the reason."""


def _messages() -> Iterator[Descriptor]:
    for root in map(Path, onewindow.__path__):
        for path in sorted(root.rglob("*_pb2.py")):
            module = import_module(".".join(("onewindow", *path.relative_to(root).with_suffix("").parts)))
            for message in module.DESCRIPTOR.message_types_by_name.values():
                yield from _with_nested(message)


def _with_nested(message: Descriptor) -> Iterator[Descriptor]:
    yield message
    for nested in message.nested_types:
        yield from _with_nested(nested)


def _tells_a_last_day(message: Descriptor) -> bool:
    return any(
        field.type == FieldDescriptor.TYPE_STRING and _LAST_DAY.fullmatch(field.name) for field in message.fields
    )


def test_every_message_with_a_last_day_says_whether_it_is_provisional() -> None:
    telling = {message.full_name: message for message in _messages() if _tells_a_last_day(message)}
    silent = {name for name, message in telling.items() if "provisional" not in message.fields_by_name}
    assert len(telling) > len(silent) + 15
    assert silent == _FIRM_OR_NAMED.keys()


def test_every_message_that_lists_moved_days_says_whether_they_may_move_again() -> None:
    listing = [
        message
        for message in _messages()
        if any(field.message_type and field.message_type.name == "MovedDate" for field in message.fields)
    ]
    silent = [message.full_name for message in listing if not {"provisional", "term"} & {*message.fields_by_name}]
    assert len(listing) >= 4
    assert silent == []
