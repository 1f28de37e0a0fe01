"""One notice, as an office reads it: holiday by holiday, the days off and the days worked instead."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from law.not_allowed import Malformed
from law.notices.statutory import LONGEST_HOLIDAY, days_within_reach, statutory_days

_SATURDAY = 5
_DECEMBER = 12
_OFF, _MAKEUP, _BOTH = "days_off", "makeup_days", "holidays"
"""Fields of days off, of make-up days, and of what is neither."""
_PARTS_WRITTEN = {_OFF: "放假", _MAKEUP: "调休上班", _BOTH: "不放假"}
_FARTHEST_MAKEUP = timedelta(days=21)
"""Make-up days were at most fifteen days away from the days for which they were worked, 2007 to 2026."""
_REGULATION = "全国年节及纪念日放假办法第二条"
_BRACKETS = str.maketrans({**dict.fromkeys("[(<{【〖《〈「『〘", "〔"), **dict.fromkeys("])>}】〗》〉」』〙", "〕")})
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,20}〔(?P<year>[0-9]{4})〕[1-9][0-9]{0,4}号")


@dataclass(frozen=True, slots=True)
class NoticeFault:
    """A rule that a field of a notice breaks; the sentence is Chinese, without a full stop."""

    field: str
    rule: str
    sentence: str
    day: date | None = None
    """The day that breaks it; None when it is no single one."""


class WrongNotice(Malformed):
    """A holiday notice contradicts itself, its year or the week."""

    sentence = "放假通知内容有误：{fault}。"

    rule: str = "notice"
    faults: tuple[NoticeFault, ...] = ()
    """Every rule that the notice breaks."""

    @classmethod
    def of(cls, *faults: NoticeFault) -> Self:
        """The refusal that names the first of these faults and has all of them."""
        wrong = cls(faults[0].field, fault=faults[0].sentence)
        wrong.rule, wrong.faults = faults[0].rule, faults
        return wrong


def normal_number(written: str) -> str:
    """The number of a document in one spelling, for instance 国办发明电〔2016〕17号.

    Digits and letters of full width, every kind of bracket, and blanks are spellings of the same number.
    """
    plain = "".join(unicodedata.normalize("NFKC", written).split())
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").translate(_BRACKETS)


@dataclass(frozen=True, slots=True)
class Holiday:
    """Order of a notice for one holiday."""

    name: str
    """For instance 春节; empty when the notice was published without names."""
    off: tuple[date, ...] = ()
    """Days of rest as the notice names them; a span takes its weekend days in."""
    makeup: tuple[date, ...] = ()
    """Saturdays and Sundays worked instead (调休上班)."""
    ordinary: tuple[date, ...] = ()
    """Days that an earlier notice had ordered and this one gives back to the week."""

    @property
    def days(self) -> tuple[date, ...]:
        """Every day it orders."""
        return self.off + self.makeup + self.ordinary


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of the State Council, or one that amends it; raises WrongNotice when it breaks a rule.

    Every way in meets the same rules here: file, call, data of the product. Of a notice of the whole year, published in
    the year before, the days off form holidays around the statutory ones; a notice published within its year (its
    number says so) may order further ones, as for 3 September 2015.
    """

    year: int
    """The year it is about; days of the December before may stand in it as well."""
    number: str
    """For instance 国办发明电〔2015〕18号: what an answer cites."""
    holidays: tuple[Holiday, ...]
    amends: str = ""
    """Number of the notice of which it changes single days; empty for a notice that orders its whole year."""
    signed_on: date | None = None
    published_on: date | None = None
    stored: bool = field(default=False, repr=False, compare=False)
    """True for one that a release took before: it is counted by, whatever rule came later. See `read_back`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", normal_number(self.number))
        object.__setattr__(self, "amends", normal_number(self.amends))
        if not self.number:
            raise WrongNotice.of(NoticeFault("number", "number", "缺少文号"))
        if self.amends == self.number:
            raise WrongNotice.of(NoticeFault("amends", "amends", f"通知不能修改自身（{self.number}）"))
        faults = [*self._contradictions()]
        if not self.stored:
            # Days that contradict one another would break the rules of the year as well.
            faults = [*self._misnumbered(), *(faults or (*self._statutory_days_worked(), *self._moved_too_far()))]
        if faults:
            raise WrongNotice.of(*faults)

    @classmethod
    def read_back(cls, year: int, number: str, days_off: Iterable[date], makeup_days: Iterable[date]) -> Self:
        """A notice that was published before, as it was stored: asked no rule that an earlier release did not have."""
        return cls(year, number, (Holiday("", tuple(days_off), tuple(makeup_days)),), stored=True)

    @property
    def days_off(self) -> frozenset[date]:
        """Every day of rest that it names."""
        return frozenset(day for holiday in self.holidays for day in holiday.off)

    @property
    def makeup_days(self) -> frozenset[date]:
        """Every Saturday and Sunday that it has worked."""
        return frozenset(day for holiday in self.holidays for day in holiday.makeup)

    @property
    def published_in(self) -> int:
        """Year in its number; 0 where the number has none."""
        number = _NUMBER.fullmatch(self.number)
        return int(number["year"]) if number else 0

    def _misnumbered(self) -> Iterator[NoticeFault]:
        if not self.published_in:
            example = f"国办发明电〔{self.year - 1}〕1号"
            yield NoticeFault("number", "number", f"文号{self.number}不是完整的发文字号，应如{example}")
        elif self.published_in not in (self.year - 1, self.year):
            sentence = f"文号{self.number}的年份{self.published_in}与{self.year}年的安排不符，放假通知在上年或当年印发"
            yield NoticeFault("number", "number", sentence)

    def _contradictions(self) -> Iterator[NoticeFault]:
        ordered: dict[date, str] = {}
        for holiday in self.holidays:
            for part, days in ((_OFF, holiday.off), (_MAKEUP, holiday.makeup), (_BOTH, holiday.ordinary)):
                for day in days:
                    if day in ordered:
                        sentence = f"{day}重复列出，前面已列为{_PARTS_WRITTEN[ordered[day]]}"
                        yield NoticeFault(part, "duplicate_day", sentence, day)
                    if not self._covers(day):
                        yield NoticeFault(
                            part, "other_year", f"{day}不属于{self.year}年的安排（上年十二月可列入）", day
                        )
                    ordered.setdefault(day, part)
            for day in holiday.makeup:
                if day.weekday() < _SATURDAY:
                    yield NoticeFault(_MAKEUP, "makeup_weekday", f"{day}不是周六或周日，不能调休上班", day)

    def _statutory_days_worked(self) -> Iterator[NoticeFault]:
        for holiday in self.holidays:
            for part, days in ((_MAKEUP, holiday.makeup), (_BOTH, holiday.ordinary)):
                for day in days:
                    if name := statutory_days(day.year).get(day):
                        sentence = f"{day}是法定节假日（{name}），不能安排上班（{_REGULATION}）"
                        yield NoticeFault(part, "statutory_day_worked", sentence, day)

    def _moved_too_far(self) -> Iterator[NoticeFault]:
        """What a notice of the whole year may not do; one that amends it orders single days, at least one."""
        if self.amends:
            if not any(holiday.days for holiday in self.holidays):
                yield NoticeFault(_BOTH, "no_day", f"修改{self.amends}的通知没有列出任何一天")
            return
        if missing := missing_statutory_days(self):
            sentence = f"缺少法定节假日{'、'.join(missing)}（{_REGULATION}）"
            yield NoticeFault(_OFF, "statutory_day_missing", sentence)
        if self.published_in < self.year:
            for day in sorted(self.days_off):
                if not self._around_a_holiday(day):
                    sentence = f"{day}不与法定节假日相连，或超出{LONGEST_HOLIDAY}天的假期"
                    yield NoticeFault(_OFF, "day_off_apart", sentence, day)
        moved = [day for day in self.days_off if day.weekday() < _SATURDAY and day not in statutory_days(self.year)]
        if len(self.makeup_days) > len(moved):
            sentence = f"调休上班{len(self.makeup_days)}天，而工作日调休放假只有{len(moved)}天"
            yield NoticeFault(_MAKEUP, "makeup_count", sentence)
        for day in sorted(self.makeup_days) if moved else ():
            if min(abs(day - each) for each in moved) > _FARTHEST_MAKEUP:
                yield NoticeFault(_MAKEUP, "makeup_far", f"{day}距调休放假的日子超过{_FARTHEST_MAKEUP.days}天", day)

    def _around_a_holiday(self, day: date) -> bool:
        """True for a statutory day, and for one within reach of it with nothing but rest between them."""
        return day in days_within_reach(self.year) and any(
            self._joined(day, step) for step in (timedelta(days=1), timedelta(days=-1))
        )

    def _joined(self, day: date, step: timedelta) -> bool:
        holidays = statutory_days(self.year)
        while day not in holidays:
            if day not in self.days_off and (day.weekday() < _SATURDAY or day in self.makeup_days):
                return False
            day += step
        return True

    def _covers(self, day: date) -> bool:
        return day.year == self.year or (day.year == self.year - 1 and day.month == _DECEMBER)


def require_own_number(notice: Notice, known: Iterable[Notice]) -> None:
    """That the number of a notice is no other year's; raises WrongNotice. An amended year keeps its number."""
    other = next((each.year for each in known if each.number == notice.number and each.year != notice.year), None)
    if other is not None:
        sentence = f"文号{notice.number}是{other}年的放假通知，一个文号只属于一个年度"
        raise WrongNotice.of(NoticeFault("number", "number", sentence))


def missing_statutory_days(notice: Notice) -> list[str]:
    """Statutory days of its year that a notice of the whole year does not grant, each with its name."""
    return [f"{day}{name}" for day, name in statutory_days(notice.year).items() if day not in notice.days_off]
