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


class ClockUnreadable(Exception):
    """The file of the office clock is absent or holds no instant with its offset."""


class Clock(Protocol):
    """What the office reads the day from."""

    def today(self) -> date:
        """The civil date in Asia/Shanghai."""

    def now(self) -> datetime:
        """The instant, aware, in Asia/Shanghai."""

    async def wait_change(self, seconds: float) -> bool:
        """Wait until the clock was moved or the civil date turned; False when `seconds` passed without either."""


class RealClock:
    """The clock of production: the machine's own, read in Asia/Shanghai."""

    def today(self) -> date:
        """The civil date in Asia/Shanghai."""
        return self.now().date()

    def now(self) -> datetime:
        """The instant, aware, in Asia/Shanghai."""
        return datetime.now(SHANGHAI)

    async def wait_change(self, seconds: float) -> bool:
        """Wait for midnight in Asia/Shanghai, at most `seconds`; True when the date turned."""
        before, limit = self.today(), time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _REAL_LOOK_SECONDS))
            if self.today() != before:
                return True
        return False


class OfficeClock:
    """The clock of the embedded stack: one stored instant, standing still until someone writes another."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark = _mark(path)
        self._instant = _read_instant(path)

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
        """Wait until another instant is stored, at most `seconds`; True when it was."""
        before, limit = self.now(), time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _LOOK_SECONDS))
            if self.now() != before:
                return True
        return False


def set_office_clock(path: Path, instant: datetime) -> None:
    """Store `instant` (aware) as what every office clock on `path` shows; readers see old or new, never half."""
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


def _shanghai() -> tzinfo:
    try:
        return ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:  # an image without tzdata: the offset has not moved since 1991
        return timezone(timedelta(hours=8), "Asia/Shanghai")


SHANGHAI = _shanghai()
"""The zone of every legal date."""


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
