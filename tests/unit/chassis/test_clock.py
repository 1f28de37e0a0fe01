"""The day comes from Asia/Shanghai; the office clock stands still until it is moved."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest

from chassis import clock
from chassis.clock import ClockUnreadable, OfficeClock, RealClock, set_office_clock

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of an office clock that shows a Monday morning."""
    set_office_clock(tmp_path / "clock", MORNING)
    return tmp_path / "clock"


def test_the_real_clock_shows_shanghai() -> None:
    now = RealClock().now()
    assert now.utcoffset() == timedelta(hours=8)
    assert abs(now.timestamp() - clock.real_seconds()) < 60
    assert RealClock().today() in {now.date(), (now + timedelta(minutes=1)).date()}


def test_an_evening_elsewhere_is_the_next_day_here(path: Path) -> None:
    set_office_clock(path, datetime(2026, 3, 2, 16, 30, tzinfo=UTC))
    assert OfficeClock(path).today() == date(2026, 3, 3)


def test_the_office_clock_stands_still_until_moved(path: Path) -> None:
    office = OfficeClock(path)
    assert office.now() == office.now() == MORNING
    set_office_clock(path, MORNING + timedelta(days=1))
    assert office.today() == date(2026, 3, 3)


async def test_waiting_tasks_are_woken_when_the_clock_is_moved(path: Path) -> None:
    office = OfficeClock(path)
    waiting = asyncio.create_task(office.wait_change(30))
    await asyncio.sleep(0)
    set_office_clock(path, MORNING + timedelta(hours=1))
    assert await asyncio.wait_for(waiting, 5)


async def test_one_look_wakes_all_waiting_tasks_and_no_look_follows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, looks = OfficeClock(path), 0

    def counted(path: Path, mark: Callable[[Path], object] = clock._mark) -> object:
        nonlocal looks
        looks += 1
        return mark(path)

    waiting = [asyncio.create_task(office.wait_change(30)) for _ in range(3)]
    await asyncio.sleep(0)
    monkeypatch.setattr(clock, "_mark", counted)
    set_office_clock(path, MORNING + timedelta(hours=1))
    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [True] * 3
    assert looks == 1
    assert office._next_look is None


async def test_waiting_tasks_get_the_error_of_a_missing_clock(path: Path) -> None:
    waiting = asyncio.create_task(OfficeClock(path).wait_change(30))
    await asyncio.sleep(0)
    path.unlink()
    with pytest.raises(ClockUnreadable):
        await asyncio.wait_for(waiting, 5)


async def test_a_wait_without_a_change_ends_by_its_limit(path: Path) -> None:
    began = time.monotonic()
    assert not await OfficeClock(path).wait_change(0.05)
    assert not await RealClock().wait_change(0.05)
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-03-02T09:00:00"])
def test_a_file_without_an_instant_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "clock").write_text(text)
    with pytest.raises(ClockUnreadable):
        OfficeClock(tmp_path / "clock")


def test_a_clock_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClockUnreadable):
        OfficeClock(tmp_path / "clock")


def test_an_instant_without_an_offset_is_not_stored(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="offset"):
        set_office_clock(tmp_path / "clock", datetime(2026, 3, 2))


def test_without_zone_tables_the_offset_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(clock, "ZoneInfo", absent)
    assert clock._shanghai().utcoffset(None) == timedelta(hours=8)
