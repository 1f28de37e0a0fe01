"""Acts of desks, the applicant and the district on a case, each as a function of (case, day), for tables of tests."""

from collections.abc import Callable, Sequence
from datetime import date

from law.desk import Actor
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Fact, Opinion, Outcome, SpecialProcedure
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, approve_pause, decline_pause, pause, resume
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.stages import CaseAct
from services.approval.domain.case.state import Case, CaseStage
from services.approval.domain.case.steps import CompleteStep, claim, complete_step, release
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    CALENDAR,
    FORWARDED,
    HEAD,
    RESIDENCE,
    REVIEWER,
    after,
    leg,
    opened,
    received,
    referred,
    reviewed,
)

TODAY = date(2016, 3, 10)
"""A Thursday within the promised limit of each case below."""
DIGEST = "0f" * 32

Deed = Callable[[Case, date], Sequence[Fact]]


def by(actor: Actor) -> dict[CaseAct, Deed]:
    """Each act of a desk as this actor does it."""
    hearing = PauseTerm(actor, SpecialProcedure.HEARING, 5, DIGEST)
    return {
        CaseAct.CLAIM: lambda case, on: [claim(case, actor, on)],
        CaseAct.RELEASE: lambda case, on: [release(case, actor, on)],
        CaseAct.COMPLETE_STEP: lambda case, on: [complete_step(case, CompleteStep(actor, Opinion.AGREE), on)],
        CaseAct.REFER: lambda case, on: [refer(case, Refer(actor, DIGEST), on)],
        CaseAct.DECIDE: lambda case, on: [decide(case, Decide(actor, Outcome.REFUSED, DIGEST, "决1号"), on)],
        CaseAct.EXTEND: lambda case, on: [extend(case, Extend(actor, 5, DIGEST), on, CALENDAR)],
        CaseAct.PAUSE: lambda case, on: pause(case, hearing, on, CALENDAR),
        CaseAct.APPROVE_PAUSE: lambda case, on: approve_pause(case, actor, on, CALENDAR),
        CaseAct.DECLINE_PAUSE: lambda case, on: [decline_pause(case, actor, DIGEST, on)],
        CaseAct.RESUME: lambda case, on: [resume(case, ResumeTerm(actor), on, CALENDAR)],
    }


REPORTS: dict[CaseAct, Deed] = {
    CaseAct.WITHDRAW: withdraw,
    CaseAct.ACKNOWLEDGE: lambda case, on: acknowledge(case, Acknowledgement("Q-1", on), on, CALENDAR),
    CaseAct.DISTRICT_DECIDE: lambda case, on: district_decide(case, DecisionReport("r-1", Outcome.GRANTED, on), on),
    CaseAct.RETURN: lambda case, on: return_case(case, ReturnReport("r-1", DIGEST), on),
}
"""Acts that no desk does: the applicant's withdrawal and the reports of the district's system."""


def claimed(case: Case, actor: Actor) -> Case:
    """The case with its open step taken."""
    return after(case, by(actor)[CaseAct.CLAIM](case, TODAY))


def returned(case: Case) -> Case:
    """A street's leg to which the district sent the referral back."""
    (report,) = return_case(received(), ReturnReport("r-1", DIGEST), TODAY)
    return after(case, return_on_street_leg(case, report, CALENDAR))


def ordered(case: Case, on: date = TODAY) -> Case:
    """The case with a hearing that waits for the head."""
    return after(case, by(REVIEWER)[CaseAct.PAUSE](case, on))


def paused(case: Case, on: date = TODAY) -> Case:
    """The case with its clock stopped: ordered by a reviewer, approved by the head."""
    waiting = ordered(case, on)
    return after(waiting, by(HEAD)[CaseAct.APPROVE_PAUSE](waiting, on))


def resumed(case: Case, on: date) -> Case:
    """The case with its clock running again; the day given does not count."""
    return after(case, by(REVIEWER)[CaseAct.RESUME](case, on))


def decided(case: Case, outcome: Outcome = Outcome.GRANTED, on: date = TODAY) -> Case:
    """The case decided by the head."""
    reasons = DIGEST if outcome is Outcome.REFUSED else ""
    return after(case, [decide(case, Decide(HEAD, outcome, reasons, "决1号"), on)])


def street_legs() -> dict[CaseStage, Case]:
    """A street's leg at each stage; the one that waits at the district is a residence permit."""
    return {
        CaseStage.REVIEW: opened(FORWARDED),
        CaseStage.DECISION: reviewed(FORWARDED),
        CaseStage.REFERRED: referred(RESIDENCE),
        CaseStage.PAUSED: paused(reviewed(FORWARDED)),
        CaseStage.RETURNED: returned(referred(FORWARDED)),
        CaseStage.CLOSED: decided(reviewed()),
    }


def district_legs() -> dict[str, Case]:
    """A leg at the district's own system, before and after each way of ending."""
    return {
        "sent": leg(),
        "received": received(),
        "granted": after(received(), REPORTS[CaseAct.DISTRICT_DECIDE](received(), TODAY)),
        "returned": after(received(), REPORTS[CaseAct.RETURN](received(), TODAY)),
        "withdrawn": after(received(), withdraw(received(), TODAY)),
    }
