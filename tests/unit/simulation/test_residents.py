"""Invented residents: always the same for a seed, and never a living person."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from law import identity
from law.identity import IdentityKind
from simulation.schedule import resident

SEEDS, NUMBERS = st.integers(0, 1000), st.integers(1, 30_000)


@given(SEEDS, NUMBERS)
def test_a_resident_has_a_number_that_the_office_accepts(seed: int, number: int) -> None:
    found = identity.check(resident(seed, number).identity_number, date(2016, 1, 1))
    assert found.kind is IdentityKind.CITIZEN
    assert found.value.startswith("440105")


@given(SEEDS, NUMBERS)
def test_a_resident_was_born_before_1900(seed: int, number: int) -> None:
    assert date(1800, 1, 1) <= identity.born_on(resident(seed, number).identity_number) < date(1900, 1, 1)


@given(SEEDS, NUMBERS)
def test_a_resident_has_a_name_a_mobile_and_an_address_as_the_contract_wants_them(seed: int, number: int) -> None:
    found = resident(seed, number)
    assert 2 <= len(found.name) <= 3
    assert len(found.phone) == 11 and found.phone.startswith("13") and found.phone.isdecimal()
    assert found.address.startswith("海珠区") and found.address.endswith("号")


@given(SEEDS, NUMBERS)
def test_a_resident_is_the_same_every_time(seed: int, number: int) -> None:
    assert resident(seed, number) == resident(seed, number)


def test_residents_of_one_year_and_of_two_seeds_are_different_people() -> None:
    year = [resident(1, number) for number in range(1, 1001)]
    other = [resident(2, number) for number in range(1, 1001)]
    assert len({each.identity_number for each in year}) > 990
    assert not {each.identity_number for each in year} & {each.identity_number for each in other[:50]}
