"""Differences between items in a file and those in force, item by item."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict
from onewindow.catalogue.v1.catalogue_pb2 import Item

from catalogue.check.schema import titles
from cli.catalogue.publication import configurator, items_in_force

_LONGEST = 60
_GIVEN = "version"
"""The field that the catalogue gives, and no file states."""


async def compared(wanted: Sequence[Item]) -> list[str]:
    """A line for each item that would change, none where all is equal. Raises CommandError, StackError, CallFailed."""
    async with configurator() as client:
        return list(differences(wanted, await items_in_force(client)))


def differences(wanted: Sequence[Item], running: Mapping[str, Item]) -> Iterator[str]:
    """A line for each item that differs from the version in force today."""
    for item in wanted:
        known = running.get(item.code)
        if known is None:
            yield f"{item.name}（{item.code}）：新事项"
        elif parts := list(_parts(_fields(known), _fields(item))):
            yield f"{item.name}（{item.code}）第 {known.version} 版：{'；'.join(parts)}"


def _parts(now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[str]:
    named = titles("item")
    for field in sorted(now.keys() | then.keys()):
        if now.get(field) != then.get(field):
            yield f"{named.get(field, field)} {_said(now.get(field))} 改为 {_said(then.get(field))}"


def _fields(item: Item) -> dict[str, Any]:
    fields = MessageToDict(item, preserving_proto_field_name=True)
    fields.pop(_GIVEN, None)
    return fields


def _said(value: object) -> str:
    if value is None:
        return "无"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
