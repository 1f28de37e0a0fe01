"""The time of a message: by day, and after a failed try later and later."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.message.sending_time import RETRIES, SendingHours, held_to_daytime, next_try
from tests.support.examples import examples
from tests.unit.notify.reports import HOURS, NINE

DAY = NINE.replace(hour=0)
instants = st.datetimes(datetime(2016, 1, 1), datetime(2016, 12, 31)).map(lambda at: at.replace(tzinfo=NINE.tzinfo))


@pytest.mark.parametrize(
    ("at", "goes_out"),
    [
        (DAY, DAY.replace(hour=8, minute=30)),
        (DAY.replace(hour=8, minute=29, second=59), DAY.replace(hour=8, minute=30)),
        (DAY.replace(hour=8, minute=30), DAY.replace(hour=8, minute=30)),
        (DAY.replace(hour=12), DAY.replace(hour=12)),
        (DAY.replace(hour=20, minute=59, second=59), DAY.replace(hour=20, minute=59, second=59)),
        (DAY.replace(hour=21), DAY.replace(hour=8, minute=30) + timedelta(days=1)),
        (DAY.replace(hour=23, minute=59), DAY.replace(hour=8, minute=30) + timedelta(days=1)),
    ],
)
def test_a_message_goes_out_between_half_past_eight_and_nine_in_the_evening(at: datetime, goes_out: datetime) -> None:
    assert held_to_daytime(at, HOURS) == goes_out


def test_other_hours_can_be_set() -> None:
    short = SendingHours(time(10), time(11))
    assert held_to_daytime(DAY.replace(hour=9), short) == DAY.replace(hour=10)
    assert held_to_daytime(DAY.replace(hour=11), short) == DAY.replace(hour=10) + timedelta(days=1)


@settings(max_examples=examples(200))
@given(instants)
def test_a_message_is_held_within_the_hours_never_back_and_less_than_a_day(at: datetime) -> None:
    held = held_to_daytime(at, HOURS)
    assert HOURS.first <= held.time() < HOURS.last
    assert timedelta() <= held - at < timedelta(days=1)
    assert held_to_daytime(held, HOURS) == held


def test_tries_come_after_a_minute_five_half_an_hour_and_two_hours() -> None:
    noon = DAY.replace(hour=12)
    waits = [(again - noon) if (again := next_try(tries, noon, HOURS)) else None for tries in range(1, 6)]
    minutes = [timedelta(minutes=each) for each in (1, 5, 30, 120)]
    assert waits == [*minutes, None]


def test_a_try_that_would_come_at_night_comes_in_the_morning() -> None:
    assert next_try(4, DAY.replace(hour=20), HOURS) == DAY.replace(hour=8, minute=30) + timedelta(days=1)


@settings(max_examples=examples(200))
@given(st.integers(1, 9), instants)
def test_a_message_is_given_up_after_the_last_retry_and_not_before(tries: int, at: datetime) -> None:
    again = next_try(tries, at, HOURS)
    assert (again is None) is (tries > len(RETRIES))
    if again is not None:
        assert again >= at + RETRIES[tries - 1]
        assert HOURS.first <= again.time() < HOURS.last
