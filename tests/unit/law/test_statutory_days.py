"""Statutory holidays by year: the shipped notices grant them all, and others' tables have the same lunar days."""

from datetime import date
from pathlib import Path

import holidays
import pytest

from law.notices import Notice, normal_number, state_council, statutory_days
from law.notices.statutory import LAST_YEAR
from tools.law import lunar_days

WHOLE = [notice for notice in state_council()[1] if not notice.amends]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2007, "01-01 02-18 02-19 02-20 05-01 05-02 05-03 10-01 10-02 10-03"),
        (2008, "01-01 02-06 02-07 02-08 04-04 05-01 06-08 09-14 10-01 10-02 10-03"),
        (2016, "01-01 02-08 02-09 02-10 04-04 05-01 06-09 09-15 10-01 10-02 10-03"),
        (2025, "01-01 01-28 01-29 01-30 01-31 04-04 05-01 05-02 05-31 10-01 10-02 10-03 10-06"),
        (2027, "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"),
        (2089, "01-01 02-09 02-10 02-11 02-12 04-04 05-01 05-02 06-13 09-18 10-01 10-02 10-03"),
        (2201, "01-01 05-01 05-02 10-01 10-02 10-03"),
    ],
)
def test_the_days_follow_the_regulation_as_it_stands_in_the_year(year: int, days: str) -> None:
    assert " ".join(f"{day:%m-%d}" for day in statutory_days(year)) == days


def test_lunar_days_are_those_of_another_table() -> None:
    for year in range(2008, 2100):
        others = set(holidays.country_holidays("CN", years=year, observed=False))
        assert set(statutory_days(year)) <= others | {date(year, 5, 2)}, year


def test_the_table_is_what_the_library_computes() -> None:
    assert lunar_days.check(Path()) == []
    assert (str(LAST_YEAR), str(LAST_YEAR + 1)) == (lunar_days.table().splitlines()[-1][:4], "2201")


@pytest.mark.parametrize("notice", WHOLE, ids=lambda notice: str(notice.year))
def test_each_lunar_day_is_a_holiday_of_its_name_in_the_notice_of_its_year(notice: Notice) -> None:
    """The computed days, proven against the State Council's own notices, name by name."""
    for day, name in statutory_days(notice.year).items():
        (of_the_day,) = [holiday.name for holiday in notice.holidays if day in holiday.off]
        assert name in of_the_day.split("、") or (notice.year, name) in {(2009, "国庆节"), (2020, "国庆节")}, day


@pytest.mark.parametrize(
    "written",
    [
        "国办发明电〔2016〕17号",
        "国办发明电[2016]17号",
        " 国办发明电 （２０１６） １７ 号",
        "国办发明电【2016】\u200b17号",
    ],
)
def test_a_number_has_one_spelling(written: str) -> None:
    assert normal_number(written) == "国办发明电〔2016〕17号"
    assert Notice.read_back(2017, written, [date(2017, 1, 1)], []).number == "国办发明电〔2016〕17号"
