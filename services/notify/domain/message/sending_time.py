"""The time at which a message may go out: by day, and after a failed try later and later."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from law.not_allowed import rule

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""The wait after each failed try; after the last of them the message is given up."""


@dataclass(frozen=True, slots=True)
class SendingHours:
    """The part of the day in which messages may go out."""

    first: time = time(8, 30)
    last: time = time(21)
    """From this minute on it is quiet."""


@rule()
def held_to_daytime(at: datetime, hours: SendingHours) -> datetime:
    """A message goes out between 8:30 and 21:00; outside of these hours it is held to the next morning."""
    morning = at.replace(hour=hours.first.hour, minute=hours.first.minute, second=0, microsecond=0)
    if at.time() < hours.first:
        return morning
    return at if at.time() < hours.last else morning + timedelta(days=1)


@rule()
def next_try(tries: int, at: datetime, hours: SendingHours) -> datetime | None:
    """After a failed try comes another, four times at most, then the message is given up.

    `tries` counts the tries so far, the last one at `at`; None means given up.
    """
    if tries > len(RETRIES):
        return None
    return held_to_daytime(at + RETRIES[tries - 1], hours)
