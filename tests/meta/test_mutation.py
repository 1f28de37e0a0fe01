"""The measure of mutation testing: functions under decorators are changed too, and every room is known."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from tools.measures.mutable_copy import undecorated
from tools.measures.mutation import ROOMS, ROOT

SOURCE = '''
from functools import cache
from law.not_allowed import rule

@cache
def doubled(number: int, *, more: int = 0) -> int:
    """Twice the number."""
    return 2 * number + more

class Box:
    def __init__(self, side: int) -> None:
        self.side = side

    @property
    def area(self) -> int:
        """The area."""
        return self.side * self.side  # a square

    @classmethod
    def of(cls, side: int) -> "Box":
        return cls(side)

@rule("行政许可法 42")
def even(numbers: list[int]):
    """Numbers that are even."""
    for number in numbers:
        if number % 2 == 0:
            yield number
'''


def loaded(source: str) -> ModuleType:
    """A module of the source."""
    module = ModuleType("source")
    exec(compile(source, "source", "exec"), module.__dict__)
    return module


CALLS: dict[str, Callable[[Any], object]] = {
    "a cache": lambda module: module.doubled(3, more=1),
    "what a cache remembers": lambda module: (module.doubled(3), module.doubled(3), module.doubled.cache_info().hits)[
        2
    ],
    "a property": lambda module: module.Box(3).area,
    "a class method": lambda module: module.Box.of(3).area,
    "a rule": lambda module: list(module.even([1, 2, 4])),
    "the article of a rule": lambda module: module.even.article,
    "the words of a rule": lambda module: module.even.__doc__,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_copy_without_decorators_does_what_the_source_does(call: Callable[[Any], object]) -> None:
    assert call(loaded(undecorated(SOURCE))) == call(loaded(SOURCE))


def test_what_stood_under_a_decorator_stands_in_a_function_without_one() -> None:
    module = loaded(undecorated(SOURCE))
    assert module.doubled_undecorated(3, more=0) == 6  # defaults are of the function under the decorator
    assert module.Box(3).area_undecorated() == 9
    assert list(module.even_undecorated([1, 2])) == [2]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_each_room_has_modules_and_tests(room: Any) -> None:
    assert all(list(ROOT.glob(pattern)) for pattern in room.changed)
    assert list((ROOT / "tests/unit" / room.name).glob("test_*.py"))


@pytest.mark.parametrize(
    ("mutant", "room"),
    [
        ("law.lamp*", "law"),
        ("law.*[37]", "law"),
        ("services.approval.*__mutmut_*[37]", "approval"),
        ("services.intake*", "intake"),
        ("law.items.rules.x_dotted__mutmut_1", "law"),
        ("services.intake.domain.application.deem.x_deem__mutmut_1", "intake"),
        ("services.intake.domain.numbers.x_next__mutmut_1", "intake"),
        ("services.approval.domain.case.refer*", "approval"),
        ("services.notify.domain.matter.x_stage__mutmut_1", "notify"),
    ],
)
def test_a_name_belongs_to_one_room(mutant: str, room: str) -> None:
    assert [each.name for each in ROOMS if each.holds(mutant)] == [room]
