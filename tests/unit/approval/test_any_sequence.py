"""Whatever desks, the district and the applicant do in whatever order, a case stays a case."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from law.desk import Actor, Post
from law.not_allowed import NotAllowed
from law.procedures import statutory_procedures
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import (
    CardIssued,
    CaseDecided,
    DistrictDecided,
    Fact,
    Opinion,
    Outcome,
    ProcedureOverdue,
    TermPaused,
    TermResumed,
)
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.open_case import open_district_leg
from services.approval.domain.case.pause import (
    PauseTerm,
    ResumeTerm,
    approve_pause,
    decline_pause,
    overdue_procedure,
    pause,
    resume,
)
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case, CaseStage, fold
from services.approval.domain.case.steps import CompleteStep, claim, complete_step, release
from services.approval.domain.case.withdraw import withdraw
from services.approval.domain.supervision.cards import issue_cards
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.support.examples import examples
from tests.unit.approval.matters import (
    CALENDAR,
    DECISION,
    FIELD_CHECK,
    FORWARDED,
    PROMISED,
    RESIDENCE,
    REVIEW,
    STREET,
    opening,
    referral,
    staff,
)

Deed = Callable[[Case, date], Sequence[Fact]]

ITEMS = (
    PROMISED,
    FORWARDED,
    RESIDENCE,
    replace(PROMISED, route=()),
    replace(PROMISED, route=(REVIEW, FIELD_CHECK, DECISION)),
)
STAFF = [staff(number, Post.REVIEWER, Post.HEAD) for number in ("NH001", "NH002", "NH900")]

actors = st.sampled_from(STAFF)
outcomes = st.sampled_from(Outcome)
digests = st.sampled_from(["", "0f"])

procedures = st.sampled_from([kind.code for kind in statutory_procedures()])
desks = st.sampled_from([*STAFF, staff("NH003", Post.REVIEWER)])
back = st.integers(-1, 15)
"""Days that lie so many back, a day of a procedure as it was."""


def _pause(actor: Actor, kind: str, first: int, length: int | None, expected: int) -> Deed:
    def deed(case: Case, on: date) -> Sequence[Fact]:
        first_on = on - timedelta(days=first)
        last_on = None if length is None else first_on + timedelta(days=length)
        return pause(
            case, PauseTerm(actor, None, expected, "0f", kind=kind, first_on=first_on, last_on=last_on), on, CALENDAR
        )

    return deed


def _resume(actor: Actor, last: int | None) -> Deed:
    return lambda case, on: [
        resume(case, ResumeTerm(actor, None if last is None else on - timedelta(days=last)), on, CALENDAR)
    ]


deeds: st.SearchStrategy[Deed] = st.one_of(
    actors.map(lambda actor: lambda case, on: [claim(case, actor, on)]),
    actors.map(lambda actor: lambda case, on: [release(case, actor, on)]),
    st.builds(CompleteStep, actors, st.sampled_from(Opinion), digests).map(
        lambda command: lambda case, on: [complete_step(case, command, on)]
    ),
    st.builds(Refer, actors, st.just("0f")).map(lambda command: lambda case, on: [refer(case, command, on)]),
    st.builds(Decide, actors, outcomes, digests, st.just("1")).map(
        lambda command: lambda case, on: [decide(case, command, on)]
    ),
    st.builds(Extend, actors, st.integers(1, 12), st.just("0f")).map(
        lambda command: lambda case, on: [extend(case, command, on, CALENDAR)]
    ),
    st.tuples(desks, procedures, back, st.none() | back, back).map(lambda drawn: _pause(*drawn)),
    actors.map(lambda actor: lambda case, on: approve_pause(case, actor, on, CALENDAR)),
    actors.map(lambda actor: lambda case, on: [decline_pause(case, actor, "0f", on)]),
    st.tuples(actors, st.none() | back).map(lambda drawn: _resume(*drawn)),
    st.just(overdue_procedure),
    st.just(withdraw),
    st.just(lambda case, on: issue_cards(case, on, CALENDAR)),
    st.builds(DecisionReport, st.sampled_from(["r-1", "r-2"]), outcomes, st.just(date(2016, 3, 8)), digests).map(
        lambda report: lambda case, on: district_decide(case, report, on)
    ),
    digests.map(lambda digest: lambda case, on: return_case(case, ReturnReport("r-3", digest), on)),
    st.just(lambda case, on: acknowledge(case, Acknowledgement("Q-1", on), on, CALENDAR)),
)
days = st.integers(0, 9)


@st.composite
def lives(draw: st.DrawFn) -> list[Fact]:
    """The facts of a leg to which any number of things were tried, some of them allowed."""
    item: AcceptedItem = draw(st.sampled_from(ITEMS))
    first: Fact = opening(item)
    if item.refers_to and draw(st.booleans()):
        first = open_district_leg(None, referral(item), STREET, CALENDAR)[0]
    told, case, on = [first], fold(None, first), date(2016, 3, 8)
    for deed, later in draw(st.lists(st.tuples(deeds, days), max_size=25)):
        on += timedelta(days=later)
        try:
            facts = deed(case, on)
        except NotAllowed:
            continue
        for fact in facts:
            case = fold(case, fact)
        told += facts
    return told


def folded(told: Sequence[Fact]) -> list[Case]:
    """The case after each of its facts."""
    cases: list[Case] = []
    for fact in told:
        cases.append(fold(cases[-1] if cases else None, fact))
    return cases


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_every_fact_is_of_its_application_and_on_the_day_of_its_act(told: list[Fact]) -> None:
    assert {fact.application_id for fact in told} == {told[0].application_id}
    assert all(first.occurred_on <= later.occurred_on for first, later in pairwise(told[1:]))


@settings(max_examples=examples(300), deadline=None)
@given(lives())
def test_a_leg_is_decided_at_most_once(told: list[Fact]) -> None:
    ends = [
        fact for fact in told if isinstance(fact, CaseDecided) or (isinstance(fact, DistrictDecided) and fact.closes)
    ]
    assert len(ends) <= 1


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_nothing_but_a_return_moves_what_is_closed(told: list[Fact]) -> None:
    cases = folded(told)
    for before, after in pairwise(cases):
        if before.stage is CaseStage.CLOSED:
            assert (after.closing, after.closed_on, after.on_time) == (before.closing, before.closed_on, before.on_time)


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_a_pause_never_makes_a_date_earlier(told: list[Fact]) -> None:
    cases = folded(told)
    for before, after, fact in zip(cases, cases[1:], told[1:], strict=False):
        if isinstance(fact, TermResumed):
            assert after.term.promised_due_on >= before.term.promised_due_on
            assert after.term.legal_due_on >= before.term.legal_due_on


@settings(max_examples=examples(300), deadline=None)
@given(lives())
def test_pauses_run_forward_never_overlap_and_each_has_its_notice(told: list[Fact]) -> None:
    paused = [fact for fact in told if isinstance(fact, TermPaused)]
    resumed = [fact for fact in told if isinstance(fact, TermResumed)]
    assert [fact.paused_on for fact in resumed] == [fact.paused_on for fact in paused][: len(resumed)]
    assert len({fact.reason.name for fact in paused if fact.reason}) == len(paused), (
        "each is announced with a reason of its own"
    )
    spans = sorted((fact.paused_on, fact.resumed_on) for fact in resumed)
    for first, last in spans:
        assert first <= last
    for (_, last), (first, _) in pairwise(spans):
        assert last < first


@settings(max_examples=examples(300), deadline=None)
@given(lives())
def test_a_procedure_is_approved_by_a_head_with_days_that_can_be_true(told: list[Fact]) -> None:
    for before, fact in zip(folded(told), told[1:], strict=False):
        if isinstance(fact, TermPaused):
            assert fact.approved_by in {actor.staff_no for actor in STAFF}
            assert before.term.starts_on <= fact.paused_on <= min(fact.occurred_on, before.term.legal_due_on)
        if isinstance(fact, TermResumed):
            assert fact.paused_on <= fact.resumed_on <= fact.occurred_on
        if isinstance(fact, ProcedureOverdue):
            assert before.paused_on is not None
            assert not before.procedures.overdue


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, 12), st.integers(0, 20), st.integers(0, 40), st.integers(0, 40))
def test_a_procedure_entered_late_gives_the_dates_of_one_entered_in_time(
    first: int, length: int, approved_later: int, ended_later: int
) -> None:
    start = date(2016, 3, 2)
    first_on = start + timedelta(days=first)
    last_on = first_on + timedelta(days=length)
    head = STAFF[-1]
    order = PauseTerm(head, None, 5, "0f", kind="testing", first_on=first_on)

    def entered(paused_on: date, resumed_on: date) -> Case:
        case = opened_at(paused_on, order)
        return fold(case, resume(case, ResumeTerm(head, last_on), resumed_on, CALENDAR))

    def opened_at(on: date, command: PauseTerm) -> Case:
        case = fold(None, opening(ITEMS[0]))
        for fact in pause(case, command, on, CALENDAR):
            case = fold(case, fact)
        return case

    in_time = entered(first_on, last_on)
    late = entered(first_on + timedelta(days=approved_later), last_on + timedelta(days=approved_later + ended_later))
    assert late.term == in_time.term
    whole = opened_at(last_on + timedelta(days=ended_later), replace(order, last_on=last_on))
    assert whole.term == in_time.term


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_a_card_of_one_level_is_issued_once_and_never_to_a_closed_case(told: list[Fact]) -> None:
    levels = [fact.level for fact in told if isinstance(fact, CardIssued)]
    assert len(levels) == len(set(levels))
    for before, fact in zip(folded(told), told[1:], strict=False):
        if isinstance(fact, CardIssued):
            assert not before.closed
            assert before.paused_on is None


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_who_closes_has_a_way_of_closing_and_a_day(told: list[Fact]) -> None:
    for case in folded(told):
        assert (case.stage is CaseStage.CLOSED) == (case.closed_on is not None) == (case.closing is not None)
        if case.stage is CaseStage.CLOSED:
            assert (case.claimed_by, case.paused_on, case.next_card) == ("", None, None)


@settings(max_examples=examples(200), deadline=None)
@given(lives())
def test_an_open_step_is_one_of_the_route(told: list[Fact]) -> None:
    for case in folded(told):
        assert case.step is None or case.step in case.route
