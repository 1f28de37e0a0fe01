"""Publication of a year's holidays from a file, and the changes that it makes to the calendar in force."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import typer
from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice

from catalogue.check import CalendarDocument, Finding, check
from catalogue.wire import notice_message
from cli.calendar import recount
from cli.calendar.recount import ServiceRecount
from cli.catalogue.publication import configurator, holidays, publish_notice
from client.office import OfficeClient
from law.notices import Notice
from law.workdays import state_council

_WEEKDAYS = "一二三四五六日"
_ONE_DAY = timedelta(days=1)
_FIRST_YEAR = 2007
_UNFINISHED = 3
"""Exit code where a service has not recounted its files in time."""


@dataclass(frozen=True, slots=True)
class PublicationOptions:
    """The way in which a file is published."""

    dry_run: bool = False
    as_json: bool = False
    wait_seconds: float = 600.0
    """Longest wait until every service has recounted its open files."""


@dataclass(frozen=True, slots=True)
class Published:
    """A publication, or a trial of one, with the files that it changes."""

    notice: HolidayNotice
    days: Sequence[str]
    """The days that change, in Chinese."""
    moved: Sequence[tuple[date, bool]]
    """The days that change, each with whether it is worked from then on."""
    recounts: Sequence[ServiceRecount]
    version: str = ""
    """Version of the calendar from then on; empty for a trial."""

    def words(self) -> Iterator[str]:
        """For a reader, in Chinese."""
        dry_run = not self.version
        if dry_run:
            yield "试发布，未作改动。"
        yield from self.days
        if not dry_run:
            yield f"已发布，日历版本 {self.version}"
        yield from recount.words(self.recounts, dry_run=dry_run)

    def document(self) -> str:
        """One JSON document."""
        notice = {
            "year": self.notice.year,
            "number": self.notice.number,
            "days_off": list(self.notice.days_off),
            "makeup_days": list(self.notice.makeup_days),
        }
        days = [{"on": day.isoformat(), "works": works} for day, works in self.moved]
        written = {"notice": notice, "published": bool(self.version), "calendar_version": self.version, "days": days}
        return json.dumps(written | recount.fields(self.recounts), ensure_ascii=False)


def publish_file(path: Path, options: PublicationOptions) -> None:
    """Checks the file, then publishes it or prints the changes that this would make; exit code 1 with every finding.

    After a publication it waits until the open files are recounted; exit code 3 when the wait is over before.
    """
    if not path.is_file():
        raise typer.BadParameter(f"找不到文件 {path}", param_hint="FILE")
    checked = check(path, "calendar")
    findings = checked.findings
    if not findings and not checked.calendars:
        findings = (Finding(str(path), 1, "document", "unknown_document", "这不是放假安排（document: calendar）。"),)
    if findings:
        typer.echo("\n".join([*map(str, findings), f"共 {len(findings)} 个问题，改正后才能发布。"]))
        raise typer.Exit(1)
    published = asyncio.run(_published(checked.calendars[0], options))
    typer.echo(published.document() if options.as_json else "\n".join(published.words()))
    if not all(each.finished for each in published.recounts):
        raise typer.Exit(_UNFINISHED)


async def trial_publication(client: OfficeClient, calendar: CalendarDocument) -> Published:
    """The changes that a publication would make; nothing is published. Raises CallFailed."""
    notice = notice_message(calendar)
    days, moved, _ = await _changes(client, notice)
    return Published(notice, days, moved, await recount.previews(client, notice))


async def publish_year(client: OfficeClient, calendar: CalendarDocument, wait_seconds: float) -> Published:
    """The changes that the publication made, once every open file follows it. Raises CallFailed."""
    notice = notice_message(calendar)
    days, moved, before = await _changes(client, notice)
    version = await publish_notice(client, notice)
    recounts = await recount.recounts(client, version, wait_seconds) if version != before else []
    return Published(notice, days, moved, recounts, version)


async def _published(calendar: CalendarDocument, options: PublicationOptions) -> Published:
    async with configurator() as client:
        if options.dry_run:
            return await trial_publication(client, calendar)
        return await publish_year(client, calendar, options.wait_seconds)


async def _changes(client: OfficeClient, notice: HolidayNotice) -> tuple[list[str], list[tuple[date, bool]], str]:
    """The days that change, in Chinese and as days; and the version of the calendar in force."""
    current, version = await holidays(client, notice.year)
    before = (await holidays(client, notice.year - 1))[0] if notice.year > _FIRST_YEAR else None
    return list(changes(notice, current, before)), moved_days(notice, current, before), version


def changes(notice: HolidayNotice, current: HolidayNotice | None, last_year: HolidayNotice | None) -> Iterator[str]:
    """The year, and the days whose kind changes."""
    off, makeup = len(notice.days_off), len(notice.makeup_days)
    yield f"{notice.year} 年放假安排（{notice.number}）：放假 {off} 天，调休上班 {makeup} 天"
    if current is None:
        yield f"现行日历：{notice.year} 年尚未公布，法定节假日休息、其余按周一至周五推算，期限为暂定；发布后确定"
    elif current == notice:
        yield f"现行日历：与本通知相同（{current.number}），没有变化"
    else:
        yield f"现行日历：{current.number}"
    now, then = _worked(last_year, current), _worked(last_year, notice)
    moved = moved_days(notice, current, last_year)
    yield from _listed("改为休息", [day for day, works in moved if not works])
    yield from _listed("改为上班", [day for day, works in moved if works])
    if moved:
        yield f"{notice.year} 年工作日：{_working_days(notice.year, now)} 天改为 {_working_days(notice.year, then)} 天"


def moved_days(
    notice: HolidayNotice, current: HolidayNotice | None, last_year: HolidayNotice | None
) -> list[tuple[date, bool]]:
    """The days whose kind changes, in order, each with whether it is worked from then on."""
    now, then = _worked(last_year, current), _worked(last_year, notice)
    ordered = {*notice.days_off, *notice.makeup_days, *(current.days_off if current else ())}
    ordered.update(current.makeup_days if current else ())
    days = map(date.fromisoformat, sorted(ordered))
    return [(day, then(day)) for day in days if now(day) != then(day)]


def _worked(*published: HolidayNotice | None) -> Callable[[date], bool]:
    """A test for working days by the product's calendar and these notices, the later over the earlier."""
    calendar = state_council()
    for notice in published:
        if notice is not None:
            off, makeup = (map(date.fromisoformat, days) for days in (notice.days_off, notice.makeup_days))
            calendar = calendar.with_notice(Notice.read_back(notice.year, notice.number, off, makeup), "")
    return calendar.works


def _working_days(year: int, worked: Callable[[date], bool]) -> int:
    first = date(year, 1, 1)
    return sum(worked(first + index * _ONE_DAY) for index in range((date(year + 1, 1, 1) - first).days))


def _listed(change: str, days: Sequence[date]) -> Iterator[str]:
    if days:
        yield f"{change} {len(days)} 天：" + "、".join(f"{day}（周{_WEEKDAYS[day.weekday()]}）" for day in days)
