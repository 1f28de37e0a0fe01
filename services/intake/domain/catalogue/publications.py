"""Publication by the district: the next version of an item, the holidays of a year, a window of a hall.

Publishing what is equal to the last publication changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from law.not_allowed import Malformed, NotAllowed
from law.notices import Holiday, Notice, WrongNotice
from services.intake.domain.catalogue.item import CatalogueItem, HolidayNotice, ItemKind, StepKind, Window
from services.intake.domain.catalogue.state import (
    CalendarPublished,
    Catalogue,
    CatalogueEntry,
    ItemPublished,
    WindowPublished,
)

_HOLIDAYS = "holidays"
"""Name by which the law's refusal means both lists of days together."""


class VersionNotNext(NotAllowed):
    """Versions of an item are counted by the catalogue, one after the other."""

    sentence = "版本号由目录编排，应填0或{expected}。"


class WrongItem(Malformed):
    """An item contradicts itself."""

    sentence = "事项内容有误：{rule}。"


class WrongWindow(Malformed):
    """A window contradicts itself, or stands in another district."""

    sentence = "窗口内容有误：{rule}。"


def publish_item(entry: CatalogueEntry, item: CatalogueItem, today: date) -> list[ItemPublished]:
    """The next version; nothing when it equals the latest one. Raises VersionNotNext, WrongItem."""
    for field, rule in _contradictions(item):
        raise WrongItem(field, rule=rule)
    latest = entry.latest
    current = latest.version if latest else 0
    if latest is not None and item.version in (0, current) and replace(item, version=current) == latest:
        return []
    if item.version not in (0, current + 1):
        raise VersionNotNext("version", expected=current + 1)
    return [ItemPublished(today, replace(item, version=current + 1))]


def publish_calendar(
    entry: CatalogueEntry, notice: HolidayNotice, catalogue: Catalogue, today: date
) -> list[CalendarPublished]:
    """The notice with the version of the calendar from now on; nothing when it is equal. Raises WrongNotice."""
    if entry.notice == notice:
        return []
    try:
        calendar = catalogue.calendar_with(notice, entry.revision + 1)
    except WrongNotice as wrong:
        if wrong.field == _HOLIDAYS:
            wrong.field = _wrong_days(notice)
        raise
    return [CalendarPublished(today, notice, calendar.version)]


def publish_window(entry: CatalogueEntry, window: Window, district: str, today: date) -> list[WindowPublished]:
    """The window; nothing when it equals the window as it is known. Raises WrongWindow."""
    if not window.street.startswith(district):
        raise WrongWindow("street", rule="街道不属于本区")
    if window.open_to is not None and window.open_to < window.open_from:
        raise WrongWindow("open_to", rule="停用日期早于启用日期")
    return [] if entry.window == window else [WindowPublished(today, window)]


def _contradictions(item: CatalogueItem) -> Iterator[tuple[str, str]]:
    yield from _duplicates("materials", [material.code for material in item.materials])
    yield from _duplicates("route", [step.code for step in item.route])
    yield from _route(item)
    if item.effective_to is not None and item.effective_to < item.effective_from:
        yield "effective_to", "失效日期早于生效日期"
    for index, season in enumerate(item.seasons):
        if season.open_to < season.open_from:
            yield f"seasons[{index}].open_to", "结束日期早于开始日期"
    if item.promised_limit.unit is item.legal_limit.unit and item.promised_limit.days > item.legal_limit.days:
        yield "promised_limit.days", "承诺时限长于法定时限"


def _route(item: CatalogueItem) -> Iterator[tuple[str, str]]:
    if item.kind is ItemKind.INSTANT:
        if item.route:
            yield "route", "即办件在窗口当场办结，不设办理环节"
        return
    for name, limit in (("legal_limit", item.legal_limit), ("promised_limit", item.promised_limit)):
        if not limit.days:
            yield f"{name}.days", "只有即办件的时限可以为0"
    if not item.route:
        yield "route", "承诺件和上报件应有办理环节"
        return
    last = StepKind.REFER if item.kind is ItemKind.FORWARDED else StepKind.DECIDE
    if item.route[-1].kind is not last:
        yield "route", "上报件的最后环节应为转报，承诺件的最后环节应为决定"
    for index, step in enumerate(item.route[:-1]):
        if step.kind is not StepKind.REVIEW:
            yield f"route[{index}].kind", "决定或转报只能是最后一个环节"
    if item.kind is ItemKind.FORWARDED and not item.refers_to:
        yield "refers_to", "上报件应写明上报去向"


def _duplicates(field: str, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            yield f"{field}[{index}].code", f"代码{code}重复"
        seen.add(code)


def _wrong_days(notice: HolidayNotice) -> str:
    """The list of days that contradicts the notice: the days off by themselves, or else the make-up days."""
    try:
        Notice(notice.year, notice.number, (Holiday("", off=notice.days_off),))
    except WrongNotice:
        return "days_off"
    return "makeup_days"
