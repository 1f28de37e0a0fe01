"""Figures of a hall on the evening of a day, worked out from the schedule alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

from catalogue.check import load
from catalogue.wire import item_message
from law.workdays import Calendar, state_council
from simulation.plan import plan_of
from simulation.schedule import PlannedMatter, schedule
from simulation.timeline import DISTRICT_DAYS, MatterEnding, Punctuality

Counts: TypeAlias = tuple[int, int, int, int, int]
"""Applied, accepted, on time, agreed, refused."""


@dataclass(frozen=True)
class HallFigures:
    """The figures of a plan from New Year to the evening of `until`."""

    plan: Mapping[str, Any]
    until: date

    @cached_property
    def received(self) -> list[PlannedMatter]:
        """Matters received."""
        return [matter for matter in self._matters if matter.received_on <= self.until]

    @cached_property
    def accepted(self) -> list[PlannedMatter]:
        """Matters accepted, by a clerk or by the law."""
        staying = [matter for matter in self.received if not matter.lapses and matter.withdrawn_on is None]
        return [matter for matter in staying if not matter.days or matter.days.answered_on <= self.until]

    @cached_property
    def closed(self) -> list[PlannedMatter]:
        """Matters that ended with a result."""
        return [matter for matter in self.accepted if self._is_closed(matter)]

    @property
    def rates(self) -> dict[str, tuple[int, int]]:
        """Numerator and denominator of each rate."""
        paces = [matter.course.pace for matter in self.closed]
        rated = [matter for matter in self.accepted if not matter.days or matter.days.collected_on <= self.until]
        return {
            "early": (paces.count(Punctuality.EARLY), len(paces)),
            "on_time": (len(paces) - paces.count(Punctuality.LATE), len(paces)),
            "satisfied": (sum(matter.grade <= 3 for matter in rated), len(rated)),
            "instant": (sum(matter.days is None for matter in self.accepted), len(self.accepted)),
        }

    @property
    def items(self) -> dict[str, Counts]:
        """The counts of each item that the plan names."""
        return {
            name: self._counts(next(i.code for i in self._offered if i.name == name)) for name in self.plan["items"]
        }

    def _counts(self, code: str) -> Counts:
        applied, accepted, closed = (
            [matter for matter in matters if matter.item_code == code]
            for matters in (self.received, self.accepted, self.closed)
        )
        refused = sum(matter.refused for matter in closed)
        on_time = sum(matter.course.pace is not Punctuality.LATE for matter in closed)
        return len(applied), len(accepted), on_time, len(closed) - refused, refused

    def _is_closed(self, matter: PlannedMatter) -> bool:
        if matter.days is None:
            return True
        if matter.course.ending is not MatterEnding.DISTRICT_DECISION:
            return matter.days.closed_on <= self.until
        answered = [self._calendar.nth(matter.days.closed_on, nth) <= self.until for nth in (1, DISTRICT_DAYS)]
        assert len(set(answered)) == 1, "the district may answer before this evening or after it: choose another one"
        return answered[0]

    @cached_property
    def _calendar(self) -> Calendar:
        return state_council()

    @cached_property
    def _offered(self) -> Sequence[catalogue.Item]:
        return [item_message(item) for item in load(Path(str(files("catalogue") / "items")))]

    @cached_property
    def _matters(self) -> list[PlannedMatter]:
        return schedule(plan_of(self.plan), self._offered, self._calendar)
