"""Opening hours of a hall: the day on which a receipt counts, the next opening, and their rules. (民法典 203)

Example: a hall is open 8:30-12:00 and 14:00-17:30 on working days, and 9:00-12:00 on Saturdays. A paper that comes on
Friday at 7:00, at 12:30 or at 17:29 was received on Friday; one of 17:30 on Saturday, one of Saturday 12:00 on Monday.

A closure (study hour, typhoon, repair) closes the windows and gives no numbers. It moves no day of receipt, and so no
last day: papers that come on such a day by another way, or that a window took all the same, were received on that day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from itertools import islice

from law.items import FIRST_DAY, LAST_DAY, Breach, public_text_faults
from law.not_allowed import rule
from law.workdays import Calendar, DayKind

_ONE_DAY = timedelta(days=1)
_LONGEST_SEARCH = 366
_SATURDAY, _SUNDAY = 6, 7
_WEEKDAYS = "一二三四五六日"


class ServiceDay(IntEnum):
    """Kind of days on which a hall is open; the numbers are those of the contract."""

    WORKING_DAY = 1  # 工作日, also a made-up one
    SATURDAY = 2  # 周六延时服务: a Saturday that is neither worked nor a holiday
    SUNDAY = 3


_DAYS_WRITTEN = {
    ServiceDay.WORKING_DAY: "工作日",
    ServiceDay.SATURDAY: "星期六",
    ServiceDay.SUNDAY: "星期日",
}


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Hours in which a hall is open on a kind of days, such as the morning; both days included."""

    day: ServiceDay
    opens_at: time
    closes_at: time
    effective_from: date | None = None
    effective_to: date | None = None

    def in_force(self, on: date) -> bool:
        """True when they hold on a day."""
        return (self.effective_from or date.min) <= on <= (self.effective_to or date.max)


@dataclass(frozen=True, slots=True)
class HallClosure:
    """Hours or days on which the windows are closed; without times the whole day."""

    says: str
    weekday: int
    """1 is Monday; 0 for every day."""
    begins_at: time | None
    ends_at: time | None
    effective_from: date
    effective_to: date | None = None

    def in_force(self, on: date) -> bool:
        """True when it is in force on a day, on whatever weekdays."""
        return self.effective_from <= on <= (self.effective_to or date.max)

    def falls_on(self, on: date) -> bool:
        """True when windows are closed on the day, for an hour at least."""
        return self.in_force(on) and self.weekday in (0, on.isoweekday())


@dataclass(frozen=True, slots=True)
class HallHours:
    """Hours and closures of one hall, past and coming ones included."""

    hours: tuple[OpeningHours, ...] = ()
    closures: tuple[HallClosure, ...] = ()

    def or_until(self, closing: time) -> "HallHours":
        """The same, where a working day before the first published hours ends at a closing time."""
        of_working_days = [each for each in self.hours if each.day is ServiceDay.WORKING_DAY]
        starts = [each.effective_from for each in of_working_days]
        if None in starts:
            return self
        last = min((start for start in starts if start), default=None)
        unpublished = OpeningHours(ServiceDay.WORKING_DAY, time.min, closing, None, last - _ONE_DAY if last else None)
        return replace(self, hours=(unpublished, *self.hours))

    def of_day(self, on: date, calendar: Calendar) -> list[OpeningHours]:
        """Hours of the day, in order, whatever is closed meanwhile; raises BeforeFirstNotice."""
        kind = _service_day(on, calendar)
        found = [each for each in self.hours if each.day is kind and each.in_force(on)]
        return sorted(found, key=lambda each: each.opens_at)

    def closes_at(self, on: date, calendar: Calendar) -> time | None:
        """The end of the day at the hall; None on a day without hours. Raises BeforeFirstNotice."""
        return max((each.closes_at for each in self.of_day(on, calendar)), default=None)


