"""Differences between an item and the one in force, field by field, in an editor's words."""

from onewindow.catalogue.v1.catalogue_pb2 import Item

from catalogue.check import load
from catalogue.wire import item_message
from cli.catalogue.catalogue import differences
from tests.unit.catalogue.shelf import ITEMS, SMALL_AID


def running(**changes: object) -> tuple[Item, Item]:
    """The item as its file states it, and as it is in force."""
    (item,) = load(ITEMS / SMALL_AID)
    known = item_message(item)
    known.MergeFrom(Item(version=4, **changes))  # type: ignore[arg-type] # fields by name
    return item_message(item), known


def test_an_item_that_is_in_force_as_written_changes_nothing() -> None:
    wanted, known = running()
    assert list(differences([wanted], {known.code: known})) == []


def test_a_field_that_differs_is_told_by_its_title_with_both_values() -> None:
    wanted, known = running(result_name="旧结果名称")
    (line,) = differences([wanted], {known.code: known})
    assert line.startswith(f"{wanted.name}（{wanted.code}）第 4 版：")
    assert f"旧结果名称 改为 {wanted.result_name or '无'}" in line


def test_an_item_that_is_not_in_force_is_new() -> None:
    wanted, _ = running()
    assert list(differences([wanted], {})) == [f"{wanted.name}（{wanted.code}）：新事项"]
