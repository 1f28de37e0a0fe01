"""特别程序: ordered by a reviewer, approved by the head, entered with its true days. (行政许可法 45)"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from law.desk import Post
from law.not_allowed import NotAllowed, WrongDesk
from law.procedures import (
    BeginsAfterTerm,
    BeginsAhead,
    BeginsTooEarly,
    EndsAhead,
    EndsBeforeBeginning,
    PausesOverlap,
    ProcedureKind,
    ProcedureNotOfItem,
)
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import (
    Fact,
    Outcome,
    ProcedureOrdered,
    SpecialProcedure,
    TermPaused,
    TermResumed,
)
from services.approval.domain.case.pause import (
    NoProcedureWaits,
    ProcedureWaits,
    ResumeTerm,
    approve_pause,
    decline_pause,
    overdue_procedure,
    pause,
    resume,
)
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.stages import AlreadyWithdrawn, NotAtThisStage, kind_of
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.steps import claim
from services.approval.domain.case.withdraw import withdraw
from tests.unit.approval.matters import (
    APPLICATION,
    CALENDAR,
    FORWARDED,
    HEAD,
    PROMISED,
    RESIDENCE,
    REVIEWER,
    after,
    opened,
    referred,
    reviewed,
    staff,
)
from tests.unit.approval.pauses import DAY, FROM, HEARING, UNTIL, approved, ordered, paused, resumed


def kinds(facts: Sequence[Fact]) -> list[type[Fact]]:
    return [type(fact) for fact in facts]


# The clock


def test_neither_the_first_nor_the_last_day_of_a_pause_counts() -> None:
    term = resumed(paused(opened())).term
    assert (term.promised_due_on, term.legal_due_on) == (date(2016, 3, 30), date(2016, 4, 14))


def test_a_pause_of_one_day_takes_one_day_out() -> None:
    assert resumed(paused(opened()), FROM).term.promised_due_on == date(2016, 3, 16)


@pytest.mark.parametrize("case", [opened(), reviewed()], ids=["in review", "before the decision"])
def test_the_case_goes_on_where_it_stood(case: Case) -> None:
    assert paused(case).stage is CaseStage.PAUSED
    assert resumed(paused(case)).stage is case.stage


def test_while_the_clock_stands_nothing_else_is_done() -> None:
    case = paused(reviewed())
    with pytest.raises(NotAtThisStage) as refused:
        decide(case, Decide(HEAD, Outcome.GRANTED, "", ""), UNTIL)
    assert "恢复计时" in refused.value.sentence
    with pytest.raises(NotAtThisStage):
        claim(case, HEAD, UNTIL)
    with pytest.raises(NotAtThisStage):
        pause(case, HEARING, UNTIL, CALENDAR)


def test_no_card_falls_due_while_the_clock_stands() -> None:
    assert paused(opened()).next_card is None
    assert resumed(paused(opened())).next_card is not None


def test_a_clock_that_runs_is_not_resumed() -> None:
    with pytest.raises(NotAtThisStage):
        resume(opened(), ResumeTerm(REVIEWER), UNTIL, CALENDAR)


def test_the_applicant_may_withdraw_while_the_clock_stands() -> None:
    case = after(paused(opened()), withdraw(paused(opened()), UNTIL))
    assert (case.stage, case.closing) == (CaseStage.CLOSED, CaseClosing.WITHDRAWN)


# Order and approval


def test_an_order_of_a_reviewer_stops_nothing_until_the_head_approves_it() -> None:
    case = ordered(opened())
    assert (case.stage, case.paused_on, case.next_card) == (CaseStage.REVIEW, None, opened().next_card)
    assert case.procedures.waiting is not None
    claim(case, REVIEWER, FROM)
    extend(case, Extend(HEAD, 5, "0f"), FROM, CALENDAR)
    assert (approved(case).stage, approved(case).procedures.waiting) == (CaseStage.PAUSED, None)


def test_a_head_orders_and_approves_in_one_act() -> None:
    (fact,) = pause(opened(), replace(HEARING, actor=HEAD), FROM, CALENDAR)
    assert isinstance(fact, TermPaused)
    assert (fact.ordered_by, fact.approved_by) == (HEAD.staff_no, HEAD.staff_no)


def test_the_facts_say_for_what_until_when_and_by_whom() -> None:
    (order,) = pause(opened(), HEARING, FROM, CALENDAR)
    assert isinstance(order, ProcedureOrdered)
    assert (order.kind.name, order.expected.on, order.ordered_by) == ("听证", date(2016, 3, 21), REVIEWER.staff_no)
    (fact,) = approve_pause(ordered(opened()), HEAD, FROM + DAY, CALENDAR)
    assert isinstance(fact, TermPaused)
    assert (fact.procedure, fact.expected_days, fact.paused_on) == (SpecialProcedure.HEARING, 10, FROM)
    assert (fact.kind, fact.expected, fact.reason) == (order.kind, order.expected, order.reason)
    assert fact.reason is not None
    assert (fact.ordered_by, fact.approved_by, fact.reason.name) == ("NH001", "NH900", "pause.1.reason")


def test_one_order_waits_at_a_time() -> None:
    with pytest.raises(ProcedureWaits) as refused:
        ordered(ordered(opened()))
    assert "听证" in refused.value.sentence


def test_a_declined_order_takes_no_day_out_and_another_may_follow() -> None:
    waiting = ordered(opened())
    fact = decline_pause(waiting, HEAD, "0f", FROM)
    assert (fact.first_on, fact.declined_by, fact.reason.name) == (FROM, "NH900", "pause.1.declined")
    case = after(waiting, [fact])
    assert (case.procedures.waiting, case.term, case.stage) == (None, opened().term, CaseStage.REVIEW)
    with pytest.raises(NoProcedureWaits):
        approve_pause(case, HEAD, FROM, CALENDAR)
    (again,) = pause(case, HEARING, FROM, CALENDAR)
    assert isinstance(again, ProcedureOrdered)
    assert again.reason.name == "pause.2.reason"


@pytest.mark.parametrize("act", [approve_pause, lambda case, head, on, _: decline_pause(case, head, "0f", on)])
def test_an_order_is_for_the_head(act: Any) -> None:
    with pytest.raises(NoProcedureWaits):
        act(opened(), HEAD, FROM, CALENDAR)
    with pytest.raises(WrongDesk):
        act(ordered(opened()), REVIEWER, FROM, CALENDAR)


def test_a_clerk_does_not_stop_the_clock() -> None:
    with pytest.raises(WrongDesk):
        pause(opened(), replace(HEARING, actor=staff("NH300", Post.CLERK)), FROM, CALENDAR)


def test_an_order_falls_with_the_end_of_the_case() -> None:
    waiting = ordered(reviewed())
    closed = after(waiting, [decide(waiting, Decide(HEAD, Outcome.GRANTED, "", "决1号"), FROM)])
    assert closed.procedures.waiting is None
    with pytest.raises(NotAtThisStage):
        approve_pause(closed, HEAD, FROM, CALENDAR)
    with pytest.raises(AlreadyWithdrawn):
        approve_pause(after(waiting, withdraw(waiting, FROM)), HEAD, FROM, CALENDAR)


@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closes by referral", "waits at the district"])
def test_an_order_falls_with_the_referral(item: Any) -> None:
    waiting = ordered(reviewed(item))
    case = after(waiting, [refer(waiting, Refer(HEAD, "0f"), FROM)])
    assert case.procedures.waiting is None
    with pytest.raises(NotAtThisStage):
        approve_pause(case, HEAD, FROM, CALENDAR)


# True days


def test_a_procedure_that_began_last_week_stops_the_clock_from_its_true_first_day() -> None:
    late = FROM + timedelta(days=7)
    case = approved(ordered(opened(), late, first_on=FROM), late + DAY)
    assert case.paused_on == FROM
    assert resumed(case).term == resumed(paused(opened())).term


@pytest.mark.parametrize("entered", [UNTIL, UNTIL + DAY, date(2016, 4, 8)])
def test_a_procedure_entered_whole_gives_the_dates_of_one_entered_in_time(entered: date) -> None:
    in_time = resumed(paused(opened())).term
    facts = pause(opened(), replace(HEARING, actor=HEAD, first_on=FROM, last_on=UNTIL), entered, CALENDAR)
    assert kinds(facts) == [TermPaused, TermResumed]
    assert after(opened(), facts).term == in_time
    waiting = ordered(opened(), entered, first_on=FROM, last_on=UNTIL)
    assert approved(waiting, entered + DAY).term == in_time
    assert approved(waiting, entered + DAY).stage is CaseStage.REVIEW


def test_a_resumption_names_the_true_last_day() -> None:
    assert resumed(paused(opened()), UNTIL + timedelta(days=5), UNTIL).term == resumed(paused(opened())).term


def test_a_procedure_that_is_over_needs_no_expected_end() -> None:
    facts = pause(
        opened(), replace(HEARING, actor=HEAD, expected_days=0, first_on=FROM, last_on=UNTIL), UNTIL, CALENDAR
    )
    assert isinstance(facts[0], TermPaused)
    assert facts[0].expected is not None
    assert (facts[0].expected.on, facts[0].expected_days) == (UNTIL, 11)


@pytest.mark.parametrize(
    ("first_on", "last_on", "refusal"),
    [
        (UNTIL + DAY, None, BeginsAhead),
        (date(2016, 2, 29), None, BeginsTooEarly),
        (FROM, FROM - DAY, EndsBeforeBeginning),
        (FROM, UNTIL + DAY, EndsAhead),
    ],
)
def test_days_that_cannot_be_true_are_refused(first_on: date, last_on: date | None, refusal: type[NotAllowed]) -> None:
    with pytest.raises(refusal):
        ordered(opened(), UNTIL, first_on=first_on, last_on=last_on)


def test_nothing_stops_a_term_that_is_over_but_what_began_before() -> None:
    after_limit = date(2016, 4, 5)
    with pytest.raises(BeginsAfterTerm):
        ordered(opened(), after_limit)
    in_time = approved(ordered(opened(), after_limit, first_on=date(2016, 3, 29)), after_limit)
    assert in_time.stage is CaseStage.PAUSED


def test_a_second_pause_begins_after_the_last_day_of_the_first() -> None:
    case = resumed(paused(opened()))
    with pytest.raises(PausesOverlap):
        ordered(case, UNTIL)
    again = resumed(paused(case, date(2016, 3, 23)), date(2016, 3, 24))
    assert again.term.promised_due_on == date(2016, 4, 1)


def test_a_resumption_ends_on_a_day_that_can_be_true() -> None:
    with pytest.raises(EndsAhead):
        resumed(paused(opened()), UNTIL, UNTIL + DAY)
    with pytest.raises(EndsBeforeBeginning):
        resumed(paused(opened()), UNTIL, FROM - DAY)


def test_a_pause_after_the_promised_day_moves_the_law_alone() -> None:
    before = opened().term
    term = resumed(paused(opened(), date(2016, 3, 16)), date(2016, 3, 18)).term
    assert (term.promised_due_on, term.legal_due_on) == (before.promised_due_on, date(2016, 4, 1))
    on_the_day = resumed(paused(opened(), before.promised_due_on), before.promised_due_on).term
    assert on_the_day.promised_due_on == date(2016, 3, 16)


def test_procedures_entered_in_any_order_give_the_same_dates() -> None:
    appraisal = {"first_on": date(2016, 3, 9), "last_on": date(2016, 3, 14)}
    hearing = {"first_on": date(2016, 3, 18), "last_on": date(2016, 3, 18)}
    late = date(2016, 3, 31)

    def entered(*spans: dict[str, date]) -> Case:
        case = opened()
        for span in spans:
            case = approved(ordered(case, late, **span), late)
        return case

    in_order, reversed_order = entered(appraisal, hearing), entered(hearing, appraisal)
    assert entered(hearing).pauses[0].stops_promise is False  # by itself it begins after the promised day
    assert [each.stops_promise for each in reversed_order.pauses] == [True, True]
    assert replace(in_order.term, ledger=None) == replace(reversed_order.term, ledger=None)


# Kinds


def test_the_item_says_which_procedures_its_law_knows() -> None:
    publicity = ProcedureKind("publicity", "公示", "社会救助暂行办法 11")
    case = opened(replace(PROMISED, procedures=(publicity,)))
    with pytest.raises(ProcedureNotOfItem):
        ordered(case)
    (fact,) = pause(case, replace(HEARING, actor=HEAD, procedure=None, kind="publicity"), FROM, CALENDAR)
    assert isinstance(fact, TermPaused)
    assert (fact.kind, fact.procedure) == (publicity, SpecialProcedure.OTHER)


def test_the_kinds_of_earlier_releases_go_on() -> None:
    (fact,) = pause(opened(), replace(HEARING, actor=HEAD, procedure=SpecialProcedure.INSPECTION), FROM, CALENDAR)
    assert isinstance(fact, TermPaused)
    assert kind_of(fact).name == "检验、检测、检疫"
    assert fact.procedure is SpecialProcedure.INSPECTION
    old = TermPaused(FROM, APPLICATION, SpecialProcedure.APPRAISAL, FROM, 5, fact.reason)
    assert kind_of(old).name == "鉴定"
    assert overdue_procedure(after(opened(), [old]), date(2016, 6, 1)) == []


def test_a_referred_leg_has_no_procedure_of_its_own() -> None:
    with pytest.raises(NotAtThisStage):
        pause(referred(RESIDENCE), HEARING, FROM, CALENDAR)
