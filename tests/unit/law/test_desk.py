"""Places and the people who act there."""

import pytest

from law.desk import Actor, Level, Machine, Place, Post, WrongPlace

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
