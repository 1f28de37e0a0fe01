"""A case as it stands: one leg of one matter, with its own clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from law import term_clock
from law.desk import Place
from law.term_clock import Pause
from services.approval.domain.facts import CaseMaterial, Term, VaultText
from services.approval.domain.item import Item, Limit, Step
from services.approval.domain.words import CardLevel, Leg, Opinion


class Stage(StrEnum):
    """Where a case stands; `stages` says what still works in each."""

    REVIEW = "REVIEW"  # 审查中
    DECISION = "DECISION"  # 待决定
    REFERRED = "REFERRED"  # 已转报, 待区办理
    PAUSED = "PAUSED"  # 特别程序
    RETURNED = "RETURNED"  # 已退回街道
    CLOSED = "CLOSED"  # 已办结


class Closing(StrEnum):
    """How a case ended, as figures count it."""

    GRANTED = "granted"
    REFUSED = "refused"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    """The district's leg alone: the matter goes on at the street."""


@dataclass(frozen=True, slots=True)
class StepOpinion:
    """An opinion on file."""

    step: str
    staff_no: str
    opinion: Opinion
    given_on: date


@dataclass(frozen=True, slots=True)
class Referral:
    """A leg's tie to the other one: which referral it is, and where the district has it."""

    attempt: int = 0
    case_id: UUID | None = None
    place: Place | None = None
    destination: str = ""
    opinion: VaultText | None = None
    package_digest: str = ""
    referred_on: date | None = None
    acknowledged: bool = False
    received_on: date | None = None
    """The day on which the district received it; of one that it lost, the day on which it did so again."""
    district_number: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One leg of one matter as it stands."""

    application_id: UUID
    leg: Leg
    number: str
    item: Item
    term: Term
    received_on: date
    window: str
    materials: tuple[CaseMaterial, ...]
    route: tuple[Step, ...]
    standing: Stage
    """The stage, leaving a pause aside."""
    referral: Referral = Referral()
    step_index: int = 0
    claimed_by: str = ""
    opinions: tuple[StepOpinion, ...] = ()
    extended_by: int = 0
    """Days more by the one extension; 0 before."""
    pauses: tuple[Pause, ...] = ()
    paused_on: date | None = None
    cards: frozenset[CardLevel] = frozenset()
    closed_on: date | None = None
    closing: Closing | None = None
    on_time: bool | None = None
    early: bool | None = None
    decided_on: date | None = None
    """The day on which the district decided, on the leg of its own system."""
    decision_number: str = ""

    @property
    def stage(self) -> Stage:
        """Where it stands today."""
        return Stage.PAUSED if self.paused_on and self.standing is not Stage.CLOSED else self.standing

    @property
    def step(self) -> Step | None:
        """The step that a desk can take; None while the district has it, and once closed."""
        return None if self.standing in (Stage.REFERRED, Stage.CLOSED) else self.route[self.step_index]

    @property
    def closed(self) -> bool:
        """Whether nothing more happens to it at the desks."""
        return self.standing is Stage.CLOSED

    @property
    def handed_over(self) -> bool:
        """Whether it is a leg that the district's own system works on, not the district's desks."""
        return self.leg is Leg.DISTRICT and bool(self.referral.destination)

    @property
    def next_card(self) -> date | None:
        """The day on which the next card falls due; None while paused and once closed."""
        if self.closed or self.paused_on:
            return None
        return min((on for level, on in self.card_dates() if level not in self.cards), default=None)

    def card_dates(self) -> tuple[tuple[CardLevel, date], ...]:
        """The days on which the cards fall due, mildest first."""
        term = self.term
        return (
            (CardLevel.WARNING, term.warn_on),
            (CardLevel.YELLOW, term.yellow_on),
            (CardLevel.RED, term.red_on),
        )

    def kept(self, on: date) -> tuple[bool, bool]:
        """Whether closing on a day is on time, and whether it is early, by the promised limit."""
        return on <= self.term.promised_due_on, on < self.term.promised_due_on

    def opinions_on(self, step: Step) -> tuple[StepOpinion, ...]:
        """The opinions on file for a step."""
        return tuple(opinion for opinion in self.opinions if opinion.step == step.code)

    def clock(self, limit: Limit) -> term_clock.Term:
        """The clock of a limit with the extension and the pauses so far."""
        days = max(1, limit.days) + self.extended_by  # an instant item that time accepted has the day after
        return term_clock.Term(self.term.starts_on, days, limit.law_unit, self.pauses)


def leg_id(application_id: UUID, attempt: int = 0) -> UUID:
    """The file of a leg: the street's, or the district's of the n-th referral. Every service can compute it."""
    return uuid5(application_id, f"district/{attempt}" if attempt else "street")
