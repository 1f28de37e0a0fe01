"""One notice, as an office reads it: holiday by holiday, the days off and the days worked instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from law.not_allowed import Malformed

_SATURDAY = 5
_DECEMBER = 12


class WrongNotice(Malformed):
    """A holiday notice contradicts itself, its year or the week."""

    sentence = "放假通知内容有误：{rule}。"


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
        if not self.number:
            raise WrongNotice("number", rule="缺少文号")
        if self.amends == self.number:
            raise WrongNotice("amends", rule="通知不能修改自身")
        for rule in self._contradictions():
            raise WrongNotice("holidays", rule=rule)

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
