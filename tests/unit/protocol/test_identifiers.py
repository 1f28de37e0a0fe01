"""Leg ids: fixed for ever, since facts of four services name them."""

from uuid import UUID

import pytest

from protocol.identifiers import district_leg_id, is_street_leg, street_leg_id

APPLICATION = UUID("0195a1f0-0000-7000-8000-000000000001")


def test_the_ids_of_the_first_release_stay() -> None:
    assert street_leg_id(APPLICATION) == UUID("f5b18b87-7ee6-5228-8333-887fee7c7015")
    assert district_leg_id(APPLICATION, 1) == UUID("c1f7a2ed-3263-596d-9b65-dfceba9bae52")


def test_legs_of_one_matter_differ() -> None:
    legs = {street_leg_id(APPLICATION), *(district_leg_id(APPLICATION, attempt) for attempt in range(1, 9))}
    assert len(legs) == 9


def test_only_the_streets_leg_is_the_streets() -> None:
    assert is_street_leg(street_leg_id(APPLICATION), APPLICATION)
    assert not is_street_leg(district_leg_id(APPLICATION, 1), APPLICATION)


@pytest.mark.parametrize("attempt", [0, -1])
def test_referrals_are_counted_from_one(attempt: int) -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        district_leg_id(APPLICATION, attempt)
