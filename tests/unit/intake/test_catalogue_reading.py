"""Reading of the catalogue: items by day and page, holidays with the version of the calendar."""

from datetime import date
from pathlib import Path

import pytest

from chassis.refusals import NotFound
from tests.unit.intake.hall import INSTANT, PROMISED
from tests.unit.intake.office import InMemory


@pytest.fixture
def intake(tmp_path: Path) -> InMemory:
    """Intake over stores in memory."""
    return InMemory(tmp_path)


async def test_items_are_read_by_day_and_by_page(intake: InMemory) -> None:
    publication = intake.publication
    assert await publication.item(PROMISED.code, None) is PROMISED
    assert await publication.item(PROMISED.code, date(2016, 1, 4)) is PROMISED
    with pytest.raises(NotFound, match="没有施行中的版本"):
        await publication.item(PROMISED.code, date(2015, 1, 1))
    with pytest.raises(NotFound):
        await publication.item("X" * 31, None)
    first, second = sorted([PROMISED.code, INSTANT.code])
    items, total = await publication.items("", 1)
    assert ([item.code for item in items], total) == ([first], 2)
    assert [item.code for item in (await publication.items(first, 5))[0]] == [second]
    assert await publication.items(second, 5) == ([], 2)


async def test_the_holidays_of_a_year_are_read_with_the_version_of_the_calendar(intake: InMemory) -> None:
    notice, version = await intake.publication.holidays(2016)
    assert notice is not None
    assert (notice.year, version) == (2016, "state-council-2026")
    assert await intake.publication.holidays(2027) == (None, "state-council-2026")
