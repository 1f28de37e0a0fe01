"""The office clock goes forward, a day at a time, each day to its rest."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest

from chassis.clock import SHANGHAI, OfficeClock, set_office_clock
from embedded.errors import StackError
from embedded.office_clock import ClockBackwards, ClockDriver, instant_of, stops
from embedded.quiescence import Quiescence, SettleLimits
from tests.stack.test_settle import UNDONE
from tests.support.servers import NatsServer, PostgresServer


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOW = at("2016-02-27T16:30")


def test_every_day_between_is_stopped_at_when_the_hall_opens() -> None:
    expected = ["2016-02-28T09:00", "2016-02-29T09:00", "2016-03-01T09:00", "2016-03-01T14:00"]
    assert stops(NOW, at("2016-03-01T14:00")) == [at(text) for text in expected]


def test_within_a_day_there_is_one_stop() -> None:
    assert stops(NOW, at("2016-02-27T17:00")) == [at("2016-02-27T17:00")]


@pytest.mark.parametrize(
    "text, meant",
    [
        ("2016-03-01", "2016-03-01T09:00"),
        ("2016-03-01T07:15", "2016-03-01T07:15"),
        ("2016-02-27", "2016-02-27T16:30"),
        ("2016-03-01T00:00+00:00", "2016-03-01T08:00"),
    ],
)
def test_a_date_alone_means_its_opening_or_now_when_that_has_passed(text: str, meant: str) -> None:
    assert instant_of(text, NOW) == at(meant)


@pytest.mark.parametrize("text", ["tomorrow", "2016-02-30", "20160301 9h", ""])
def test_what_is_no_date_is_refused_by_name(text: str) -> None:
    with pytest.raises(StackError, match=r"^to：应为"):
        instant_of(text, NOW)


@pytest.fixture
async def driver(
    tmp_path: Path, postgres_server: PostgresServer, nats_server: NatsServer
) -> AsyncIterator[ClockDriver]:
    nats_server.reset_streams()
    set_office_clock(tmp_path / "clock", NOW)
    async with await Quiescence.connect(postgres_server.dsn(), nats_server.url, SettleLimits(), ["postgres"]) as rest:
        for _, connection in rest._databases:
            await connection.execute(UNDONE)
        yield ClockDriver(tmp_path / "clock", rest)


async def test_a_leap_year_is_gone_through_day_by_day(driver: ClockDriver, tmp_path: Path) -> None:
    passed: list[date] = []
    await driver.advance(at("2017-02-27T16:30"), passed.append)
    assert len(set(passed)) == 366
    assert OfficeClock(tmp_path / "clock").now() == at("2017-02-27T16:30")


async def test_the_clock_never_goes_back(driver: ClockDriver) -> None:
    with pytest.raises(ClockBackwards, match="只能向前"):
        await driver.advance(at("2016-02-26T09:00"))
    with pytest.raises(ClockBackwards):
        driver.move(at("2016-02-27T16:29"))
    assert driver.now() == NOW
