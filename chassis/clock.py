"""Time as an input: the civil date in Asia/Shanghai from which every legal date comes.

Leases, deadlines, tokens and certificates live in `real_seconds`, whatever the office clock shows.
"""

import asyncio
import os
import tempfile
import time
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LOOK_SECONDS = 0.02
_REAL_LOOK_SECONDS = 1.0


def _shanghai() -> tzinfo:
    try:
        return ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:  # an image without tzdata: the offset has not moved since 1991
        return timezone(timedelta(hours=8), "Asia/Shanghai")


SHANGHAI = _shanghai()
"""The zone of every legal date."""


class ClockUnreadable(Exception):
    """The file of the office clock is absent or holds no instant with its offset."""


class Clock(Protocol):
    """Source of the legal day."""

    def today(self) -> date:
        """The civil date in Asia/Shanghai."""

    def now(self) -> datetime:
        """The instant, aware, in Asia/Shanghai."""

    async def wait_change(self, seconds: float) -> bool:
        """Waits until the clock was moved or the civil date changed; False when neither happened within `seconds`."""


class RealClock:
    """The clock of production: the machine's own, read in Asia/Shanghai."""

    def today(self) -> date:
        """The civil date in Asia/Shanghai."""
        return self.now().date()

    def now(self) -> datetime:
        """The instant, aware, in Asia/Shanghai."""
        return datetime.now(SHANGHAI)

    async def wait_change(self, seconds: float) -> bool:
        """Waits for midnight in Asia/Shanghai, at most `seconds`; True when the date changed."""
        before, limit = self.today(), time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _REAL_LOOK_SECONDS))
            if self.today() != before:
                return True
        return False


class OfficeClock:
    """Clock of the embedded stack: one stored instant, which stands still until another is stored.

    Its file is looked at once for all waiting tasks, and not at all while none waits.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark = _mark(path)
        self._instant = _read_instant(path)
        self._waiting: dict[asyncio.Future[None], datetime] = {}
        """Waiting tasks, each with the instant it saw last."""
        self._next_look: asyncio.TimerHandle | None = None

    def today(self) -> date:
        """The civil date of the stored instant."""
        return self.now().date()

    def now(self) -> datetime:
        """The stored instant, aware, in Asia/Shanghai."""
        mark = _mark(self._path)
        if mark != self._mark:
            self._instant, self._mark = _read_instant(self._path), mark
        return self._instant

    async def wait_change(self, seconds: float) -> bool:
        """Waits until another instant is stored, at most `seconds`; True when it was."""
        moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[moved] = self.now()
        if self._next_look is None:
            self._look_later()
        try:
            async with asyncio.timeout(seconds):
                await moved
        except TimeoutError:
            return False
        finally:
            del self._waiting[moved]
            if not self._waiting and self._next_look is not None:
                self._next_look.cancel()
                self._next_look = None
        return True

    def _look_later(self) -> None:
        self._next_look = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._look_later()
        waiting = [(moved, seen) for moved, seen in self._waiting.items() if not moved.done()]
        try:
            now = self.now()
        except ClockUnreadable as error:
            for moved, _ in waiting:
                moved.set_exception(error)
            return
        for moved, seen in waiting:
            if seen != now:
                moved.set_result(None)


def set_office_clock(path: Path, instant: datetime) -> None:
    """Stores `instant` (aware) for every office clock on `path`; readers see the old or the new one, never a part."""
    if instant.tzinfo is None:
        raise ValueError("instant: must carry its offset")
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{instant.astimezone(SHANGHAI).isoformat()}\n")
    Path(written).chmod(0o644)
    Path(written).replace(path)


def real_seconds() -> float:
    """Seconds since 1970 by the machine's clock: for tokens, leases and file ages, never for a legal date."""
    return time.time()


def _mark(path: Path) -> tuple[int, int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise ClockUnreadable(f"the office clock's file is not there: {path}") from error
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _read_instant(path: Path) -> datetime:
    try:
        instant = datetime.fromisoformat(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise ClockUnreadable(f"the office clock's file holds no instant: {path}") from error
    if instant.tzinfo is None:
        raise ClockUnreadable(f"the office clock's instant has no offset: {path}")
    return instant.astimezone(SHANGHAI)
