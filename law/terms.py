"""Numbers of the statutes, once each, with their articles.

The acts use ANSWER, DECISION, EXTENSION and DELIVERY. The others are for acts and letters that do not exist yet.
The limits of single items (居住证, 低保) stand in the district's catalogue: number and unit belong to the item.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Unit of the days of a limit."""

    WORKING = "working"  # 工作日, not counting statutory holidays (行政许可法 82)
    CALENDAR = "calendar"  # 自然日; the last day moves off a rest day (民法典 203)


@dataclass(frozen=True, slots=True)
class StatutoryLimit:
    """A number of days allowed, in its unit, with the article that allows them."""

    days: int
    unit: Unit
    article: str


@dataclass(frozen=True, slots=True)
class Months:
    """A period in months, counted from date to date. (民法典 202)"""

    months: int
    article: str


@dataclass(frozen=True, slots=True)
class StaffCount:
    """The least number of different members of staff who must act together."""

    persons: int
    article: str


ANSWER = StatutoryLimit(5, Unit.WORKING, "行政许可法 32")
"""To name all that is missing, once; without it the application counts as accepted on the day of receipt."""

FIELD_CHECK = StaffCount(2, "行政许可法 34")
"""A check of the facts on the spot is made by two or more."""

DECISION = StatutoryLimit(20, Unit.WORKING, "行政许可法 42")
"""From acceptance to the decision."""

EXTENSION = StatutoryLimit(10, Unit.WORKING, "行政许可法 42")
"""The most by which the organ's head may extend the term, once."""

JOINT_DECISION = StatutoryLimit(45, Unit.WORKING, "行政许可法 42")
"""From acceptance to the decision where organs handle a matter together."""

JOINT_EXTENSION = StatutoryLimit(15, Unit.WORKING, "行政许可法 42")
"""The most by which the head of the government of that level may extend joint handling, once."""

FIRST_REVIEW = StatutoryLimit(20, Unit.WORKING, "行政许可法 43")
"""From acceptance to the end of the lower organ's review, where a higher organ decides."""

DELIVERY = StatutoryLimit(10, Unit.WORKING, "行政许可法 44")
"""From the decision until the certificate is issued and delivered."""

HEARING_CLAIM = StatutoryLimit(5, Unit.WORKING, "行政许可法 47")
"""For those concerned to request a hearing after they were informed of their right."""

HEARING_HELD = StatutoryLimit(20, Unit.WORKING, "行政许可法 47")
"""To hold the hearing after it was requested."""

HEARING_NOTIFICATION = StatutoryLimit(7, Unit.WORKING, "行政许可法 48")
"""Before the hearing, to inform those concerned of its time and place."""

RENEWAL = StatutoryLimit(30, Unit.WORKING, "行政许可法 50")
"""Before a licence ends, to apply for its renewal; no decision before the end renews it."""

RECONSIDERATION = StatutoryLimit(60, Unit.CALENDAR, "行政复议法 20")
"""行政复议: to apply for reconsideration, from knowing the decision; to be printed on every refusal."""

SUIT = Months(6, "行政诉讼法 46")
"""To sue, from knowing the decision; to be printed on every refusal."""

INACTION = Months(2, "行政诉讼法 47")
"""After an application on which the organ has not acted; then the applicant may sue."""

DISCLOSURE = StatutoryLimit(20, Unit.WORKING, "政府信息公开条例 33")
"""To answer a request for disclosure that cannot be answered on the spot."""

DISCLOSURE_EXTENSION = StatutoryLimit(20, Unit.WORKING, "政府信息公开条例 33")
"""The most by which the answer to a request for disclosure may be put off."""
