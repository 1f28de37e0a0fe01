"""Schedule of a year: from a plan and a seed to the item, window and days of every matter."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from stdnum.cn import ric

from law.terms import StatutoryLimit, Unit
from law.two_clocks import TwoClocks
from law.workdays import Calendar
from simulation.plan import Plan, PlanRefused
from simulation.timeline import Course, MatterEnding, Punctuality, Timeline, WindowAnswer, Year, timeline

WINDOWS = ("W1", "W2", "W3", "W4")
"""The four general windows of the hall."""
_TRIES = 4000
_LAPSE_WORKING_DAYS = 30
_WITHDRAWN_WITHIN = 3
_DEEMED_AT_LEAST = 9
_AT_ONCE = Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, MatterEnding.DECISION)


@dataclass(frozen=True, slots=True)
class PlannedMatter:
    """One resident's matter as it will be played."""

    number: int
    """Place in the year, from 1, by the day of receipt."""
    item_code: str
    window: str
    received_on: date
    course: Course
    days: Timeline | None = None
    """None for instant matters, which end on the day of receipt, and for those outside the volume."""
    refused: bool = False
    grade: int = 0
    """The one rating, 1 to 5; 0 for matters outside the volume."""
    withdrawn_on: date | None = None
    lapses: bool = False
    """True when the correction never comes."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    item: catalogue.Item
    course: Course
    refused: bool = False


def schedule(plan: Plan, items: Sequence[catalogue.Item], calendar: Calendar) -> list[PlannedMatter]:
    """All matters in order of receipt; the same for the same plan, items and seed. Raises PlanRefused."""
    return _Scheduler(plan, items, Year.of(calendar, plan.year)).matters()


class _Scheduler:
    """Draws everything from one seeded source, in one order."""

    def __init__(self, plan: Plan, items: Sequence[catalogue.Item], year: Year) -> None:
        self._plan = plan
        self._year = year
        self._draw = random.Random(plan.seed)
        usable = [item for item in items if _usable(item) and self._open_days(item)]
        self._by_name = {item.name: item for item in usable}
        others = [item for item in usable if item.name not in plan.items]
        self._instant = [item for item in others if item.kind == catalogue.ITEM_KIND_INSTANT]
        self._promised = [item for item in others if _ending(item) is not MatterEnding.DISTRICT_DECISION and item.route]

    def matters(self) -> list[PlannedMatter]:
        wanted = [*self._named(), *self._others()]
        unhappy = set(self._draw.sample(range(len(wanted)), self._plan.dissatisfied))
        matters = [
            replace(self._place(want), grade=4 if place in unhappy else self._draw.choices((1, 2, 3), (80, 17, 3))[0])
            for place, want in enumerate(wanted)
        ]
        matters += [self._withdrawn() for _ in range(self._plan.withdrawn)]
        matters += [self._lapsing() for _ in range(self._plan.not_corrected)]
        matters.sort(key=lambda matter: matter.received_on)
        return [replace(matter, number=number) for number, matter in enumerate(matters, 1)]

    def _named(self) -> Iterator[_Wanted]:
        for name, count in self._plan.items.items():
            item = self._by_name.get(name)
            if item is None:
                raise PlanRefused(f"items.{name}", "目录中没有这一事项,或该年度内不受理")
            if item.kind == catalogue.ITEM_KIND_INSTANT and count.refused:
                raise PlanRefused(f"items.{name}.refused", "即办件当场办结,不能列不同意数")
            for nth in range(count.applied):
                yield _Wanted(
                    item, Course(WindowAnswer.AT_ONCE, Punctuality.EARLY, _ending(item)), refused=nth < count.refused
                )

    def _others(self) -> Iterator[_Wanted]:
        plan = self._plan
        named_instant = sum(
            count.applied
            for name, count in plan.items.items()
            if self._by_name[name].kind == catalogue.ITEM_KIND_INSTANT
        )
        instant = plan.instant - named_instant
        promised = plan.volume - plan.named - instant
        wanted = {
            "late": plan.late,
            "last_day": plan.last_day,
            "among.corrected": plan.corrected,
            "among.deemed": plan.deemed,
        }
        special = sum(wanted.values())
        if instant < 0:
            raise PlanRefused("instant", f"所列事项中已有即办件{named_instant}件,多于{plan.instant}件")
        if promised < 0:
            raise PlanRefused("instant", "即办件与所列非即办事项合计超过业务量")
        if special > promised:
            field = next(name for name, count in wanted.items() if count)
            raise PlanRefused(field, f"逾期、末日、补正、视为受理合计{special}件,超过其余非即办件{promised}件")
        yield from self._spread("instant", self._instant, instant, _AT_ONCE)
        for count, answer, pace in (
            (plan.late, WindowAnswer.AT_ONCE, Punctuality.LATE),
            (plan.last_day, WindowAnswer.AT_ONCE, Punctuality.LAST_DAY),
            (plan.corrected, WindowAnswer.CORRECTED, Punctuality.EARLY),
            (plan.deemed, WindowAnswer.DEEMED, Punctuality.EARLY),
            (promised - special, WindowAnswer.AT_ONCE, Punctuality.EARLY),
        ):
            yield from self._spread("volume", self._promised, count, Course(answer, pace, MatterEnding.DECISION))

    def _spread(self, field: str, items: Sequence[catalogue.Item], count: int, course: Course) -> Iterator[_Wanted]:
        fitting = [item for item in items if course.answer is not WindowAnswer.DEEMED or _long(item)]
        if count and not fitting:
            raise PlanRefused(field, "目录中没有可用的事项")
        for item in self._draw.choices(fitting, k=count) if count else ():
            yield _Wanted(item, replace(course, ending=_ending(item)))

    def _place(self, want: _Wanted) -> PlannedMatter:
        open_days, item = self._open_days(want.item), want.item
        for _ in range(_TRIES):
            on = self._draw.choice(open_days)
            matter = PlannedMatter(0, item.code, self._window(), on, want.course, refused=want.refused)
            if item.kind == catalogue.ITEM_KIND_INSTANT:
                return matter
            course = replace(want.course, ending=MatterEnding.DECISION) if want.refused else want.course
            days = timeline(self._year, _clocks(item, matter.received_on), course, self._draw)
            if days is not None:
                return replace(matter, course=course, days=days)
        raise PlanRefused("year", f"事项“{item.name}”在该年度内排不下")

    def _withdrawn(self) -> PlannedMatter:
        matter = self._outside_volume(self._year.days[: -_WITHDRAWN_WITHIN - 1])
        place = self._year.place(matter.received_on) + self._draw.randint(0, _WITHDRAWN_WITHIN)
        return replace(matter, withdrawn_on=self._year.days[place])

    def _lapsing(self) -> PlannedMatter:
        matter = self._outside_volume(self._year.days[:-_LAPSE_WORKING_DAYS])
        return replace(matter, course=replace(matter.course, answer=WindowAnswer.CORRECTED), lapses=True)

    def _outside_volume(self, among: Sequence[date]) -> PlannedMatter:
        latest = among[-1]
        fitting = [item for item in self._promised if self._open_days(item)[0] <= latest]
        if not fitting:
            raise PlanRefused("beside", "目录中没有可用的事项")
        item = self._draw.choice(fitting)
        days = [on for on in self._open_days(item) if on <= latest]
        return PlannedMatter(0, item.code, self._window(), self._draw.choice(days), _AT_ONCE)

    def _open_days(self, item: catalogue.Item) -> Sequence[date]:
        first, last = self._year.days[0], self._year.days[-1]
        begins = max(first, date.fromisoformat(item.effective_from))
        ends = min(last, date.fromisoformat(item.effective_to)) if item.effective_to else last
        if not item.seasons:
            return self._year.between(begins, ends)
        spans = [(date.fromisoformat(each.open_from), date.fromisoformat(each.open_to)) for each in item.seasons]
        return [on for span in spans for on in self._year.between(max(begins, span[0]), min(ends, span[1]))]

    def _window(self) -> str:
        return self._draw.choice(WINDOWS)


def by_day(matters: Iterable[PlannedMatter]) -> dict[date, list[PlannedMatter]]:
    """The matters that are acted upon on each day, in order of their numbers."""
    agenda: dict[date, list[PlannedMatter]] = {}
    for matter in matters:
        for on in sorted(_acted_on(matter)):
            agenda.setdefault(on, []).append(matter)
    return agenda


def _acted_on(matter: PlannedMatter) -> set[date]:
    days, found = matter.days, {matter.received_on, matter.withdrawn_on}
    if days is not None:
        found |= {days.requested_on, days.supplied_on, days.answered_on}
        found |= {days.reviewed_on, days.closed_on, days.collected_on}
    return {on for on in found if on is not None}


def _clocks(item: catalogue.Item, received_on: date) -> TwoClocks:
    return TwoClocks.of(received_on, _limit(item.promised_limit), _limit(item.legal_limit))


def _limit(limit: catalogue.Limit) -> StatutoryLimit:
    working = limit.unit == catalogue.LIMIT_UNIT_WORKING_DAYS
    return StatutoryLimit(limit.days, Unit.WORKING if working else Unit.CALENDAR, limit.article)


def _ending(item: catalogue.Item) -> MatterEnding:
    if item.closes_on == catalogue.CLOSES_ON_DISTRICT_DECISION:
        return MatterEnding.DISTRICT_DECISION
    return MatterEnding.REFERRAL if item.closes_on == catalogue.CLOSES_ON_REFERRAL else MatterEnding.DECISION


def _usable(item: catalogue.Item) -> bool:
    return item.status == catalogue.ITEM_STATUS_ACTIVE and catalogue.ACCEPT_POINT_WINDOW in item.accept_points


def _long(item: catalogue.Item) -> bool:
    factor = 1 if item.promised_limit.unit == catalogue.LIMIT_UNIT_WORKING_DAYS else 2
    return item.promised_limit.days >= _DEEMED_AT_LEAST * factor


_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = "安邦昌达恩芳桂海慧嘉建静君康兰丽明宁平琴荣瑞淑婷文霞秀燕英玉珍志"
_STREETS = ("同福西路", "南华西路", "洪德路", "宝岗大道", "河南正街", "万松园路")


@dataclass(frozen=True, slots=True)
class Resident:
    """An applicant."""

    name: str
    identity_number: str
    phone: str
    address: str


def resident(seed: int, number: int) -> Resident:
    """The resident with that number; the same for the same seed."""
    draw = random.Random(f"resident/{seed}/{number}")
    name = draw.choice(_FAMILY) + "".join(draw.choices(_GIVEN, k=draw.randint(1, 2)))
    body = f"440105{draw.randint(1800, 1899)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{draw.randint(1, 999):03}"
    return Resident(
        name=name,
        identity_number=body + ric.calc_check_digit(f"{body}0"),
        phone=f"13{draw.randint(0, 999_999_999):09}",
        address=f"海珠区{draw.choice(_STREETS)}{draw.randint(1, 300)}号",
    )
