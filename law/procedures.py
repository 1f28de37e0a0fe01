"""Special procedures whose days do not count: their kinds as data, the days expected, the days that can be true.

Example: an item that names no procedure knows all of 行政许可法 45, from 听证 to 专家评审. One that names 鉴定, and by
its own law 公示, knows these two alone. A kind is written into the facts of a case with name and article, so that a
later publication changes nothing on file.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from law.not_allowed import Malformed, NotAllowed
from law.term_clock import LATEST, Pause, TooFarAhead
from law.workdays import Calendar

_ONE_DAY = timedelta(days=1)
_MOST_RESTS = 20
"""Working days by which a notice that is still to come can move a last day at the most; no year had as many off."""


@dataclass(frozen=True, slots=True)
class ProcedureKind:
    """Kind of special procedure, with the article that takes its days out of the term."""

    code: str
    name: str
    article: str


class ProcedureNotOfItem(Malformed):
    """An item has the special procedures that its law knows, and no others."""

    sentence = "本事项没有“{code}”这种特别程序，可以启动的有：{known}。"
    article = "行政许可法 45"


class BeginsAhead(NotAllowed):
    """A special procedure is entered once it has begun."""

    sentence = "特别程序的开始日不能晚于今日。"


class BeginsTooEarly(NotAllowed):
    """A special procedure begins on the day on which the term began, or later."""

    sentence = "特别程序的开始日不能早于{from_on}（受理之日，区办理的为收到之日）。"
    article = "行政许可法 45"


class BeginsAfterTerm(NotAllowed):
    """A special procedure begins within the term of the law; nothing stops a term that is over."""

    sentence = "法定期限已于{due_on}届满，此后开始的特别程序不能中止计时。"
    article = "行政许可法 45"


class EndsAhead(NotAllowed):
    """The end of a special procedure is entered once it has ended."""

    sentence = "特别程序的结束日不能晚于今日。"


class EndsBeforeBeginning(NotAllowed):
    """A special procedure ends on the day on which it began, or later."""

    sentence = "特别程序的结束日不能早于开始日{first_on}。"


class ExpectedBeforeBeginning(Malformed):
    """A special procedure is expected to end on the day on which it begins, or later."""

    sentence = "特别程序的预计结束日不能早于开始日{first_on}。"


class ExpectedEndMissing(Malformed):
    """The applicant is told how long a special procedure will take."""

    sentence = "请写明特别程序的预计结束日，或者所需工作日数。"
    article = "行政许可法 45"


class PausesOverlap(NotAllowed):
    """A day that has been taken out of the term once is not taken out again."""

    sentence = "{first_on}至{last_on}已不计入期限，特别程序的日期不能与之重叠。"
    article = "行政许可法 45"


@dataclass(frozen=True, slots=True)
class ExpectedEnd:
    """Expected end of a special procedure, as the applicant is told it."""

    on: date
    """Last day that is expected."""
    days: int
    """Working days from the first to the last day, both counted; at least one."""
    overdue_on: date
    """The first day on which it is overdue by every calendar that may still be published."""
    provisional: bool = False
    """True while the notice of a year whose days were counted is not published."""


@cache
def statutory_procedures() -> tuple[ProcedureKind, ...]:
    """The kinds of 行政许可法 45, in its order."""
    written = tomllib.loads(resources.files("law").joinpath("procedures.toml").read_text("utf-8"))
    return tuple(ProcedureKind(**each) for each in written["procedures"])


def known_procedures(named: Sequence[ProcedureKind]) -> tuple[ProcedureKind, ...]:
    """The kinds that an item knows: those it names, or all of the law where it names none."""
    return tuple(named) or statutory_procedures()


def procedure_of(codes: Sequence[str], named: Sequence[ProcedureKind]) -> ProcedureKind:
    """The kind with one of these codes; several that the item knows are one kind with all their names.

    Raises ProcedureNotOfItem.
    """
    known = known_procedures(named)
    meant = [kind for kind in known if kind.code in codes]
    if not meant:
        raise ProcedureNotOfItem(
            "kind", code=codes[0], known="、".join(f"{kind.name}（{kind.code}）" for kind in known)
        )
    return ProcedureKind(meant[0].code, "、".join(kind.name for kind in meant), meant[0].article)


def expected_end(first_on: date, days: int, stated: date | None, calendar: Calendar) -> ExpectedEnd:
    """The expected end: the stated day, or the last of so many working days with the first counted.

    Example: ten working days from Tuesday 8 March 2016 end on Monday the 21st. A stated day is firm. One that is
    counted through a year without a notice is provisional, and such a procedure is not overdue before so many days have
    passed that no notice could make it later. Raises ExpectedEndMissing, ExpectedBeforeBeginning, TooFarAhead.
    """
    if stated is not None:
        if stated < first_on:
            raise ExpectedBeforeBeginning("expected_end_on", first_on=first_on)
        if stated > LATEST:
            raise TooFarAhead("expected_end_on", latest=LATEST)
        counted = max(1, calendar.working_days(first_on - _ONE_DAY, stated))
        return ExpectedEnd(stated, counted, stated + _ONE_DAY)
    if days < 1:
        raise ExpectedEndMissing("expected_end_on")
    last_on = calendar.nth(first_on - _ONE_DAY, days)
    provisional = not calendar.knows(first_on, last_on)
    latest = calendar.nth(last_on, _MOST_RESTS) if provisional else last_on
    return ExpectedEnd(last_on, days, latest + _ONE_DAY, provisional)


@dataclass(frozen=True, slots=True)
class ProcedureBounds:
    """Bounds of the days of a special procedure: what stands on file of the term."""

    from_on: date
    """The day on which the term began."""
    legal_due_on: date
    stands: tuple[Pause, ...]
    """Spans that are out of the term already, by earlier procedures or with the district."""

    def require(self, first_on: date, last_on: date | None, today: date) -> None:
        """Pass days that can be true, `last_on` None while the procedure goes on.

        Raises BeginsAhead, BeginsTooEarly, EndsAhead, EndsBeforeBeginning, PausesOverlap, BeginsAfterTerm.
        """
        if first_on > today:
            raise BeginsAhead("first_on")
        if first_on < self.from_on:
            raise BeginsTooEarly("first_on", from_on=self.from_on)
        if last_on is not None:
            require_end(first_on, last_on, today)
        require_apart(first_on, last_on, self.stands)
        if first_on > self.legal_due_on:
            raise BeginsAfterTerm("first_on", due_on=self.legal_due_on)


def require_end(first_on: date, last_on: date, today: date) -> None:
    """Pass a last day that can be true; raises EndsAhead, EndsBeforeBeginning."""
    if last_on > today:
        raise EndsAhead("last_on")
    if last_on < first_on:
        raise EndsBeforeBeginning("last_on", first_on=first_on)


def require_apart(first_on: date, last_on: date | None, stands: Iterable[Pause]) -> None:
    """Pass days that no earlier span has taken out; one that goes on takes out every later day.

    Raises PausesOverlap.
    """
    for stand in stands:
        if first_on <= stand.last_on and (last_on is None or last_on >= stand.first_on):
            field = "first_on" if first_on >= stand.first_on or last_on is None else "last_on"
            raise PausesOverlap(field, first_on=stand.first_on, last_on=stand.last_on)
