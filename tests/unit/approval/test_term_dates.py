"""Dates of a leg after extensions and pauses: by hand for single days, by the law's own clock for any of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import term_clock
from law.notices import Notice, statutory_days
from law.procedures import BeginsAfterTerm
from law.term_clock import TermClock
from law.terms import Unit
from services.approval.domain.case import due_dates
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import SpecialProcedure, TermPaused, VaultText
from services.approval.domain.case.item import AcceptedItem, Limit, LimitUnit
from services.approval.domain.case.open_case import open_street_leg
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, pause, resume
from services.approval.domain.case.stages import TermIsOver
from services.approval.domain.case.state import Case
from tests.unit.approval.acts import DIGEST, paused, resumed
from tests.unit.approval.matters import (
    APPLICATION,
    CALENDAR,
    HEAD,
    PROMISED,
    REVIEWER,
    accepted,
    after,
    opened,
)

IN_CALENDAR_DAYS = replace(
    PROMISED,
    promised_limit=Limit(15, LimitUnit.CALENDAR_DAYS, ""),
    legal_limit=Limit(30, LimitUnit.CALENDAR_DAYS, "居住证暂行条例 10"),
)


def accepted_on(on: date, item: AcceptedItem = PROMISED) -> Case:
    """A street's leg that was accepted on a day, its dates by the calendar."""
    term = due_dates.first_term(on, item.promised_limit, item.legal_limit, CALENDAR)
    acceptance = replace(
        accepted(item),
        occurred_on=on,
        accepted_on=on,
        promised_due_on=term.promised_due_on,
        legal_due_on=term.legal_due_on,
        provisional=term.provisional,
        calendar_version=CALENDAR.version,
    )
    return after(None, open_street_leg(None, acceptance, CALENDAR))


def extended(case: Case, days: int, on: date) -> Case:
    """The case with its term extended by the head."""
    return after(case, [extend(case, Extend(HEAD, days, DIGEST), on, CALENDAR)])


@pytest.mark.parametrize(
    ("accepted", "days", "promised", "legal"),
    [
        pytest.param(date(2016, 1, 25), 5, date(2016, 2, 18), date(2016, 3, 3), id="over 春节 and 29 February"),
        pytest.param(date(2016, 9, 14), 10, date(2016, 10, 18), date(2016, 11, 1), id="over 中秋节 and 国庆节"),
        pytest.param(date(2016, 12, 15), 10, date(2017, 1, 13), date(2017, 1, 26), id="over the new year"),
        pytest.param(date(2020, 1, 10), 3, date(2020, 2, 5), date(2020, 2, 19), id="over the prolonged 春节 of 2020"),
    ],
)
def test_an_extension_over_a_holiday_ends_on(accepted: date, days: int, promised: date, legal: date) -> None:
    term = extended(accepted_on(accepted), days, accepted + timedelta(days=1)).term
    assert (term.promised_due_on, term.legal_due_on) == (promised, legal)


def test_ten_working_days_more_are_working_days_for_a_limit_in_calendar_days_too() -> None:
    case = accepted_on(date(2016, 3, 1), IN_CALENDAR_DAYS)
    assert (case.term.promised_due_on, case.term.legal_due_on) == (date(2016, 3, 16), date(2016, 3, 31))
    term = extended(case, 10, date(2016, 3, 10)).term
    assert (term.promised_due_on, term.legal_due_on) == (date(2016, 3, 30), date(2016, 4, 15))


@pytest.mark.parametrize(
    ("accepted", "last"),
    [
        (date(2016, 3, 1), date(2016, 3, 29)),
        (date(2016, 9, 14), date(2016, 10, 18)),
        (date(2016, 12, 15), date(2017, 1, 13)),
        (date(2020, 2, 3), date(2020, 3, 2)),
    ],
)
def test_a_term_is_extended_on_its_last_day_in_law_and_not_on_the_day_after(accepted: date, last: date) -> None:
    case = accepted_on(accepted)
    assert case.term.legal_due_on == last
    assert extended(case, 1, last).extended_by == 1
    with pytest.raises(TermIsOver):
        extend(case, Extend(HEAD, 1, DIGEST), last + timedelta(days=1), CALENDAR)


def test_an_act_is_within_a_provisional_term_while_a_notice_may_still_make_it_later() -> None:
    case = accepted_on(date(2026, 12, 7))
    latest = due_dates.recomputed_term(case, CALENDAR.widest).legal_due_on
    assert case.term.provisional
    assert case.term.legal_due_on < latest
    assert extended(case, 1, latest).extended_by == 1
    assert paused(case, latest).paused_on == latest
    day_after = latest + timedelta(days=1)
    with pytest.raises(TermIsOver) as refused:
        extend(case, Extend(HEAD, 1, DIGEST), day_after, CALENDAR)
    assert f"{latest}届满" in refused.value.sentence
    with pytest.raises(BeginsAfterTerm) as too:
        pause(case, PauseTerm(HEAD, SpecialProcedure.APPRAISAL, 1, DIGEST), day_after, CALENDAR)
    assert f"{latest}届满" in too.value.sentence
    notice = Notice.read_back(2027, "国办发明电〔2026〕9号", statutory_days(2027), ())
    published = CALENDAR.with_notice(notice, "x")
    firm = replace(case, term=due_dates.recomputed_term(case, published))
    assert not firm.term.provisional
    with pytest.raises(TermIsOver):
        extend(firm, Extend(HEAD, 1, DIGEST), firm.term.legal_due_on + timedelta(days=1), published)


