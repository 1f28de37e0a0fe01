"""Places and posts by every code that a district can have, and the reach of an actor's posts and lines."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.desk import Actor, Level, Machine, Place, Post, WrongPlace

DISTRICTS = st.integers(110000, 659999).map(str)
STREETS = st.integers(0, 999).map("{:03}".format)
STREET = Place("440105", "440105008")


@given(DISTRICTS, STREETS)
def test_a_place_is_read_back_from_its_street(district: str, street: str) -> None:
    place = Place(district, district + street)
    assert Place.of_street(str(place)) == place
    assert hash(Place.of_street(str(place))) == hash(place)


@given(DISTRICTS, STREETS)
def test_only_000_is_the_district_and_only_999_is_reserved(district: str, street: str) -> None:
    place = Place(district, district + street)
    assert (place.level is Level.DISTRICT) == (street == "000") == (place == Place.of_district(district))
    assert place.synthetic == (street == "999") == (place == Place.reserved(district))


@given(st.text(max_size=10), st.text(max_size=12))
def test_any_two_texts_are_a_place_or_are_refused_by_the_field(district: str, street: str) -> None:
    try:
        place = Place(district, street)
    except WrongPlace as refused:
        assert refused.field in ("district", "street")
        return
    assert (len(place.district), len(place.street), place.street[:6]) == (6, 9, place.district)
    assert place.street.isascii()


@pytest.mark.parametrize("street", ["", "440105", "44010500", "4401050088", "44010500a", " 440105008", "440105.08"])
def test_a_code_that_is_not_nine_digits_is_no_street(street: str) -> None:
    with pytest.raises(WrongPlace):
        Place.of_street(street)


@pytest.mark.parametrize("district", ["", "44010", "4401055", "44010a", "*40105", "440105\n", "......"])
@pytest.mark.parametrize("make", [Place.of_district, Place.reserved])
def test_a_code_that_is_not_six_digits_is_no_district(make: object, district: str) -> None:
    with pytest.raises(WrongPlace) as refused:
        make(district)  # type: ignore[operator] # two constructors, listed as parameters
    assert refused.value.field == "district"


def test_a_place_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        STREET.street = "440105009"  # type: ignore[misc] # it is frozen


def actor(*posts: Post | Machine, lines: tuple[str, ...] | None = None) -> Actor:
    """An actor of the street with these posts."""
    return Actor("NH001", "社会事务科", frozenset(posts), None if lines is None else frozenset(lines), STREET)


@pytest.mark.parametrize("held", Post)
def test_an_actor_of_one_post_holds_that_post_alone(held: Post) -> None:
    assert [post for post in Post if actor(held).holds(post)] == [held]
    assert not any(actor(held).holds(machine) for machine in Machine)


@given(st.sets(st.sampled_from([*Post, *Machine])), st.sets(st.sampled_from([*Post, *Machine])))
def test_an_actor_holds_one_of_the_posts_when_the_two_sets_meet(
    held: set[Post | Machine], wanted: set[Post | Machine]
) -> None:
    assert actor(*held).holds(*wanted) is bool(held & wanted)


def test_an_actor_without_a_post_holds_none() -> None:
    assert not actor().holds(*Post, *Machine)
    assert not actor(Post.HEAD).holds()


@pytest.mark.parametrize(
    ("lines", "line", "serves"),
    [
        (None, "LABOUR", True),
        (None, "", True),
        ((), "LABOUR", False),
        ((), "", False),
        (("LABOUR",), "LABOUR", True),
        (("LABOUR",), "RETIREES", False),
        (("LABOUR", "RETIREES"), "RETIREES", True),
        (("LABOUR",), "LAB", False),
        (("LABOUR",), "", False),
    ],
)
def test_an_actor_serves_the_lines_that_are_named_or_all(
    lines: tuple[str, ...] | None, line: str, serves: bool
) -> None:
    assert actor(Post.CLERK, lines=lines).serves(line) is serves


@pytest.mark.parametrize(("post", "word"), [(post, post.value) for post in (*Post, *Machine)])
def test_a_post_is_written_as_its_name(post: Post | Machine, word: str) -> None:
    assert post.name == word == str(post)
