"""`onewindow calendar publish` on the running stack: a trial run, a refusal with its line, and the publication."""

from importlib.resources import files
from pathlib import Path

from tests.journeys.office import Office
from tests.journeys.test_repair import onewindow
from tests.unit.catalogue.test_calendar_rules import written

SHIPPED = Path(str(files("catalogue")))


async def test_a_years_holidays_are_tried_and_published(office: Office, tmp_path: Path) -> None:
    file = written(tmp_path, ("document: calendar\n", ""))
    tried = onewindow(office.stack, "calendar", "publish", str(file), "--dry-run")
    assert (tried.returncode, "2027 年尚未公布" in tried.stdout, "改为休息 10 天" in tried.stdout) == (0, True, True)
    count = "select count(*) from catalogue_entry where kind = 'calendar'"
    assert (await office.rows("intake", count))[0]["count"] == 0
    published = onewindow(office.stack, "calendar", "publish", str(file))
    assert (published.returncode, "已发布，日历版本" in published.stdout) == (0, True), published.stderr
    assert (await office.rows("intake", count))[0]["count"] == 1
    await office.rest()
    received = await office.rows("approval", "select year, cardinality(days_off) as off from calendar_notice")
    assert [(row["year"], row["off"]) for row in received] == [(2027, 27)]


async def test_a_file_with_a_mistake_is_refused_with_its_line(office: Office, tmp_path: Path) -> None:
    file = written(tmp_path, ('"2027-02-28"', '"2027-03-01"'))
    refused = onewindow(office.stack, "calendar", "publish", str(file))
    assert (refused.returncode, f"{file}:9 holidays[1].makeup[1] " in refused.stdout) == (1, True)
    assert onewindow(office.stack, "calendar", "publish", str(tmp_path / "none.yaml")).returncode == 2


async def test_a_catalogue_that_is_in_force_differs_in_nothing(office: Office) -> None:
    same = onewindow(office.stack, "catalogue", "diff", str(SHIPPED / "items"))
    assert (same.returncode, same.stdout) == (
        0,
        "事项与现行相同。\n未比对：上报去向 7 个；publish 会一并发布，与现行相同的略过。\n",
    ), same.stderr
