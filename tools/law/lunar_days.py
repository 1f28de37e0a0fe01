"""Writes law/notices/lunar_festivals.toml: the lunar holidays and 清明 of each year by the positions of sun and moon.

A month begins on the day of the new moon; the month with the winter solstice is the eleventh. Where twelve months
and a leap month lie between two solstices, the first month in which the sun enters no sign is the leap one. Days are
those of UTC+8. (GB/T 33661) The library PyEphem computes the moments.

The product reads the table and does not import the library: a stored date must follow from the same days after an
update of the library too. `python -m tools.law.lunar_days` writes the table; the check says when it is stale.

Example: the new moon of September 2089 is on the 4th at 23:57, so 中秋节 is the 18th. Three minutes later it would be
the 19th, and a table in use says so: moments are computed to seconds, not taken from a table.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import ephem

from tools.tree import Violation, read

TABLE = "law/notices/lunar_festivals.toml"
FIRST_YEAR, LAST_YEAR = 2007, 2200
"""From the first year with a notice to the last for which dates are computed."""
_EAST_8 = 8 * ephem.hour
_LEAP_YEAR_MONTHS = 13
_SIGN, _CIRCLE = 30, 360
_CLEAR_BRIGHTNESS = 15
"""Longitude of the sun at 清明, in degrees."""
_HEAD = """# The lunar holidays and 清明 of each year as month and day: 春节 (1st of the first month), 清明节 (the
# solar term), 端午节 (5th of the fifth month), 中秋节 (15th of the eighth); leap months do not count (GB/T 33661).
# Written by `python -m tools.law.lunar_days`, which computes them with the library PyEphem; never changed by hand. The
# notices of 2007 to 2026 and another library's table agree with them (tests/unit/law/test_statutory_days.py).

"""


def table() -> str:
    """The table as the library computes it today."""
    return _HEAD + "".join(_row(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))


def check(root: Path) -> list[Violation]:
    """The table differs from what the library computes."""
    if read(root / TABLE) == table():
        return []
    return [Violation(TABLE, 1, "differs from what the library computes; run python -m tools.law.lunar_days")]


def _row(year: int) -> str:
    starts = _month_starts(year)
    days = (
        starts[1],
        _clear_brightness(year),
        starts[5] + timedelta(days=4),
        starts[8] + timedelta(days=14),
    )
    written = ", ".join(f'"{day:%m-%d}"' for day in days)
    return f"{year} = [{written}]\n"


def _month_starts(year: int) -> dict[int, date]:
    """First day of the first to the tenth month of a year, by number; without the leap month."""
    before, solstice = _solstice(year - 1), _solstice(year)
    new_moons = list(_new_moons(before - timedelta(days=31), solstice + timedelta(days=1)))
    eleventh = max(day for day in new_moons if day <= before)
    months = [day for day in new_moons if eleventh <= day <= max(each for each in new_moons if each <= solstice)]
    leap = None
    if len(months) - 1 == _LEAP_YEAR_MONTHS:
        leap = next(first for first, after in pairwise(months) if not _enters_sign(first, after))
    ordinary = [day for day in months if day != leap]
    return {number: ordinary[number + 1] for number in range(1, 11)}


def _new_moons(first: date, last: date) -> Iterator[date]:
    moment = ephem.next_new_moon(ephem.Date(first.isoformat()))
    while (day := _day(moment)) <= last:
        yield day
        moment = ephem.next_new_moon(moment + 1)


def _enters_sign(first: date, after: date) -> bool:
    """True when the sun reaches a multiple of thirty degrees in the month."""
    return int(_longitude(_midnight(first)) // _SIGN) != int(_longitude(_midnight(after)) // _SIGN)


def _solstice(year: int) -> date:
    return _day(ephem.next_winter_solstice(f"{year}/12/1"))


def _clear_brightness(year: int) -> date:
    day = date(year, 4, 1)
    while not _longitude(_midnight(day)) < _CLEAR_BRIGHTNESS <= _longitude(_midnight(day + timedelta(days=1))):
        day += timedelta(days=1)
    return day


def _longitude(moment: float) -> float:
    """Apparent longitude of the sun in degrees, of the equinox of the moment."""
    sun = ephem.Sun(moment)
    apparent = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=moment)
    return float(math.degrees(ephem.Ecliptic(apparent).lon)) % _CIRCLE


def _midnight(day: date) -> float:
    return float(ephem.Date(day.isoformat()) - _EAST_8)


def _day(moment: float) -> date:
    year, month, day, *_ = ephem.Date(moment + _EAST_8).tuple()
    return date(year, month, day)


if __name__ == "__main__":
    Path(TABLE).write_text(table(), "utf-8")
