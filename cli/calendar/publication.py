"""Publication of a year's holidays from a file, and the changes that it makes to the calendar in force."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import typer
from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice

from catalogue.check import CalendarDocument, Finding, check
from catalogue.wire import notice_message
from cli.catalogue.publication import configurator, holidays, publish_notice
from client.office import OfficeClient

_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_FIRST_YEAR = 2007
_MOVED = "服务不能预先回答有多少在办件的期限会变；已存的暂定期限以各件案卷为准。"


def publish_file(path: Path, *, dry_run: bool) -> None:
    """Checks the file, then publishes it or prints the changes that this would make; exit code 1 with every finding."""
    if not path.is_file():
        raise typer.BadParameter(f"找不到文件 {path}", param_hint="FILE")
    checked = check(path, "calendar")
    findings = checked.findings
    if not findings and not checked.calendars:
        findings = (Finding(str(path), 1, "document", "unknown_document", "这不是放假安排（document: calendar）。"),)
    if findings:
        typer.echo("\n".join([*map(str, findings), f"共 {len(findings)} 个问题，改正后才能发布。"]))
        raise typer.Exit(1)
    typer.echo("\n".join(asyncio.run(_changed(checked.calendars[0], dry_run))))


async def trial_publication(client: OfficeClient, calendar: CalendarDocument) -> list[str]:
    """The changes that a publication would make, in Chinese; nothing is published. Raises CallFailed."""
    return ["试发布，未作改动。", *await _changes(client, calendar), _MOVED]


async def publish_year(client: OfficeClient, calendar: CalendarDocument) -> list[str]:
    """The changes that the publication made, in Chinese. Raises CallFailed."""
    changes = await _changes(client, calendar)
    version = await publish_notice(client, notice_message(calendar))
    return [*changes, f"已发布，日历版本 {version}"]


async def _changed(calendar: CalendarDocument, dry_run: bool) -> list[str]:
    async with configurator() as client:
        return await (trial_publication if dry_run else publish_year)(client, calendar)


async def _changes(client: OfficeClient, calendar: CalendarDocument) -> list[str]:
    year, notice = calendar.year, notice_message(calendar)
    current = await holidays(client, year)
    before = await holidays(client, year - 1) if year > _FIRST_YEAR else None
    return list(changes(notice, current, before))


def changes(notice: HolidayNotice, current: HolidayNotice | None, last_year: HolidayNotice | None) -> Iterator[str]:
    """The year, and the days whose kind changes."""
    off, makeup = len(notice.days_off), len(notice.makeup_days)
    yield f"{notice.year} 年放假安排（{notice.number}）：放假 {off} 天，调休上班 {makeup} 天"
    if current is None:
        yield f"现行日历：{notice.year} 年尚未公布，按周一至周五推算，期限为暂定；发布后确定"
    elif current == notice:
        yield f"现行日历：与本通知相同（{current.number}），没有变化"
    else:
        yield f"现行日历：{current.number}"
    now, then = _worked(last_year, current), _worked(last_year, notice)
    ordered = {*notice.days_off, *notice.makeup_days, *(current.days_off if current else ())}
    ordered.update(current.makeup_days if current else ())
    moved = [day for day in map(date.fromisoformat, sorted(ordered)) if now(day) != then(day)]
    yield from _listed("改为休息", [day for day in moved if not then(day)])
    yield from _listed("改为上班", [day for day in moved if then(day)])
    if moved:
        yield f"{notice.year} 年工作日：{_working_days(notice.year, now)} 天改为 {_working_days(notice.year, then)} 天"


def _worked(*notices: HolidayNotice | None) -> Callable[[date], bool]:
    """A test for working days by these notices, the later over the earlier, else by the week."""
    ordered: dict[str, bool] = {}
    for notice in notices:
        if notice is not None:
            ordered.update(dict.fromkeys(notice.days_off, False) | dict.fromkeys(notice.makeup_days, True))
    return lambda day: ordered.get(day.isoformat(), day.weekday() < _SATURDAY)


def _working_days(year: int, worked: Callable[[date], bool]) -> int:
    first = date(year, 1, 1)
    return sum(worked(first + index * _ONE_DAY) for index in range((date(year + 1, 1, 1) - first).days))


def _listed(change: str, days: Sequence[date]) -> Iterator[str]:
    if days:
        yield f"{change} {len(days)} 天：" + "、".join(f"{day}（周{_WEEKDAYS[day.weekday()]}）" for day in days)
