"""What publishing a year's holidays changes, as the configurator reads it before and after."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice

from catalogue.check import CalendarDocument
from catalogue.wire import notice_message
from cli.publishing import holidays, publish_notice
from simulation.desks import Desks

_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_FIRST_YEAR = 2007
_MOVED = "服务不能预先回答有多少在办件的期限会变；已存的暂定期限以各件案卷为准。"


async def foretold(desks: Desks, calendar: CalendarDocument) -> list[str]:
    """What would change in the running calendar, in Chinese; nothing is published. Raises CallFailed."""
    return ["试发布，未作改动。", *await _changes(desks, calendar), _MOVED]


async def published(desks: Desks, calendar: CalendarDocument) -> list[str]:
    """Publishes, and tells what has changed by it. Raises CallFailed."""
    changes = await _changes(desks, calendar)
    version = await publish_notice(desks, notice_message(calendar))
    return [*changes, f"已发布，日历版本 {version}"]


async def _changes(desks: Desks, calendar: CalendarDocument) -> list[str]:
    year, notice = calendar.year, notice_message(calendar)
    current = await holidays(desks, year)
    before = await holidays(desks, year - 1) if year > _FIRST_YEAR else None
    return list(changes(calendar, notice, current, before))


def changes(
    calendar: CalendarDocument, notice: HolidayNotice, current: HolidayNotice | None, last_year: HolidayNotice | None
) -> Iterator[str]:
    """The year, the days that are worked otherwise than now, and what the file does not name."""
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
    if calendar.unnamed:
        yield f"提示：通知中没有写到{'、'.join(calendar.unnamed)}，请核对是否漏录"


def _worked(*notices: HolidayNotice | None) -> Callable[[date], bool]:
    """Whether a day is worked by these notices, the later holding over the earlier, else by the week."""
    ordered: dict[str, bool] = {}
    for notice in notices:
        if notice is not None:
            ordered.update(dict.fromkeys(notice.days_off, False) | dict.fromkeys(notice.makeup_days, True))
    return lambda day: ordered.get(day.isoformat(), day.weekday() < _SATURDAY)


def _working_days(year: int, worked: Callable[[date], bool]) -> int:
    first = date(year, 1, 1)
    return sum(worked(first + index * _ONE_DAY) for index in range((date(year + 1, 1, 1) - first).days))


def _listed(what: str, days: Sequence[date]) -> Iterator[str]:
    if days:
        yield f"{what} {len(days)} 天：" + "、".join(f"{day}（周{_WEEKDAYS[day.weekday()]}）" for day in days)
