"""File ids of the legs of one matter, computed by every service from the application's id."""

from uuid import UUID, uuid5

_STREET = "street"


def street_leg_id(application_id: UUID) -> UUID:
    """The case file of the street's leg."""
    return uuid5(application_id, _STREET)


def district_leg_id(application_id: UUID, attempt: int) -> UUID:
    """The case file of the district's leg after the n-th referral; `attempt` counts from 1."""
    if attempt < 1:
        raise ValueError("referrals are counted from 1")
    return uuid5(application_id, f"district/{attempt}")


def is_street_leg(case_id: UUID, application_id: UUID) -> bool:
    """True for the street's part of the matter, false for the district's."""
    return case_id == street_leg_id(application_id)
