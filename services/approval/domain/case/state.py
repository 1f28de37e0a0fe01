"""State of a case, and the fold of its facts: one leg of one matter, with its own clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from law.two_clocks import Standstill, StandstillCause, TwoClocks, on_time_and_early
from services.approval.domain.case import facts
from services.approval.domain.case.facts import (
    CardLevel,
    CaseMaterial,
    CaseOpened,
    Fact,
    Leg,
)
from services.approval.domain.case.item import HEAD_DECIDES, AcceptedItem, Step, StepKind, Term, TermLedger
from services.approval.domain.case.values import (
    NO_PROCEDURES,
    NOT_REFERRED,
    UNDECIDED,
    CaseProcedures,
    DecisionOnFile,
    DistrictAnswer,
    Referral,
    StepOpinion,
    with_procedure,
)

_NOTHING_MOVED = TermLedger()


class CaseStage(StrEnum):
    """Stage of a case; `stages` says which acts work in each."""

    REVIEW = "REVIEW"  # 审查中
    DECISION = "DECISION"  # 待决定
    REFERRED = "REFERRED"  # 已转报, 待区办理
    PAUSED = "PAUSED"  # 特别程序
    RETURNED = "RETURNED"  # 已退回街道
    CLOSED = "CLOSED"  # 已办结


class CaseClosing(StrEnum):
    """End of a case, as figures count it."""

    GRANTED = "granted"
    REFUSED = "refused"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    """The district's leg alone: the matter goes on at the street."""


@dataclass(frozen=True, slots=True)
class Case:
    """One leg of one matter as it stands."""

    application_id: UUID
    leg: Leg
    number: str
    item: AcceptedItem
    term: Term
    received_on: date
    window: str
    materials: tuple[CaseMaterial, ...]
    route: tuple[Step, ...]
    running_stage: CaseStage
    """The stage without regard to a pause."""
    referral: Referral = NOT_REFERRED
    step_index: int = 0
    claimed_by: str = ""
    opinions: tuple[StepOpinion, ...] = ()
    procedures: CaseProcedures = NO_PROCEDURES
    cards: Mapping[CardLevel, date] = field(default_factory=dict)
    """Cards on file, each with the day that made it due."""
    closed_on: date | None = None
    closing: CaseClosing | None = None
    on_time: bool | None = None
    early: bool | None = None
    answer: DistrictAnswer | None = None
    """Answer of the district to the referral, on both legs; on the street's leg the decision alone."""
    decision: DecisionOnFile = UNDECIDED
    revision: int = field(default=1, compare=False)
    """Number of its facts."""

    @property
    def paused_on(self) -> date | None:
        """First day of the special procedure for which the clock stands; None while it runs."""
        return self.procedures.running.paused_on if self.procedures.running is not None else None

    @property
    def paused_for(self) -> str:
        """Code of that procedure; empty while the clock runs."""
        return self.procedures.code

    @property
    def stage(self) -> CaseStage:
        """The stage of today. A procedure stops the desk that has the step; without one the stage stays as it is.

        So a leg that the district's own system works on is referred also while its clock stands, on both sides: its
        decision and its return come as ever, and no desk ends its procedures.
        """
        return CaseStage.PAUSED if self.paused_on and self.step is not None else self.running_stage

    @property
    def step(self) -> Step | None:
        """The step that a desk can take; None while the district has the case, and once it is closed."""
        return None if self.running_stage in (CaseStage.REFERRED, CaseStage.CLOSED) else self.route[self.step_index]

    @property
    def closed(self) -> bool:
        """True when nothing more happens to it at the desks."""
        return self.running_stage is CaseStage.CLOSED

    @property
    def at_district(self) -> bool:
        """True for a street's leg whose matter the district has: referred, also closed by it, and not answered yet."""
        referred = self.running_stage is CaseStage.REFERRED or self.closing is CaseClosing.REFERRED
        return self.leg is Leg.STREET and referred and self.answer is None

    @property
    def decided_on(self) -> date | None:
        """The day on which the district decided; None while it has not."""
        return self.answer.on if self.answer is not None and self.answer.outcome is not None else None

    @property
    def handed_over(self) -> bool:
        """True for a leg at the district's own system, false for one at the district's desks."""
        return self.leg is Leg.DISTRICT and bool(self.referral.destination)

    @property
    def next_card(self) -> date | None:
        """The day of the next card; None while paused, while the district has the matter, and once closed."""
        if self.closed or self.paused_on or self.at_district:
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

    def punctuality(self, on: date) -> tuple[bool, bool]:
        """Two flags for closing on that day: on time, within promise and law, and early."""
        return on_time_and_early(on, self.term, promise_broken=self.ledger.promise_broken)

    def opinions_on(self, step: Step) -> tuple[StepOpinion, ...]:
        """The opinions on file for a step."""
        return tuple(opinion for opinion in self.opinions if opinion.step == step.code)

    @property
    def ledger(self) -> TermLedger:
        """What moved the dates of the leg so far."""
        return self.term.ledger or _NOTHING_MOVED

    @property
    def extended_by(self) -> int:
        """Days added by the one extension; 0 before it."""
        return self.ledger.extension_days

    @property
    def pauses(self) -> tuple[Standstill, ...]:
        """The special procedures that are over."""
        ended = self.ledger.standstills
        return tuple(still for still in ended if still.cause is StandstillCause.SPECIAL_PROCEDURE)

    @property
    def clocks(self) -> TwoClocks:
        """The clocks of both limits with all that moved them."""
        term = self.term
        return TwoClocks.of(term.starts_on, term.promised_limit.in_law, term.legal_limit.in_law, self.ledger.in_law)


