"""Identifiers that several services compute alike: file ids of legs, purposes of blind indexes."""

from uuid import UUID, uuid5

IDENTITY_NUMBER = "identity number"
"""Purpose of a blind index: finds a person by identity number in every service without storing the number."""
QUERY_CODE = "query code"
"""Purpose of a blind index: the secret of one application from which its query code is derived."""

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
