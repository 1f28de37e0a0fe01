"""How facts make a case: a fold, and nothing but a fold."""

from dataclasses import replace

from law.term_clock import Pause
from services.approval.domain import facts
from services.approval.domain.case import Case, Closing, Referral, Stage, StepOpinion
from services.approval.domain.facts import CaseOpened, Fact
from services.approval.domain.item import HEAD_DECIDES, Step
from services.approval.domain.words import Leg, StepKind


def fold(case: Case | None, fact: Fact) -> Case:
    """The case after one more fact; raises ValueError when the first one does not open it."""
    if isinstance(fact, CaseOpened):
        return _opened(fact)
    if case is None:
        raise ValueError(f"a case begins with CaseOpened, not with {type(fact).__name__}")
    match fact:
        case facts.StepClaimed():
            return replace(case, claimed_by=fact.staff_no)
        case facts.StepReleased():
            return replace(case, claimed_by="")
        case facts.StepCompleted():
            return _step_completed(case, fact)
        case facts.TermExtended():
            return replace(case, extended_by=case.extended_by + fact.days, term=fact.term)
        case facts.TermPaused():
            return replace(case, paused_on=fact.paused_on)
        case facts.TermResumed():
            pause = Pause(fact.paused_on, fact.resumed_on)
            return replace(case, paused_on=None, pauses=(*case.pauses, pause), term=fact.term)
        case facts.CaseDecided():
            decided = replace(case, decision_number=fact.decision_number)
            return _closed(decided, fact, Closing[fact.outcome.name])
        case facts.CaseWithdrawn():
            return replace(_left(case), closed_on=fact.occurred_on, closing=Closing.WITHDRAWN)
        case facts.CardIssued():
            return replace(case, cards=case.cards | {fact.level})
        case _:
            return _with_district(case, fact)


def _with_district(case: Case, fact: Fact) -> Case:
    match fact:
        case facts.CaseReferred():
            return _referred(case, fact)
        case facts.HandoffAcknowledged():
            number, received_on = fact.district_number, fact.received_on
            told = replace(case.referral, acknowledged=True, district_number=number, received_on=received_on)
            return replace(case, referral=told, term=fact.term)
        case facts.DistrictDecided(closes=True):
            decided = replace(case, decided_on=fact.decided_on)
            return _closed(decided, fact, Closing[fact.outcome.name])
        case facts.CaseReturned(leg=Leg.DISTRICT):
            return replace(_left(case), closed_on=fact.occurred_on, closing=Closing.RETURNED)
        case facts.CaseReturned(leg=Leg.STREET):
            reopened = replace(case, closed_on=None, closing=None, on_time=None, early=None, decided_on=None)
            return replace(reopened, standing=Stage.RETURNED, claimed_by="")
        case _:
            return case


def _opened(fact: CaseOpened) -> Case:
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
        term=fact.term,
        received_on=fact.received_on,
        window=fact.window,
        materials=fact.materials,
        route=route,
        standing=Stage.REFERRED if fact.leg is Leg.DISTRICT and fact.destination else _at(route[0]),
        referral=referral,
    )


def _step_completed(case: Case, fact: facts.StepCompleted) -> Case:
    opinion = StepOpinion(fact.step, fact.staff_no, fact.opinion, fact.occurred_on)
    given = replace(case, opinions=(*case.opinions, opinion), claimed_by="")
    if not fact.finished:
        return given
    index = case.step_index + 1
    return replace(given, step_index=index, standing=_at(case.route[index]))


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
    referred = replace(case, referral=referral)
    if fact.closes:
        return _closed(referred, fact, Closing.REFERRED)
    return replace(referred, standing=Stage.REFERRED, claimed_by="")


def _closed(case: Case, fact: facts.CaseDecided | facts.CaseReferred | facts.DistrictDecided, how: Closing) -> Case:
    ended = replace(_left(case), closed_on=fact.occurred_on, closing=how)
    return replace(ended, on_time=fact.on_time, early=fact.early)


def _left(case: Case) -> Case:
    return replace(case, standing=Stage.CLOSED, claimed_by="", paused_on=None)


def _at(step: Step) -> Stage:
    return Stage.REVIEW if step.kind is StepKind.REVIEW else Stage.DECISION
