"""When a message may go out: by day, and after a try that failed later and later."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long after the n-th try the next one comes; after the last of them somebody tells the applicant by hand."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The part of the day in which people are written to; outside of it a message is held to the morning."""

    first: time = time(8, 30)
    last: time = time(21)
    """From this minute on it is quiet."""

    def held_to(self, at: datetime) -> datetime:
        """The first instant from `at` on at which a message may go out."""
        morning = at.replace(hour=self.first.hour, minute=self.first.minute, second=0, microsecond=0)
        if at.time() < self.first:
            return morning
        return at if at.time() < self.last else morning + timedelta(days=1)


def next_try(tries: int, at: datetime, hours: Hours) -> datetime | None:
    """When to try again after so many tries, the last one at `at`; None when it is given up."""
    if tries > len(RETRIES):
        return None
    return hours.held_to(at + RETRIES[tries - 1])
