"""Matters as tests need them: items with their routes, desks, cases brought to a stage by real acts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from law.desk import Actor, Place, Post
from law.term_clock import TermClock, due_on
from law.workdays import Calendar, state_council
from services.approval.domain.case.facts import CaseMaterial, CaseOpened, CaseReferred, Fact, Opinion
from services.approval.domain.case.item import (
    AcceptedItem,
    ClosesOn,
    ItemKind,
    Limit,
    LimitUnit,
    Line,
    Step,
    StepKind,
    StepPost,
)
from services.approval.domain.case.open_case import Acceptance, AcceptanceGround, open_district_leg, open_street_leg
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case, fold
from services.approval.domain.case.steps import CompleteStep, claim, complete_step
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge

APPLICATION = UUID("01957a3e-7c00-7000-8000-000000000001")
STREET = Place("440105", "440105008")
DISTRICT = Place.of_district("440105")
CALENDAR: Calendar = state_council()
ACCEPTED_ON = date(2016, 3, 1)
"""A Tuesday; ten working days end on 15 March, twenty on 29 March."""

REVIEW = Step("S1", "科室审核", StepKind.REVIEW, StepPost.REVIEWER)
FIELD_CHECK = Step("S2", "入户核查", StepKind.REVIEW, StepPost.REVIEWER, staff=2)
DECISION = Step("S9", "领导审批", StepKind.DECIDE, StepPost.HEAD)
REFERRAL = Step("S9", "转报区局", StepKind.REFER, StepPost.HEAD)

PROMISED = AcceptedItem(
    code="11440105K316057885" + "4" + "440105001001",
    name="计划生育服务证办理",
    version=3,
    line=Line.FAMILY_PLANNING,
    kind=ItemKind.PROMISED,
    closes_on=ClosesOn.DECISION,
    legal_limit=Limit(20, LimitUnit.WORKING_DAYS, "行政许可法 42"),
    promised_limit=Limit(10, LimitUnit.WORKING_DAYS, ""),
    route=(REVIEW, DECISION),
    receipt=True,
    sms=True,
    decided_by="南华西街道办事处",
    result_name="计划生育服务证",
)
FORWARDED = replace(
    PROMISED,
    name="廉租房申请初审",
    line=Line.CIVIL_AFFAIRS,
    kind=ItemKind.FORWARDED,
    closes_on=ClosesOn.REFERRAL,
    route=(REVIEW, REFERRAL),
    decided_by="区住房保障局",
    refers_to="housing",
)
RESIDENCE = replace(
    FORWARDED,
    name="广东省居住证核发",
    closes_on=ClosesOn.DISTRICT_DECISION,
    legal_limit=Limit(15, LimitUnit.WORKING_DAYS, "居住证暂行条例 10"),
    promised_limit=Limit(10, LimitUnit.WORKING_DAYS, ""),
    refers_to="public_security",
)
PAPERS = (CaseMaterial("M01", 1, ""), CaseMaterial("M02", 2, "ab" * 32))


def staff(number: str, *posts: Post, lines: Iterable[str] | None = None, place: Place = STREET) -> Actor:
    """A member of staff."""
    return Actor(number, "社会事务科", frozenset(posts), None if lines is None else frozenset(lines), place)


REVIEWER = staff("NH001", Post.REVIEWER)
OTHER = staff("NH002", Post.REVIEWER)
HEAD = staff("NH900", Post.HEAD)
OTHER_HEAD = staff("NH901", Post.HEAD)


def accepted(item: AcceptedItem = PROMISED, ground: AcceptanceGround = AcceptanceGround.COMPLETE) -> Acceptance:
    """An acceptance as intake tells it."""
    return Acceptance(
        application_id=APPLICATION,
        occurred_on=ACCEPTED_ON,
        number=item.code + "201603010001",
        ground=ground,
        item=item,
        received_on=date(2016, 2, 29),
        accepted_on=ACCEPTED_ON,
        promised_due_on=_last_day(item.promised_limit),
        legal_due_on=_last_day(item.legal_limit),
        provisional=False,
        calendar_version="2026.1",
        window="W1",
        materials=PAPERS,
    )


def opened(item: AcceptedItem = PROMISED) -> Case:
    """A street's leg on its first day."""
    return after(None, open_street_leg(None, accepted(item), CALENDAR))


def reviewed(item: AcceptedItem = PROMISED, on: date = ACCEPTED_ON) -> Case:
    """A street's leg whose review steps have their opinions."""
    case = opened(item)
    reviewers = [REVIEWER, OTHER]
    while case.step is not None and case.step.kind is StepKind.REVIEW:
        reviewer = reviewers[len(case.opinions_on(case.step))]
        case = after(case, [claim(case, reviewer, on)])
        case = after(case, [complete_step(case, CompleteStep(reviewer, Opinion.AGREE), on)])
    return case


def referral(item: AcceptedItem = FORWARDED, on: date = date(2016, 3, 8)) -> CaseReferred:
    """The referral of a reviewed matter."""
    return refer(reviewed(item), Refer(HEAD, "0f" * 32), on)


def referred(item: AcceptedItem = FORWARDED, on: date = date(2016, 3, 8)) -> Case:
    """A street's leg that was referred."""
    return after(reviewed(item), [referral(item, on)])


def leg(item: AcceptedItem = FORWARDED, on: date = date(2016, 3, 8)) -> Case:
    """The district's leg of a referred matter."""
    return after(None, open_district_leg(None, referral(item, on), STREET, CALENDAR))


def received(item: AcceptedItem = FORWARDED, on: date = date(2016, 3, 9)) -> Case:
    """The district's leg that its system has acknowledged."""
    case = leg(item)
    return after(case, acknowledge(case, Acknowledgement("Q-1", on), on, CALENDAR))


def after(case: Case | None, told: Iterable[Fact]) -> Case:
    """The case after these facts, each of them of its own application."""
    for fact in told:
        assert case is None or fact.application_id == case.application_id
        case = fold(case, fact)
    assert case is not None
    return case


def opening(item: AcceptedItem = PROMISED) -> CaseOpened:
    """The first fact of a street's leg."""
    return open_street_leg(None, accepted(item), CALENDAR)[0]


def _last_day(limit: Limit) -> date:
    return due_on(TermClock(ACCEPTED_ON, max(1, limit.days), limit.law_unit), CALENDAR)
