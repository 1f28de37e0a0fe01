"""Places and the people who act there."""

from datetime import date

import pytest

from law.desk import (
    Actor,
    Level,
    LineOfAnotherDesk,
    Machine,
    Place,
    Post,
    UnknownWindow,
    WindowClosed,
    WindowDoesNotServe,
    WindowService,
    WrongPlace,
    require_line,
    require_service,
)
from law.not_allowed import NotAllowed

STREET = Place("440105", "440105008")


def test_a_street_lies_in_its_district() -> None:
    assert Place.of_street("440105008") == STREET
    assert (STREET.level, STREET.synthetic, str(STREET)) == (Level.STREET, False, "440105008")


def test_the_district_itself_is_a_place() -> None:
    district = Place.of_district("440105")
    assert (district.street, district.level) == ("440105000", Level.DISTRICT)


def test_synthetic_matters_have_a_place_of_their_own() -> None:
    reserved = Place.reserved("440105")
    assert (reserved.street, reserved.synthetic, reserved.level) == ("440105999", True, Level.STREET)


@pytest.mark.parametrize(
    ("district", "street", "field"),
    [
        ("44010", "440105008", "district"),
        ("４40105", "440105008", "district"),
        ("440105", "440106008", "street"),
        ("440105", "44010508", "street"),
        ("440105", "440105008\n", "street"),
        ("", "", "district"),
    ],
)
def test_a_code_that_is_not_a_place_is_refused(district: str, street: str, field: str) -> None:
    with pytest.raises(WrongPlace) as refused:
        Place(district, street)
    assert refused.value.field == field


def test_an_actor_holds_posts_and_serves_lines() -> None:
    clerk = Actor("1001", "政务服务中心", frozenset({Post.CLERK}), frozenset({"民政"}), STREET)
    assert clerk.holds(Post.HEAD, Post.CLERK)
    assert not clerk.holds(Post.HEAD)
    assert clerk.serves("民政")
    assert not clerk.serves("计生")


def test_an_actor_with_an_empty_list_of_lines_serves_none() -> None:
    assert not Actor("1001", "", frozenset({Post.CLERK}), frozenset(), STREET).serves("计生")


def test_an_actor_whose_lines_are_not_named_serves_every_line() -> None:
    portal = Actor("portal", "", frozenset({Machine.PORTAL}), None, STREET)
    assert portal.serves("计生")
    assert portal.holds(Machine.PORTAL)


SINGLE_LINE = WindowService(False, frozenset({"民政"}), date(2016, 3, 1), date(2016, 3, 31))
GENERAL = WindowService(True, frozenset(), date(2016, 3, 1))


@pytest.mark.parametrize(
    ("window", "line", "on", "taken"),
    [
        (SINGLE_LINE, "民政", date(2016, 3, 1), True),
        (SINGLE_LINE, "民政", date(2016, 3, 31), True),
        (SINGLE_LINE, "民政", date(2016, 2, 29), False),
        (SINGLE_LINE, "民政", date(2016, 4, 1), False),
        (SINGLE_LINE, "计生", date(2016, 3, 15), False),
        (SINGLE_LINE, "计生", date(2016, 4, 1), False),
        (GENERAL, "计生", date(2016, 3, 1), True),
        (GENERAL, "计生", date(2020, 3, 1), True),
        (GENERAL, "计生", date(2016, 2, 29), False),
    ],
)
def test_a_window_takes_its_lines_from_its_first_to_its_last_day(
    window: WindowService, line: str, on: date, *, taken: bool
) -> None:
    assert window.takes(line, on) is taken


@pytest.mark.parametrize(
    ("window", "line", "on", "refusal", "sentence"),
    [
        (None, "民政", date(2016, 3, 1), UnknownWindow, "本街道大厅没有窗口W03。"),
        (SINGLE_LINE, "民政", date(2016, 4, 1), WindowClosed, "窗口W03今天不开放。"),
        (SINGLE_LINE, "计生", date(2016, 3, 31), WindowDoesNotServe, "窗口W03不办理该业务线的事项。"),
        (SINGLE_LINE, "计生", date(2016, 4, 1), WindowClosed, "窗口W03今天不开放。"),
    ],
)
def test_a_window_that_does_not_take_the_matter_says_why(
    window: WindowService | None, line: str, on: date, refusal: type[NotAllowed], sentence: str
) -> None:
    with pytest.raises(refusal) as refused:
        require_service(window, "W03", line, on)
    assert (refused.value.field, refused.value.sentence) == ("window", sentence)


def test_a_window_that_takes_the_matter_is_passed() -> None:
    require_service(SINGLE_LINE, "W03", "民政", date(2016, 3, 31))
    require_service(GENERAL, "W01", "计生", date(2016, 3, 1))


def test_a_desk_answers_matters_of_its_lines_alone() -> None:
    require_line(None, "计生", "number")
    require_line(frozenset({"民政", "计生"}), "计生", "number")
    for lines in (frozenset({"民政"}), frozenset[str]()):
        with pytest.raises(LineOfAnotherDesk) as refused:
            require_line(lines, "计生", "number")
        assert refused.value.field == "number"
