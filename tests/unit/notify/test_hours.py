"""People are written to by day, and a message that failed is tried later and later."""

from datetime import datetime, timedelta

import pytest

from chassis.clock import SHANGHAI
from services.notify.domain.hours import Hours, next_try

DAY = datetime(2016, 3, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "goes_out"),
    [
        (DAY.replace(hour=8, minute=29, second=59), DAY.replace(hour=8, minute=30)),
        (DAY.replace(hour=8, minute=30), DAY.replace(hour=8, minute=30)),
        (DAY.replace(hour=20, minute=59, second=59), DAY.replace(hour=20, minute=59, second=59)),
        (DAY.replace(hour=21), DAY.replace(hour=8, minute=30) + timedelta(days=1)),
        (DAY, DAY.replace(hour=8, minute=30)),
    ],
)
def test_a_message_goes_out_between_half_past_eight_and_nine_in_the_evening(at: datetime, goes_out: datetime) -> None:
    assert Hours().held_to(at) == goes_out


def test_tries_come_after_a_minute_five_half_an_hour_and_two_hours() -> None:
    noon = DAY.replace(hour=12)
    waits = [(again - noon) if (again := next_try(tries, noon, Hours())) else None for tries in range(1, 6)]
    minutes = [timedelta(minutes=each) for each in (1, 5, 30, 120)]
    assert waits == [*minutes, None]


def test_a_try_that_would_come_at_night_comes_in_the_morning() -> None:
    assert next_try(4, DAY.replace(hour=20), Hours()) == DAY.replace(hour=8, minute=30) + timedelta(days=1)
