"""Places, windows of halls, posts, calling systems, and the actor that a fact remembers."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from law.not_allowed import Malformed, NotAllowed, WrongDesk

_OWN_OFFICE = "000"
RESERVED = "999"
"""End of the code of the reserved place."""


class Level(StrEnum):
    """The level of the place at which a post is held."""

    STREET = "STREET"  # 街道
    DISTRICT = "DISTRICT"  # 区


class Post(StrEnum):
    """Posts to which members of staff are appointed."""

    CLERK = "CLERK"  # 窗口: takes what is handed in
    REVIEWER = "REVIEWER"  # 审查: gives the opinion of a section
    HEAD = "HEAD"  # 负责人: decides, extends, refers (行政许可法 37, 42)
    SUPERVISOR = "SUPERVISOR"  # 督查: watches lamps, issues orders, reads every report of the district
    CONFIGURATOR = "CONFIGURATOR"  # 目录管理: publishes items, calendars and windows for the district
    AUDITOR = "AUDITOR"  # 审计: reads the audit trail, changes nothing
    OPERATOR = "OPERATOR"  # 运维: keeps the cluster, sees no personal details


class Machine(StrEnum):
    """A system that calls on its own behalf, known by its certificate."""

    PORTAL = "PORTAL"  # 网上办事大厅, acting for residents
    DISTRICT_SYSTEM = "DISTRICT_SYSTEM"  # 区审批系统
    PROBE = "PROBE"  # the cluster's own test, bound to the reserved place
    SCREEN = "SCREEN"  # 大厅叫号屏, in the hall of one street: reads its queue and nothing else


class WrongPlace(Malformed):
    """A district has six digits; a street has nine, and the first six are its district."""

    sentence = "行政区划代码不正确：区为6位数字，街道为9位数字且以所在区代码开头，现为{given}。"


class UnknownWindow(Malformed):
    """The hall of the street has no such window."""

    sentence = "本街道大厅没有窗口{window}。"


class WindowClosed(NotAllowed):
    """The window is not in service on the day."""

    sentence = "窗口{window}今天不开放。"


class WindowDoesNotServe(NotAllowed):
    """A 专窗 takes matters of its own lines alone."""

    sentence = "窗口{window}不办理该业务线的事项。"


class LineOfAnotherDesk(WrongDesk):
    """A desk of some lines takes and answers matters of these alone."""

    sentence = "该事项不属于您经办的业务线。"


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a file: a street of a district, or the district itself. (GB/T 2260, GB/T 10114)"""

    district: str
    """Six digits, for instance 440105 (海珠区)."""
    street: str
    """Nine digits, for instance 440105008 (南华西街道); the district itself is 440105000."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{6}", self.district):
            raise WrongPlace("district", given=self.district)
        if not re.fullmatch(self.district + r"[0-9]{3}", self.street):
            raise WrongPlace("street", given=self.street)

    @classmethod
    def of_street(cls, street: str) -> Self:
        """The place of a nine-digit code; raises WrongPlace."""
        return cls(street[:6], street)

    @classmethod
    def of_district(cls, district: str) -> Self:
        """The district itself as a place; raises WrongPlace."""
        return cls(district, district + _OWN_OFFICE)

    @classmethod
    def reserved(cls, district: str) -> Self:
        """The place of synthetic matters, which no indicator, report, message or hand-off counts."""
        return cls(district, district + RESERVED)

    @property
    def level(self) -> Level:
        """District for the district itself, otherwise street."""
        return Level.DISTRICT if self.street.endswith(_OWN_OFFICE) else Level.STREET

    @property
    def synthetic(self) -> bool:
        """True for the reserved place, whose matters are made up by tests of the running system."""
        return self.street.endswith(RESERVED)

    def __str__(self) -> str:
        return self.street


@dataclass(frozen=True, slots=True)
class Actor:
    """Actor of an act: a member of staff by number, never by name, or a system by its certificate."""

    staff_no: str
    """Staff number (工号), or the certificate name of a system."""
    unit: str
    """Organ or section, as the single sign-on names it."""
    posts: frozenset[Post | Machine]
    """The posts held, or the system it is."""
    lines: frozenset[str] | None
    """Business lines of the hall that the actor serves; None means every line."""
    place: Place
    """Where the post is held."""

    def holds(self, *posts: Post | Machine) -> bool:
        """True when the actor holds at least one of the posts."""
        return not self.posts.isdisjoint(posts)

    def serves(self, line: str) -> bool:
        """True when the actor may take matters of the business line."""
        return self.lines is None or line in self.lines


@dataclass(frozen=True, slots=True)
class WindowService:
    """Service of a window of a hall as published: 综合窗 takes any line, 专窗 its own."""

    general: bool
    lines: frozenset[str]
    open_from: date
    open_to: date | None = None

    def is_open(self, on: date) -> bool:
        """True on a day on which the window is in service."""
        return self.open_from <= on and (self.open_to is None or on <= self.open_to)

    def serves(self, line: str) -> bool:
        """True for a line whose matters the window takes."""
        return self.general or line in self.lines

    def takes(self, line: str, on: date) -> bool:
        """True where the window takes matters of the line on the day."""
        return self.is_open(on) and self.serves(line)


def require_service(window: WindowService | None, code: str, line: str, on: date) -> None:
    """Passes when the window, None for one that was not published, takes matters of the line on the day.

    Raises UnknownWindow, WindowClosed, WindowDoesNotServe.
    """
    if window is None:
        raise UnknownWindow("window", window=code)
    if not window.is_open(on):
        raise WindowClosed("window", window=code)
    if not window.serves(line):
        raise WindowDoesNotServe("window", window=code)


def require_line(lines: frozenset[str] | None, line: str, field: str) -> None:
    """Passes when a desk of these lines, None for every line, takes matters of the line; raises LineOfAnotherDesk."""
    if lines is not None and line not in lines:
        raise LineOfAnotherDesk(field)
