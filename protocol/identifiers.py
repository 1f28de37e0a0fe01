"""Identifiers that several services compute alike: file ids of legs, purposes of blind indexes, the life of passes."""

from datetime import timedelta
from uuid import UUID, uuid5

IDENTITY_NUMBER = "identity number"
"""Purpose of a blind index: finds a person by identity number in every service without storing the number."""
QUERY_CODE = "query code"
"""Purpose of a blind index: the secret of one application from which its query code is derived."""
LONGEST_PASS = timedelta(days=366)
"""No read pass holds longer, whatever the settings of its issuer; its end is remembered as long."""

_CATALOGUE = UUID("6f6e6577-696e-5d6f-8361-74616c6f6775")
_STREET = "street"


def catalogue_entry_id(kind: str, code: str) -> UUID:
    """The file of an entry of the catalogue, by its kind and code: item/…, window/440105008/W1, street/440105008."""
    return uuid5(_CATALOGUE, f"{kind}/{code}")


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
