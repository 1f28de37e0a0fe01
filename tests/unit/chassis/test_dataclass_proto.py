"""Dataclasses and messages with the same fields: each type of field both ways, and the path of a misfit."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any
from uuid import UUID

import pytest
from onewindow.approval.v1 import approval_event_pb2 as wire
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.desk.v1 import desk_pb2

from chassis.event_store.dataclass_proto import MismatchedField, to_dataclass, to_message

LEG = UUID("01957a3e-7c00-7000-8000-000000000001")


class Level(IntEnum):
    """Level of a card."""

    WARNING = 1
    YELLOW = 2


@dataclass(frozen=True, slots=True)
class Site:
    """A place, as the contract has it."""

    district: str
    street: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text in the vault."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of a package."""

    material_code: str
    copies: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its day."""

    level: Level
    due_on: date


@dataclass(frozen=True, slots=True)
class Link:
    """The fields of an opened case that link it to the other leg."""

    linked_case_id: UUID | None
    linked_place: Site | None
    materials: tuple[Paper, ...]
    attempt: int


@dataclass(frozen=True, slots=True)
class Return:
    """The fields of a returned case."""

    report_key: str
    reasons: Note | None


@dataclass(frozen=True, slots=True)
class OnDay:
    """A withdrawal with the day that stands outside its fact."""

    occurred_on: date
    leg: Level


@dataclass(frozen=True, slots=True)
class Period:
    """A season, its end open."""

    open_from: date
    open_to: date | None


@dataclass(frozen=True, slots=True)
class Openings:
    """The seasons and the accept points of an item."""

    seasons: tuple[Period, ...]
    accept_points: tuple[Level, ...]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Card(Level.YELLOW, date(2016, 3, 16)), wire.CardIssued),
        (Link(LEG, Site("440105", "440105008"), (Paper("M01", 1, ""), Paper("M02", 2, "ab")), 2), wire.CaseOpened),
        (Link(None, None, (), 0), wire.CaseOpened),
        (Link(LEG, None, (), 0), wire.CaseOpened),
        (Return("r-1", Note("return.1.reasons", "0f")), wire.CaseReturned),
        (Return("", None), wire.CaseReturned),
        (Site("", ""), desk_pb2.Place),
        (Openings((Period(date(2016, 3, 1), date(2016, 3, 31)),), (Level.WARNING, Level.YELLOW)), catalogue_pb2.Item),
        (Openings((Period(date(2016, 3, 1), None),), ()), catalogue_pb2.Item),
    ],
    ids=lambda each: type(each).__name__ if not isinstance(each, type) else "",
)
def test_a_value_is_the_same_after_a_message(value: Any, kind: Any) -> None:
    message = to_message(value, kind)
    assert isinstance(message, kind)
    assert to_dataclass(message, type(value)) == value


def test_a_date_and_an_id_are_written_as_text_and_an_enum_as_its_number() -> None:
    card = to_message(Card(Level.YELLOW, date(2016, 3, 6)), wire.CardIssued)
    assert (card.level, card.due_on) == (2, "2016-03-06")
    assert to_message(Link(LEG, None, (), 0), wire.CaseOpened).linked_case_id == str(LEG)


def test_what_is_absent_is_written_as_empty_text_or_not_at_all() -> None:
    link = to_message(Link(None, None, (), 0), wire.CaseOpened)
    assert link.linked_case_id == ""
    assert not link.HasField("linked_place")


def test_an_empty_message_inside_is_present_and_not_absent() -> None:
    message = wire.CaseReturned(report_key="r-1", reasons=wire.CaseReturned().reasons)
    assert to_dataclass(message, Return) == Return("r-1", Note("", ""))


def test_a_field_outside_the_message_is_given_and_left_out() -> None:
    fact = OnDay(date(2016, 3, 14), Level.WARNING)
    message = to_message(fact, wire.CaseWithdrawn, frozenset({"occurred_on"}))
    assert message == wire.CaseWithdrawn(leg=1)  # type: ignore[arg-type] # the numbers are the contract's
    assert to_dataclass(message, OnDay, {"occurred_on": date(2016, 3, 14)}) == fact


def test_a_field_that_the_message_does_not_have_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="occurred_on"):
        to_message(OnDay(date(2016, 3, 14), Level.WARNING), wire.CaseWithdrawn)


BROKEN: list[tuple[Any, type, str]] = [
    (wire.CardIssued(level=9, due_on="2016-03-16"), Card, "level"),  # type: ignore[arg-type] # a later level
    (wire.CardIssued(level=1, due_on="2016-02-30"), Card, "due_on"),  # type: ignore[arg-type] # wrong on purpose
    (wire.CardIssued(level=1, due_on=""), Card, "due_on"),  # type: ignore[arg-type] # wrong on purpose
    (wire.CaseOpened(linked_case_id="no-uuid"), Link, "linked_case_id"),
    (catalogue_pb2.Item(seasons=[catalogue_pb2.Season(open_from="yesterday")]), Openings, "seasons[0].open_from"),
    (
        catalogue_pb2.Item(
            seasons=[
                catalogue_pb2.Season(open_from="2016-03-01"),
                catalogue_pb2.Season(open_from="2016-03-01", open_to="2016-3-31"),
            ]
        ),
        Openings,
        "seasons[1].open_to",
    ),
    (catalogue_pb2.Item(accept_points=[1, 5]), Openings, "accept_points[1]"),  # type: ignore[list-item] # wrong on purpose
]


@pytest.mark.parametrize(("message", "kind", "path"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_value_that_does_not_fit_is_named_by_its_path(message: Any, kind: type, path: str) -> None:
    with pytest.raises(MismatchedField) as refused:
        to_dataclass(message, kind)
    assert (refused.value.path, str(refused.value)) == (path, path)


def test_a_mismatch_is_a_wrong_value_for_a_caller_without_paths() -> None:
    with pytest.raises(ValueError, match="due_on"):
        to_dataclass(wire.CardIssued(level=1, due_on="never"), Card)  # type: ignore[arg-type] # wrong on purpose
