"""Last days that were computed by hand from the notices; the article stands in each test's name."""

from datetime import date

import pytest

from law import term_clock
from law.term_clock import Pause, TermClock
from law.terms import Unit
from law.workdays import state_council

WORKING_DAYS = [  # accepted, days, last day, why it is interesting
    ("2016-01-20", 20, "2016-02-22", "春节 with two make-up days that count"),
    ("2016-01-29", 5, "2016-02-05", "the last day before a make-up Saturday"),
    ("2016-06-08", 1, "2016-06-12", "the last day is a make-up Sunday"),
    ("2016-09-14", 3, "2016-09-20", "Sunday 09-18 counts"),
    ("2016-09-30", 5, "2016-10-12", "Saturday and Sunday after 国庆节 count"),
    ("2016-09-30", 20, "2016-11-02", "a long span"),
    ("2016-12-30", 1, "2017-01-03", "over the new year"),
    ("2017-01-20", 5, "2017-01-26", "Sunday 01-22 counts"),
    ("2017-09-29", 1, "2017-09-30", "a make-up Saturday"),
    ("2017-09-29", 2, "2017-10-09", "eight days off after a make-up Saturday"),
    ("2016-05-03", 20, "2016-05-31", "the limit of the law"),
    ("2016-05-03", 30, "2016-06-15", "the limit of the law, extended"),
    ("2016-05-03", 45, "2016-07-06", "joint handling"),
    ("2016-05-03", 60, "2016-07-27", "joint handling, extended"),
    ("2016-02-06", 1, "2016-02-14", "accepted on a make-up Saturday"),
    ("2026-02-12", 5, "2026-02-26", "nine days off, Saturday 02-14 counts"),
    ("2026-09-18", 10, "2026-10-09", "Sunday 09-20 counts, two holidays"),
    ("2016-03-05", 1, "2016-03-07", "from a Saturday as it stands"),
]

CALENDAR_DAYS = [
    ("2016-03-01", 15, (), "2016-03-16", "ends on a working day"),
    ("2016-03-01", 11, (), "2016-03-14", "ends on a Saturday, rolls to Monday"),
    ("2016-09-21", 10, (), "2016-10-08", "ends in 国庆节, rolls to a make-up Saturday"),
    ("2016-02-01", 5, (), "2016-02-06", "ends on a make-up Saturday, stays"),
    ("2016-03-01", 15, (("2016-03-08", "2016-03-22"),), "2016-03-31", "fifteen paused days, rest days among them"),
    ("2016-03-01", 11, (("2016-03-13", "2016-03-15"),), "2016-03-16", "would roll into a pause"),
]


@pytest.mark.parametrize(
    ("accepted", "days", "last"),
    [pytest.param(*row[:3], id=f"行政许可法 82: {row[0]} + {row[1]}, {row[3]}") for row in WORKING_DAYS],
)
def test_a_term_in_working_days_ends_on(accepted: str, days: int, last: str) -> None:
    term = TermClock(date.fromisoformat(accepted), days)
    assert term_clock.due_on(term, state_council()) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("accepted", "days", "paused", "last"),
    [pytest.param(*row[:4], id=f"民法典 203: {row[0]} + {row[1]}, {row[4]}") for row in CALENDAR_DAYS],
)
def test_a_term_in_calendar_days_ends_on(
    accepted: str, days: int, paused: tuple[tuple[str, str], ...], last: str
) -> None:
    pauses = tuple(Pause(date.fromisoformat(first), date.fromisoformat(end)) for first, end in paused)
    term = TermClock(date.fromisoformat(accepted), days, Unit.CALENDAR, pauses)
    assert term_clock.due_on(term, state_council()) == date.fromisoformat(last)


MARCH = Pause(date(2016, 3, 8), date(2016, 3, 22))


@pytest.mark.parametrize(
    ("pauses", "last"),
    [
        pytest.param((), date(2016, 3, 29), id="行政许可法 45: no pause"),
        pytest.param((MARCH,), date(2016, 4, 14), id="行政许可法 45: eleven working days paused, both ends included"),
        pytest.param((MARCH, MARCH), date(2016, 4, 14), id="行政许可法 45: the same pause twice counts once"),
        pytest.param(
            (Pause(date(2016, 3, 15), date(2016, 3, 22)), Pause(date(2016, 3, 8), date(2016, 3, 17))),
            date(2016, 4, 14),
            id="行政许可法 45: overlapping pauses in any order count once",
        ),
        pytest.param(
            (Pause(date(2016, 3, 30), date(2016, 4, 30)),),
            date(2016, 3, 29),
            id="行政许可法 45: a pause after the last day changes nothing",
        ),
        pytest.param(
            (Pause(date(2016, 3, 29), date(2016, 3, 29)),),
            date(2016, 3, 30),
            id="行政许可法 45: a pause on the last day moves it",
        ),
        pytest.param(
            (Pause(date(2016, 2, 1), date(2016, 3, 1)),),
            date(2016, 3, 29),
            id="行政许可法 45: a pause before day one changes nothing",
        ),
        pytest.param(
            (Pause(date(2016, 3, 5), date(2016, 3, 6)),),
            date(2016, 3, 29),
            id="行政许可法 45: a paused weekend changes nothing",
        ),
    ],
)
def test_a_term_of_twenty_days_from_2016_03_01_with_pauses_ends_on(pauses: tuple[Pause, ...], last: date) -> None:
    assert term_clock.due_on(TermClock(date(2016, 3, 1), 20, pauses=pauses), state_council()) == last
