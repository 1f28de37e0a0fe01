"""One notice, as an office reads it: holiday by holiday, the days off and the days worked instead."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from law.not_allowed import Malformed
from law.notices.statutory import statutory_days

_SATURDAY = 5
_DECEMBER = 12
_BRACKETS = str.maketrans({**dict.fromkeys("[(<{【〖《〈「『〘", "〔"), **dict.fromkeys("])>}】〗》〉」』〙", "〕")})
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,20}〔(?P<year>[0-9]{4})〕[1-9][0-9]{0,4}号")


class WrongNotice(Malformed):
    """A holiday notice contradicts itself, its year or the week."""

    sentence = "放假通知内容有误：{rule}。"


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
    """One notice of the State Council, or one that amends it; raises WrongNotice when it contradicts itself."""

    year: int
    """The year it is about; days of the December before may stand in it as well."""
    number: str
    """For instance 国办发明电〔2015〕18号: what an answer cites."""
    holidays: tuple[Holiday, ...]
    amends: str = ""
    """Number of the notice of which it changes single days; empty for a notice that orders its whole year."""
    signed_on: date | None = None
    published_on: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", normal_number(self.number))
        object.__setattr__(self, "amends", normal_number(self.amends))
        if not self.number:
            raise WrongNotice("number", rule="缺少文号")
        if self.amends == self.number:
            raise WrongNotice("amends", rule="通知不能修改自身")
        for rule in self._contradictions():
            raise WrongNotice("holidays", rule=rule)

    @property
    def days_off(self) -> frozenset[date]:
        """Every day of rest that it names."""
        return frozenset(day for holiday in self.holidays for day in holiday.off)

    def _contradictions(self) -> Iterator[str]:
        ordered: set[date] = set()
        for holiday in self.holidays:
            for day in holiday.days:
                if day in ordered:
                    yield f"{day}重复列出"
                if not self._covers(day):
                    yield f"{day}不属于{self.year}年的安排"
                ordered.add(day)
            yield from (f"{day}不是周六或周日，不能调休上班" for day in holiday.makeup if day.weekday() < _SATURDAY)

    def _covers(self, day: date) -> bool:
        return day.year == self.year or (day.year == self.year - 1 and day.month == _DECEMBER)


def publication_faults(notice: Notice, known: Iterable[Notice]) -> Iterator[tuple[str, str]]:
    """Rules that a notice breaks when it is published beside those that are known, each with its field.

    They are asked at publication alone: a notice that an earlier release published is still counted by.
    """
    number = _NUMBER.fullmatch(notice.number)
    if number is None:
        yield "number", f"文号{notice.number}不是完整的发文字号，应如国办发明电〔{notice.year - 1}〕1号"
    elif int(number["year"]) not in (notice.year - 1, notice.year):
        yield "number", f"文号年份{number['year']}与{notice.year}年的安排不符，放假通知在上年或当年印发"
    if other := next((each.year for each in known if each.number == notice.number and each.year != notice.year), None):
        yield "number", f"文号{notice.number}是{other}年的放假通知，一个文号只属于一个年度"
    if not notice.amends and (missing := missing_statutory_days(notice)):
        yield "days_off", f"缺少法定节假日{'、'.join(missing)}（全国年节及纪念日放假办法第二条）"


def missing_statutory_days(notice: Notice) -> list[str]:
    """Statutory days of its year that a notice of the whole year does not grant, each with its name."""
    return [f"{day}{name}" for day, name in statutory_days(notice.year).items() if day not in notice.days_off]
