"""Driver of the office clock: forward only, a day at a time, each day until the office is quiescent.

Example: `onewindow clock advance --to 2016-03-04` on 1 March. The clock is set to the opening of 2 March, the
services run their sweeps of that day and send their messages; when nothing is left to do, 3 March follows,
then 4 March. A day is never skipped, because sweeps, simulators and residents act on it.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from chassis.clock import SHANGHAI, OfficeClock, set_office_clock
from embedded.errors import StackError
from embedded.quiescence import Quiescence

OPENS_AT = time(9, 0)
"""Time at which the hall opens. A day that is only passed through stops here: the night's quiet hours are over."""


class ClockBackwards(StackError):
    """The office clock never goes back: facts would come before their causes."""

    def __init__(self, now: datetime, to: datetime) -> None:
        super().__init__(f"to：办公时钟只能向前，现在是 {now.isoformat()}，不能回到 {to.isoformat()}")


class ClockDriver:
    """Moves the office clock of a running stack."""

    def __init__(self, path: Path, quiescence: Quiescence) -> None:
        self._path = path
        self._clock = OfficeClock(path)
        self._quiescence = quiescence

    def now(self) -> datetime:
        """The instant that the office clock shows."""
        return self._clock.now()

    def move(self, to: datetime) -> None:
        """Moves the clock within or beyond the day without waiting for anything. Raises ClockBackwards."""
        if to < self.now():
            raise ClockBackwards(self.now(), to)
        if to > self.now():
            set_office_clock(self._path, to)

    async def settle(self) -> None:
        """Waits until the office is quiescent at the present instant. Raises NotSettled."""
        await self._quiescence.wait(self.now())

    async def advance(self, to: datetime, passed: Callable[[date], None] | None = None) -> None:
        """Goes to `to` and waits on each day between until it is settled; `passed` is called with each settled day.

        Raises ClockBackwards, NotSettled.
        """
        await self.arrive(to, passed)
        await self.settle()
        if passed:
            passed(to.date())

    async def arrive(self, to: datetime, passed: Callable[[date], None] | None = None) -> None:
        """As `advance`, but returns as `to` begins: sweeps and reports of that morning run while the hall is open.

        Raises ClockBackwards, NotSettled.
        """
        if to < self.now():
            raise ClockBackwards(self.now(), to)
        for stop in stops(self.now(), to)[:-1]:
            self.move(stop)
            await self.settle()
            if passed:
                passed(stop.date())
        self.move(to)


def stops(now: datetime, to: datetime) -> list[datetime]:
    """The stops of the clock on its way: each later day at opening, and last `to` itself."""
    days = [now.date() + timedelta(days=n) for n in range(1, (to.date() - now.date()).days + 1)]
    mornings = (datetime.combine(day, OPENS_AT, SHANGHAI) for day in days)
    return [*(morning for morning in mornings if morning < to), to]


def instant_of(text: str, now: datetime) -> datetime:
    """DATE or DATETHH:MM in the office's zone; a date alone is its opening time, or now when that has passed today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _instant(text)
    morning = datetime.combine(day, OPENS_AT, SHANGHAI)
    return now if day == now.date() and morning < now else morning


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise StackError(f"to：应为 YYYY-MM-DD 或 YYYY-MM-DDTHH:MM，不是 {text!r}") from error
    return instant.replace(tzinfo=SHANGHAI) if instant.tzinfo is None else instant.astimezone(SHANGHAI)