def fold(case: Case | None, fact: Fact) -> Case:
    """The case after one more fact; raises ValueError when the first one does not open it."""
    if isinstance(fact, CaseOpened):
        return _opened(fact)
    if case is None:
        raise ValueError(f"a case begins with CaseOpened, not with {type(fact).__name__}")
    after, void = _with_fact(case, fact), getattr(fact, "void_cards", ())
    cards = {level: on for level, on in after.cards.items() if level not in void} if void else after.cards
    return replace(after, cards=cards, revision=case.revision + 1)


def _with_fact(case: Case, fact: Fact) -> Case:
    match fact:
        case facts.StepClaimed():
            return replace(case, claimed_by=fact.staff_no)
        case facts.StepReleased():
            return replace(case, claimed_by="")
        case facts.StepCompleted():
            return _step_completed(case, fact)
        case facts.TermExtended():
            extended = replace(case.ledger, extension_days=fact.days, promise_extension_days=fact.days)
            return replace(case, term=_with_ledger(fact.term, extended))
        case facts.TermResumed():
            over = replace(case.procedures, running=None, overdue=False)
            return replace(case, procedures=over, term=_with_ledger(fact.term, _with_pause(case, fact)))
        case facts.TermPaused() | facts.ProcedureOrdered() | facts.ProcedureDeclined() | facts.ProcedureOverdue():
            return replace(case, procedures=with_procedure(case.procedures, fact))
        case facts.CaseDecided():
            decided = replace(case, decision=replace(case.decision, number=fact.decision_number))
            return _closed(decided, fact, CaseClosing[fact.outcome.name])
        case facts.CaseWithdrawn():
            # Over a closing by the referral as well: that ended the street's part, and the withdrawal ends the matter.
            ended = replace(_closed_stage(case), closed_on=fact.occurred_on, closing=CaseClosing.WITHDRAWN)
            return replace(ended, on_time=None, early=None)
        case facts.WithdrawalTooLate():
            return replace(case, decision=replace(case.decision, withdrawal_too_late_on=fact.withdrawn_on))
        case facts.CardIssued():
            return replace(case, cards={**case.cards, fact.level: fact.due_on})
        case facts.TermRecounted():
            return replace(case, term=fact.term)
        case _:
            return _with_district(case, fact)