@rule("民法典 203")
def received_on(at: datetime, hours: HallHours, calendar: Calendar) -> date:
    """What comes before the day's last closing of the hall was received on that day, else on its next day of hours.

    Before opening, at noon and in a closure the day has not ended. Raises BeforeFirstNotice.
    """
    closing = hours.closes_at(at.date(), calendar)
    if closing is not None and at.time() < closing:
        return at.date()
    return next_day_of_hours(at.date(), hours, calendar)


def next_day_of_hours(after: date, hours: HallHours, calendar: Calendar) -> date:
    """The first day after one that the hall has hours on: a working day, or a rest day with service before it.

    Every working day is one, whatever is published. Raises BeforeFirstNotice.
    """
    working = calendar.nth(after, 1)
    between = (after + timedelta(days=n) for n in range(1, (working - after).days))
    return next((on for on in between if hours.of_day(on, calendar)), working)


def next_open_at(at: datetime, hours: HallHours, calendar: Calendar) -> datetime | None:
    """The instant from which on windows are open: `at` itself while they are; None where no such day is in sight."""
    for on in (at.date() + timedelta(days=n) for n in range(_LONGEST_SEARCH)):
        for opens_at, closes_at in _open_spans(on, hours, calendar):
            if on > at.date() or at.time() < closes_at:
                return max(at, datetime.combine(on, opens_at, at.tzinfo))
    return None


@rule()
def hours_written(hours: HallHours, on: date) -> str:
    """Opening hours are written as they are in force on the day, with the closures of that time; empty without any."""
    days = []
    for kind, name in _DAYS_WRITTEN.items():
        of_kind = [each for each in hours.hours if each.day is kind and each.in_force(on)]
        if spans := sorted((each.opens_at, each.closes_at) for each in of_kind):
            days.append(name + "、".join(f"{_clock(first)}-{_clock(last)}" for first, last in spans))
    closed = [_closure_written(each) for each in hours.closures if each.in_force(on)]
    return "，".join(days) + (f"（{'；'.join(closed)}）" if days and closed else "")


def hall_breaches(hall: HallHours) -> Iterator[Breach]:
    """Rules that published hours break, each with its field; asked of the file and of the call alike."""
    if not any(each.day is ServiceDay.WORKING_DAY for each in hall.hours):
        named = "、".join(dict.fromkeys(_DAYS_WRITTEN[each.day] for each in hall.hours))
        sentence = "应公布工作日的办公时间，现在" + (f"只有{named}的。" if named else "一段也没有。")
        yield Breach(("hours",), "hours", sentence)
    for position, hours in enumerate(hall.hours):
        if hours.closes_at <= hours.opens_at:
            times = f"{_clock(hours.opens_at)}-{_clock(hours.closes_at)}"
            yield Breach(("hours", position, "closes_at"), "hours", f"结束时间应晚于开始时间，现为{times}。")
        yield from _period_breaches(("hours", position), hours.effective_from, hours.effective_to)
        for other in islice((each for each in hall.hours[:position] if _overlap(hours, each)), 1):
            met, earlier = (f"{_clock(each.opens_at)}-{_clock(each.closes_at)}" for each in (hours, other))
            sentence = f"{_DAYS_WRITTEN[hours.day]}{met}与前面的{earlier}重叠。"
            yield Breach(("hours", position), "hours_overlap", sentence)
        if (gap := _gap_after(hours, hall)) is not None:
            yield Breach(("hours", position, "effective_to"), "hours_gap", f"自{gap}起没有公布工作日的办公时间。")
    for position, closure in enumerate(hall.closures):
        for breach in _closure_breaches(closure):
            yield Breach(("closures", position, *breach.field), breach.rule, breach.sentence)


def _service_day(on: date, calendar: Calendar) -> ServiceDay | None:
    day = calendar.day(on)
    if day.works:
        return ServiceDay.WORKING_DAY
    if day.kind is DayKind.HOLIDAY:
        return None
    return {_SATURDAY: ServiceDay.SATURDAY, _SUNDAY: ServiceDay.SUNDAY}.get(on.isoweekday())


