"""Facts of a delivery in the past tense, with the fields of the contract; no name or number of a person is in them."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class DeliveryWay(IntEnum):
    """The way in which a decision reached the applicant; the numbers are those of the contract."""

    PICK_UP = 1  # 窗口领取
    COURIER = 2  # 邮寄


@dataclass(frozen=True, slots=True)
class DeliveryOpened:
    """The decision waits for the applicant. (行政许可法 44)"""

    occurred_on: date
    number: str
    outcome: str
    """granted or refused."""
    deliver_by: date
    provisional: bool
    """True while next year's holidays are not published."""


@dataclass(frozen=True, slots=True)
class ResultDelivered:
    """The decision is in the applicant's hands."""

    occurred_on: date
    way: DeliveryWay
    in_person: bool
    receiver_index: str
    """Blind index of the receiver's identity number, hex."""
    window: str
    on_time: bool