def test_an_extension_of_a_provisional_term_that_was_over_after_all_mends_no_promise() -> None:
    case = accepted_on(date(2026, 12, 7))
    late = case.term.legal_due_on + timedelta(days=1)
    case = extended(case, 1, late)
    notice = Notice.read_back(2027, "国办发明电〔2026〕9号", statutory_days(2027), ())
    firm = due_dates.recomputed_term(case, CALENDAR.with_notice(notice, "x"))
    assert firm.promised_due_on < late <= firm.legal_due_on


def test_a_pause_gives_a_term_that_would_be_over_its_days_back() -> None:
    case = resumed(paused(opened(), date(2016, 3, 28)), date(2016, 4, 8))
    assert case.term.legal_due_on == date(2016, 4, 12)
    assert extended(case, 10, date(2016, 4, 12)).term.legal_due_on == date(2016, 4, 26)


def test_the_extension_is_on_file_with_its_days_and_the_digest_of_its_reason() -> None:
    fact = extend(opened(), Extend(HEAD, 7, DIGEST), date(2016, 3, 10), CALENDAR)
    assert (fact.days, fact.reason) == (7, VaultText("extension.reason", DIGEST))
    assert (fact.occurred_on, fact.application_id) == (date(2016, 3, 10), APPLICATION)


def test_an_extension_into_an_unknown_year_is_provisional() -> None:
    case = accepted_on(date(2026, 11, 24))
    assert not case.term.provisional
    assert extended(case, 10, date(2026, 12, 1)).term.provisional


@pytest.mark.parametrize("procedure", [each for each in SpecialProcedure if each is not SpecialProcedure.OTHER])
def test_every_special_procedure_stops_the_clock(procedure: SpecialProcedure) -> None:
    (fact,) = pause(opened(), PauseTerm(HEAD, procedure, 20, DIGEST), date(2016, 3, 7), CALENDAR)
    assert isinstance(fact, TermPaused)
    assert (fact.procedure, fact.paused_on, fact.expected_days) == (procedure, date(2016, 3, 7), 20)


def test_each_pause_has_a_reason_under_its_own_number() -> None:
    case = opened()
    names = []
    for first in (date(2016, 3, 3), date(2016, 3, 7), date(2016, 3, 9)):
        (fact,) = pause(case, PauseTerm(HEAD, SpecialProcedure.APPRAISAL, 1, DIGEST), first, CALENDAR)
        assert isinstance(fact, TermPaused)
        names.append(fact.reason.name if fact.reason else "")
        case = resumed(after(case, [fact]), first)
    assert names == ["pause.1.reason", "pause.2.reason", "pause.3.reason"]
    assert [(each.first_on, each.last_on) for each in case.pauses] == [
        (on, on) for on in (date(2016, 3, 3), date(2016, 3, 7), date(2016, 3, 9))
    ]


def test_a_resumption_says_from_when_to_when_the_clock_stood_still() -> None:
    fact = resume(paused(opened(), date(2016, 3, 8)), ResumeTerm(REVIEWER), date(2016, 3, 22), CALENDAR)
    assert (fact.paused_on, fact.resumed_on, fact.occurred_on) == (
        date(2016, 3, 8),
        date(2016, 3, 22),
        date(2016, 3, 22),
    )


def test_a_pause_over_a_holiday_takes_out_its_working_days_alone() -> None:
    case = accepted_on(date(2016, 9, 14))  # ten working days end on 29 September
    assert case.term.promised_due_on == date(2016, 9, 29)
    over = resumed(paused(case, date(2016, 9, 29)), date(2016, 10, 8))
    assert over.term.promised_due_on == date(2016, 10, 9)


ACCEPTED = st.dates(date(2016, 1, 4), date(2026, 6, 30))
ITEMS = st.sampled_from([PROMISED, IN_CALENDAR_DAYS])
PAUSED_DAYS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 12)), max_size=3)


@given(ACCEPTED, ITEMS, st.integers(0, 10), PAUSED_DAYS)
def test_the_dates_of_a_leg_are_those_of_the_laws_clock(
    on: date, item: AcceptedItem, days: int, pauses: list[tuple[int, int]]
) -> None:
    case, day = accepted_on(on, item), on
    if days:
        case = extended(case, days, on)
    for gap, length in pauses:
        first = day + timedelta(days=gap)
        day = first + timedelta(days=length)
        case = resumed(paused(case, first), day)
    dates = []
    for limit, clock in ((item.promised_limit, case.clocks.promised), (item.legal_limit, case.clocks.legal)):
        bare = TermClock(on, limit.days, limit.law_unit, clock.pauses)
        assert clock == bare.extended(days, Unit.WORKING)
        dates.append(term_clock.due_on(clock, CALENDAR))
    assert (case.term.promised_due_on, case.term.legal_due_on) == (min(dates), dates[1])
    assert case.term.yellow_on == case.term.promised_due_on + timedelta(days=1)
    assert case.term.red_on == case.term.legal_due_on + timedelta(days=1)
    assert case.term.warn_on <= case.term.promised_due_on


@given(ACCEPTED, st.integers(1, 10), st.integers(1, 6), st.integers(0, 12))
def test_an_extension_before_a_pause_ends_where_one_after_it_ends(on: date, days: int, gap: int, length: int) -> None:
    first = on + timedelta(days=gap)
    last = first + timedelta(days=length)
    before = resumed(paused(extended(accepted_on(on), days, on), first), last)
    after_ = extended(resumed(paused(accepted_on(on), first), last), days, last)
    ledger = replace(after_.ledger, extended_on=on)
    assert before.term == replace(after_.term, ledger=ledger)