def _open_spans(on: date, hours: HallHours, calendar: Calendar) -> list[tuple[time, time]]:
    """Hours of the day without its closures, in order."""
    spans = [(each.opens_at, each.closes_at) for each in hours.of_day(on, calendar)]
    for closure in hours.closures:
        if closure.falls_on(on):
            spans = [rest for span in spans for rest in _without(span, closure)]
    return spans


def _without(span: tuple[time, time], closure: HallClosure) -> list[tuple[time, time]]:
    (opens_at, closes_at), begins_at, ends_at = span, closure.begins_at, closure.ends_at
    if begins_at is None or ends_at is None:
        return []
    before, after = (opens_at, min(closes_at, begins_at)), (max(opens_at, ends_at), closes_at)
    return [(first, last) for first, last in (before, after) if first < last]


def _overlap(one: OpeningHours, other: OpeningHours) -> bool:
    if one.day is not other.day or one.opens_at >= other.closes_at or other.opens_at >= one.closes_at:
        return False
    first = max(one.effective_from or date.min, other.effective_from or date.min)
    return first <= min(one.effective_to or date.max, other.effective_to or date.max)


def _gap_after(ended: OpeningHours, hall: HallHours) -> date | None:
    """The day after these hours of working days, when nothing is published for it."""
    if ended.day is not ServiceDay.WORKING_DAY or ended.effective_to is None or ended.effective_to >= LAST_DAY:
        return None
    after = ended.effective_to + _ONE_DAY
    follows = any(each.day is ServiceDay.WORKING_DAY and each.in_force(after) for each in hall.hours)
    return None if follows else after


def _closure_breaches(closure: HallClosure) -> Iterator[Breach]:
    for broken, sentence in public_text_faults(closure.says):
        yield Breach(("says",), broken, f"说明{sentence}")
    if (closure.begins_at is None) is not (closure.ends_at is None):
        given = f"开始时间{_clock(closure.begins_at)}" if closure.begins_at else ""
        given += f"结束时间{_clock(closure.ends_at)}" if closure.ends_at else ""
        sentence = f"停办的开始时间和结束时间应同时填写，全天停办的都不填；现在只有{given}。"
        yield Breach(("ends_at",), "closure_times", sentence)
    elif closure.begins_at is not None and closure.ends_at is not None and closure.ends_at <= closure.begins_at:
        times = f"{_clock(closure.begins_at)}-{_clock(closure.ends_at)}"
        yield Breach(("ends_at",), "hours", f"结束时间应晚于开始时间，现为{times}。")
    if closure.begins_at is None and closure.weekday == 0 and closure.effective_to is None:
        yield Breach(("effective_to",), "closure_end", "全天停办应写明截止日，现在没有写。")
    yield from _period_breaches((), closure.effective_from, closure.effective_to)


def _period_breaches(
    field: tuple[str | int, ...], effective_from: date | None, effective_to: date | None
) -> Iterator[Breach]:
    for name, on in (("effective_from", effective_from), ("effective_to", effective_to)):
        if on is not None and not FIRST_DAY <= on <= LAST_DAY:
            yield Breach((*field, name), "day_in_range", f"{on}不在1950年至2200年之间。")
    if effective_from is not None and effective_to is not None and effective_to < effective_from:
        sentence = f"失效日{effective_to}早于生效日{effective_from}。"
        yield Breach((*field, "effective_to"), "effective_dates", sentence)


def _closure_written(closure: HallClosure) -> str:
    days = f"周{_WEEKDAYS[closure.weekday - 1]}" if closure.weekday else _days_written(closure)
    hours = f"{_clock(closure.begins_at)}-{_clock(closure.ends_at)}" if closure.begins_at and closure.ends_at else ""
    return f"{days}{hours}{closure.says}停办"


def _days_written(closure: HallClosure) -> str:
    first, last = closure.effective_from, closure.effective_to
    if last is None:
        return "每天"
    written = f"{first.month}月{first.day}日"
    return written if first == last else f"{written}至{last.month}月{last.day}日"


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"
