"""The numbers of the statutes, each beside its article."""

import pytest

from law import terms
from law.terms import Months, StaffCount, StatutoryLimit, Unit

WORKING = [
    ("ANSWER", 5, "行政许可法 32"),
    ("DECISION", 20, "行政许可法 42"),
    ("EXTENSION", 10, "行政许可法 42"),
    ("JOINT_DECISION", 45, "行政许可法 42"),
    ("JOINT_EXTENSION", 15, "行政许可法 42"),
    ("FIRST_REVIEW", 20, "行政许可法 43"),
    ("DELIVERY", 10, "行政许可法 44"),
    ("HEARING_CLAIM", 5, "行政许可法 47"),
    ("HEARING_HELD", 20, "行政许可法 47"),
    ("HEARING_NOTIFICATION", 7, "行政许可法 48"),
    ("RENEWAL", 30, "行政许可法 50"),
    ("DISCLOSURE", 20, "政府信息公开条例 33"),
    ("DISCLOSURE_EXTENSION", 20, "政府信息公开条例 33"),
]


@pytest.mark.parametrize(("name", "days", "article"), [pytest.param(*row, id=f"{row[2]}: {row[0]}") for row in WORKING])
def test_a_limit_of_the_law_in_working_days(name: str, days: int, article: str) -> None:
    assert getattr(terms, name) == StatutoryLimit(days, Unit.WORKING, article)


OTHERS: list[tuple[object, StatutoryLimit | Months | StaffCount]] = [
    (terms.FIELD_CHECK, StaffCount(2, "行政许可法 34")),
    (terms.RECONSIDERATION, StatutoryLimit(60, Unit.CALENDAR, "行政复议法 20")),
    (terms.SUIT, Months(6, "行政诉讼法 46")),
    (terms.INACTION, Months(2, "行政诉讼法 47")),
]


@pytest.mark.parametrize(("number", "expected"), [pytest.param(*row, id=row[1].article) for row in OTHERS])
def test_a_number_of_the_law_that_is_not_working_days(number: object, expected: object) -> None:
    assert number == expected


def test_every_number_stands_beside_an_article() -> None:
    numbers = [value for value in vars(terms).values() if isinstance(value, StatutoryLimit | Months | StaffCount)]
    assert len(numbers) == len(WORKING) + len(OTHERS)
    assert all(number.article for number in numbers)