def _with_district(case: Case, fact: Fact) -> Case:
    match fact:
        case facts.CaseReferred():
            return _referred(case, fact)
        case facts.HandoffAcknowledged():
            number, received_on = fact.district_number, fact.received_on
            received = replace(case.referral, acknowledged=True, district_number=number, received_on=received_on)
            return replace(case, referral=received, term=_with_ledger(fact.term, case.ledger))
        case facts.DistrictDecided():
            reasons = fact.reasons.digest if fact.reasons else ""
            decided = replace(case, answer=DistrictAnswer(fact.decided_on, fact.outcome, reasons))
            # A street's leg that the referral has closed stays closed as it was.
            if not fact.closes:
                return decided
            closed = _closed(decided, fact, CaseClosing[fact.outcome.name])
            return replace(closed, closed_on=fact.closed_on or fact.occurred_on)
        case facts.CaseReturned(leg=Leg.DISTRICT):
            on, reasons = fact.returned_on or fact.occurred_on, fact.reasons.digest if fact.reasons else ""
            returned = replace(_closed_stage(case), answer=DistrictAnswer(on, None, reasons))
            return replace(returned, closed_on=on, closing=CaseClosing.RETURNED)
        # The street goes on where it was, with the days that it had left; up to 0.2.0 its clock had never stopped.
        case facts.CaseReturned(leg=Leg.STREET):
            reopened = replace(case, closed_on=None, closing=None, on_time=None, early=None, answer=None)
            term = _with_ledger(fact.term, case.ledger) if fact.term is not None else case.term
            none_open = replace(case.procedures, waiting=None, running=None, overdue=False)
            return replace(reopened, running_stage=CaseStage.RETURNED, claimed_by="", procedures=none_open, term=term)
        case _:
            return case


def _opened(fact: CaseOpened) -> Case:
    # The route of the item is the street's; a leg at the district's desks has one step.
    route = fact.item.whole_route() if fact.leg is Leg.STREET else (HEAD_DECIDES,)
    referral = Referral(
        attempt=fact.attempt,
        case_id=fact.linked_case_id,
        place=fact.linked_place,
        destination=fact.destination,
        package_digest=fact.package_digest,
        referred_on=fact.occurred_on if fact.leg is Leg.DISTRICT else None,
    )
    return Case(
        application_id=fact.application_id,
        leg=fact.leg,
        number=fact.number,
        item=fact.item,
        term=_with_ledger(fact.term, _NOTHING_MOVED),
        received_on=fact.received_on,
        window=fact.window,
        materials=fact.materials,
        route=route,
        running_stage=CaseStage.REFERRED if fact.leg is Leg.DISTRICT and fact.destination else _stage_at(route[0]),
        referral=referral,
    )


def _with_ledger(term: Term, ledger: TermLedger) -> Term:
    """The term of a fact with its own ledger, in facts of releases up to 0.2.0 with the one that the fold tells."""
    return term if term.ledger is not None else replace(term, ledger=ledger)


def _with_pause(case: Case, fact: facts.TermResumed) -> TermLedger:
    """The ledger after a pause of releases up to 0.2.0, which stopped both clocks."""
    cause, code = StandstillCause.SPECIAL_PROCEDURE, case.procedures.code
    return case.ledger.with_standstill(Standstill(fact.paused_on, fact.resumed_on, cause, code, as_entered=True))


def _step_completed(case: Case, fact: facts.StepCompleted) -> Case:
    opinion = StepOpinion(fact.step, fact.staff_no, fact.opinion, fact.occurred_on)
    given = replace(case, opinions=(*case.opinions, opinion), claimed_by="")
    if not fact.finished:
        return given
    index = case.step_index + 1
    return replace(given, step_index=index, running_stage=_stage_at(case.route[index]))


def _referred(case: Case, fact: facts.CaseReferred) -> Case:
    referral = Referral(
        attempt=fact.attempt,
        case_id=fact.linked_case_id,
        place=fact.linked_place,
        destination=fact.destination,
        opinion=fact.opinion,
        package_digest=fact.package_digest,
        referred_on=fact.occurred_on,
    )
    referred = replace(case, referral=referral, answer=None)
    if fact.closes:
        return _closed(referred, fact, CaseClosing.REFERRED)
    stopped = replace(case.procedures, waiting=None)
    return replace(referred, running_stage=CaseStage.REFERRED, claimed_by="", procedures=stopped)


def _closed(
    case: Case, fact: facts.CaseDecided | facts.CaseReferred | facts.DistrictDecided, closing: CaseClosing
) -> Case:
    ended = replace(_closed_stage(case), closed_on=fact.occurred_on, closing=closing)
    return replace(ended, on_time=fact.on_time, early=fact.early)


def _closed_stage(case: Case) -> Case:
    stopped = replace(case.procedures, waiting=None, running=None)
    return replace(case, running_stage=CaseStage.CLOSED, claimed_by="", procedures=stopped)


def _stage_at(step: Step) -> CaseStage:
    return CaseStage.REVIEW if step.kind is StepKind.REVIEW else CaseStage.DECISION
