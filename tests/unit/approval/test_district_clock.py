"""Special procedures and the extension of the district: by their own days, on both legs of one matter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law.not_allowed import NotAllowed
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
from services.approval.domain.case import due_dates
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Outcome, SpecialProcedure, VaultText
from services.approval.domain.case.open_case import open_district_leg
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, pause, resume
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.stages import (
    AlreadyExtended,
    AlreadyWithdrawn,
    ExtensionTooLong,
    NotAtThisStage,
    NotWithDistrict,
    TermIsOver,
)
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.withdraw import withdraw
from services.approval.handoff.domain.district_clock import (
    ClockFact,
    ExtensionDateImpossible,
    ExtensionReport,
    NoProcedureBegun,
    PauseReport,
    clock_on_street_leg,
    district_extend,
    district_pause,
    district_resume,
)
from services.approval.handoff.domain.district_decide import DecisionReport, decision_on_street_leg, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    CALENDAR,
    FORWARDED,
    HEAD,
    RESIDENCE,
    STREET,
    after,
    leg,
    opened,
    referred,
    reviewed,
)

REFERRED_ON, FIRST, LAST, TODAY = date(2016, 3, 8), date(2016, 3, 10), date(2016, 3, 14), date(2016, 4, 20)
BEGUN = PauseReport(SpecialProcedure.APPRAISAL, FIRST, "0f")
EXTENDED = ExtensionReport(5, date(2016, 3, 15), "0f")


def paused(case: Case, report: PauseReport = BEGUN) -> Case:
    """The leg with a procedure that goes on."""
    return after(case, district_pause(case, report, TODAY, CALENDAR))


def stood(case: Case, last_on: date = LAST) -> Case:
    """The leg with a procedure that is over."""
    begun = paused(case)
    return after(begun, district_resume(begun, last_on, TODAY, CALENDAR))


def extended(case: Case, report: ExtensionReport = EXTENDED) -> Case:
    """The leg with that extension."""
    return after(case, district_extend(case, report, TODAY, CALENDAR))


def test_days_that_are_reported_late_are_out_of_both_clocks_all_the_same() -> None:
    """10, 11 and 14 March are working days: both last days move by three."""
    case = stood(leg(RESIDENCE))
    assert (case.term.promised_due_on, case.term.legal_due_on) == (date(2016, 3, 18), date(2016, 3, 25))


def test_an_extension_moves_a_promise_that_was_not_broken_on_its_day() -> None:
    case = extended(leg(RESIDENCE))
    assert (case.term.promised_due_on, case.term.legal_due_on) == (date(2016, 3, 22), date(2016, 3, 29))
    late = extended(leg(RESIDENCE), replace(EXTENDED, decided_on=date(2016, 3, 16)))
    assert (late.term.promised_due_on, late.term.legal_due_on) == (date(2016, 3, 15), date(2016, 3, 29))


def test_the_street_of_a_matter_that_closes_by_the_decision_moves_with_it() -> None:
    district, street = leg(RESIDENCE), referred(RESIDENCE)
    begun = district_pause(district, BEGUN, TODAY, CALENDAR)
    district = after(district, begun)
    ended = district_resume(district, LAST, TODAY, CALENDAR)
    district = after(district, ended)
    more = district_extend(district, replace(EXTENDED, decided_on=date(2016, 3, 17)), TODAY, CALENDAR)
    told: list[ClockFact] = [*begun, *ended, *more]
    for fact in told:
        (on_street,) = clock_on_street_leg(street, fact)
        street = after(street, [on_street])
    assert street.term == after(district, more).term
    assert street.pauses == district.pauses


def test_no_desk_of_the_street_ends_a_procedure_of_the_district() -> None:
    (begun,) = district_pause(leg(RESIDENCE), BEGUN, TODAY, CALENDAR)
    street = referred(RESIDENCE)
    street = after(street, clock_on_street_leg(street, begun))
    assert street.paused_on == FIRST
    with pytest.raises(NotAtThisStage):
        resume(street, ResumeTerm(HEAD, LAST), TODAY, CALENDAR)


@pytest.mark.parametrize("item", [FORWARDED, replace(RESIDENCE, refers_to="")], ids=["own limits", "its desks"])
def test_only_the_matters_own_clock_comes_down_to_the_street(item: object) -> None:
    (begun,) = district_pause(leg(RESIDENCE), BEGUN, TODAY, CALENDAR)
    street: Case = referred(item)  # type: ignore[arg-type] # items, listed as parameters
    moved = clock_on_street_leg(street, begun)
    assert bool(moved) is street.item.closes_at_district
    assert all(fact.reason is None for fact in moved if hasattr(fact, "reason"))


def test_a_leg_that_an_older_release_opened_with_a_term_of_its_own_moves_no_street() -> None:
    own = replace(leg(RESIDENCE), term=replace(leg(RESIDENCE).term, starts_on=REFERRED_ON))
    (fact,) = district_extend(own, EXTENDED, TODAY, CALENDAR)
    assert clock_on_street_leg(referred(RESIDENCE), fact) == []


def on_both(district: Case, street: Case, first_on: date, last_on: date) -> tuple[Case, Case]:
    """Both legs after a procedure of those days."""
    (begun,) = district_pause(district, replace(BEGUN, first_on=first_on), TODAY, CALENDAR)
    street, district = after(street, clock_on_street_leg(street, begun)), after(district, [begun])
    (ended,) = district_resume(district, last_on, TODAY, CALENDAR)
    return after(district, [ended]), after(street, clock_on_street_leg(street, ended))


def test_procedures_reported_in_any_order_give_the_same_dates_on_both_legs() -> None:
    """The hearing of the 18th comes after the promised 15th, unless the appraisal from the 9th to the 14th is known."""
    appraisal, hearing = (date(2016, 3, 9), LAST), (date(2016, 3, 18), date(2016, 3, 18))
    legs = leg(RESIDENCE), referred(RESIDENCE)
    alone, _ = on_both(*legs, *hearing)
    assert alone.pauses[0].stops_promise is False
    in_order, _ = on_both(*on_both(*legs, *appraisal), *hearing)
    district, street = on_both(*on_both(*legs, *hearing), *appraisal)
    assert [each.stops_promise for each in district.pauses] == [True, True]
    assert replace(district.term, ledger=None) == replace(in_order.term, ledger=None)
    assert street.term == district.term


def test_a_return_keeps_a_procedure_of_its_first_day_apart() -> None:
    """Both spans begin on the 9th; the ledger has each with its own end."""
    first_on, later = REFERRED_ON + timedelta(days=1), date(2016, 3, 16)
    district, street = on_both(leg(RESIDENCE), referred(RESIDENCE), first_on, first_on)
    (back,) = return_case(district, ReturnReport("r-1", "0f", LAST), TODAY)
    street = after(street, return_on_street_leg(street, back, CALENDAR))
    order = PauseTerm(HEAD, SpecialProcedure.HEARING, 0, "0f", first_on=later, last_on=later)
    street = after(street, pause(street, order, TODAY, CALENDAR))
    spans = [(each.first_on, each.last_on) for each in street.ledger.standstills]
    assert spans == [(first_on, first_on), (first_on, LAST), (later, later)]


def test_a_report_counts_once_whatever_its_key() -> None:
    case = stood(leg(RESIDENCE))
    assert district_pause(case, BEGUN, TODAY, CALENDAR) == []
    assert district_resume(case, LAST, TODAY, CALENDAR) == []
    assert district_pause(paused(leg(RESIDENCE)), BEGUN, TODAY, CALENDAR) == []
    assert district_extend(extended(leg(RESIDENCE)), EXTENDED, TODAY, CALENDAR) == []


def test_the_reasons_lie_under_names_of_the_districts_own() -> None:
    (begun,) = district_pause(leg(RESIDENCE), BEGUN, TODAY, CALENDAR)
    (more,) = district_extend(leg(RESIDENCE), EXTENDED, TODAY, CALENDAR)
    assert begun.reason == VaultText("district.pause.1.reason", "0f")
    assert more.reason == VaultText("district.extension.reason", "0f")
    (bare,) = district_pause(leg(RESIDENCE), replace(BEGUN, reason=""), TODAY, CALENDAR)
    assert bare.reason is None


def pausing(case: Case, first_on: date, today: date = TODAY) -> object:
    """A procedure that begins on that day."""
    return district_pause(case, replace(BEGUN, first_on=first_on), today, CALENDAR)


def resuming(case: Case, last_on: date) -> object:
    """An end on that day."""
    return district_resume(case, last_on, TODAY, CALENDAR)


def extending(case: Case, days: int, on: date) -> object:
    """An extension by so many days."""
    return district_extend(case, ExtensionReport(days, on), TODAY, CALENDAR)


REFUSED = [
    (BeginsTooEarly, lambda: pausing(leg(RESIDENCE), REFERRED_ON - timedelta(days=1)), "first_on"),
    (BeginsAhead, lambda: pausing(leg(RESIDENCE), LAST, FIRST), "first_on"),
    (BeginsAfterTerm, lambda: pausing(leg(RESIDENCE), date(2016, 3, 23)), "first_on"),
    (PausesOverlap, lambda: pausing(stood(leg(RESIDENCE)), LAST), "first_on"),
    (PausesOverlap, lambda: pausing(paused(leg(RESIDENCE)), LAST), "first_on"),
    (EndsAhead, lambda: resuming(paused(leg(RESIDENCE)), TODAY + timedelta(days=1)), "last_on"),
    (EndsBeforeBeginning, lambda: resuming(paused(leg(RESIDENCE)), FIRST - timedelta(days=1)), "last_on"),
    (PausesOverlap, lambda: pausing(paused(leg(RESIDENCE)), FIRST - timedelta(days=1)), "first_on"),
    (
        PausesOverlap,
        lambda: resuming(paused(stood(leg(RESIDENCE)), replace(BEGUN, first_on=FIRST - timedelta(days=1))), LAST),
        "last_on",
    ),
    (NoProcedureBegun, lambda: resuming(leg(RESIDENCE), LAST), ""),
    (ExtensionDateImpossible, lambda: extending(leg(RESIDENCE), 5, REFERRED_ON - timedelta(days=1)), "decided_on"),
    (ExtensionDateImpossible, lambda: extending(leg(RESIDENCE), 5, TODAY + timedelta(days=1)), "decided_on"),
    (ExtensionTooLong, lambda: extending(leg(RESIDENCE), 11, LAST), "days"),
    (TermIsOver, lambda: extending(leg(RESIDENCE), 5, date(2016, 3, 23)), "decided_on"),
    (AlreadyExtended, lambda: extending(extended(leg(RESIDENCE)), 6, LAST), "days"),
    (NotWithDistrict, lambda: pausing(opened(), FIRST), ""),
    (NotWithDistrict, lambda: resuming(opened(), LAST), ""),
    (NotWithDistrict, lambda: extending(opened(), 5, LAST), ""),
]


@pytest.mark.parametrize(
    ("refusal", "act", "field"), REFUSED, ids=[f"{n}-{row[0].__name__}" for n, row in enumerate(REFUSED)]
)
def test_what_cannot_be_true_is_refused_by_its_field(refusal: type[NotAllowed], act: object, field: str) -> None:
    with pytest.raises(refusal) as refused:
        act()  # type: ignore[operator] # a call of the table
    assert refused.value.field == field


def test_a_matter_is_extended_once_whichever_level_did_it() -> None:
    street = reviewed(RESIDENCE)
    street = after(street, [extend(street, Extend(HEAD, 5, "0f"), date(2016, 3, 2), CALENDAR)])
    referral = refer(street, Refer(HEAD, "0e"), REFERRED_ON)
    case = after(None, open_district_leg(None, referral, STREET, CALENDAR))
    with pytest.raises(AlreadyExtended):
        extending(case, 6, LAST)


def test_nothing_moves_the_clock_of_a_leg_that_has_ended() -> None:
    withdrawn = after(leg(RESIDENCE), withdraw(leg(RESIDENCE), LAST))
    with pytest.raises(AlreadyWithdrawn):
        pausing(withdrawn, FIRST)
    with pytest.raises(AlreadyWithdrawn):
        resuming(withdrawn, LAST)
    with pytest.raises(AlreadyWithdrawn):
        extending(withdrawn, 5, LAST)


def test_a_decision_comes_through_while_the_end_of_a_procedure_is_not_reported() -> None:
    """Its clock has stood since the 10th, before the last day: it is on time also after the 15th."""
    case = paused(leg(RESIDENCE))
    (told,) = district_decide(case, DecisionReport("r-1", Outcome.GRANTED, date(2016, 3, 18)), TODAY)
    assert (told.on_time, told.early) == (True, True)
    (begun,) = district_pause(leg(RESIDENCE), BEGUN, TODAY, CALENDAR)
    street = after(referred(RESIDENCE), clock_on_street_leg(referred(RESIDENCE), begun))
    (fact,) = decision_on_street_leg(street, told)
    assert (fact.closes, fact.on_time) == (True, True)
    assert after(case, [told]).closing is CaseClosing.GRANTED


def test_a_return_ends_what_stood_and_gives_the_days_back() -> None:
    case = paused(leg(RESIDENCE))
    (begun,) = district_pause(leg(RESIDENCE), BEGUN, TODAY, CALENDAR)
    street = after(referred(RESIDENCE), clock_on_street_leg(referred(RESIDENCE), begun))
    (back,) = return_case(case, ReturnReport("r-1", "0f", LAST), TODAY)
    street = after(street, return_on_street_leg(street, back, CALENDAR))
    assert street.paused_on is None and street.term.promised_due_on == date(2016, 3, 21)


@pytest.mark.parametrize(
    ("report", "code", "name"),
    [
        (PauseReport(None, FIRST, kind="tender"), "tender", "招标"),
        (PauseReport(SpecialProcedure.HEARING, FIRST, kind="auction"), "auction", "拍卖"),
        (PauseReport(SpecialProcedure.APPRAISAL, FIRST), "appraisal", "鉴定"),
        (PauseReport(SpecialProcedure.INSPECTION, FIRST), "inspection", "检验、检测、检疫"),
    ],
)
def test_a_procedure_of_the_district_has_a_published_kind(report: PauseReport, code: str, name: str) -> None:
    (fact,) = district_pause(leg(), report, TODAY, CALENDAR)
    assert fact.kind is not None
    assert (fact.kind.code, fact.kind.name) == (code, name)
    (ended,) = district_resume(after(leg(), [fact]), LAST, TODAY, CALENDAR)
    assert ended.kind == fact.kind
    assert ended.term.ledger is not None and ended.term.ledger.standstills[-1].procedure == code


@pytest.mark.parametrize(
    "report",
    [
        PauseReport(None, FIRST, kind="hearing"),
        PauseReport(SpecialProcedure.HEARING, FIRST),
        PauseReport(SpecialProcedure.OTHER, FIRST),
        PauseReport(None, FIRST),
    ],
)
def test_a_kind_that_the_item_does_not_know_is_refused_as_at_a_desk(report: PauseReport) -> None:
    item = replace(FORWARDED, procedures=(ProcedureKind("publicity", "公示", "社会救助暂行办法 11"),))
    with pytest.raises(ProcedureNotOfItem) as refused:
        district_pause(leg(item), report, TODAY, CALENDAR)
    assert refused.value.field == "kind"
    (fact,) = district_pause(leg(item), PauseReport(None, FIRST, kind="publicity"), TODAY, CALENDAR)
    assert fact.procedure is SpecialProcedure.OTHER


def test_a_leg_that_the_district_has_is_referred_also_while_its_clock_stands() -> None:
    begun = district_pause(leg(), BEGUN, TODAY, CALENDAR)
    assert after(leg(), begun).stage is CaseStage.REFERRED
    street = after(referred(RESIDENCE), clock_on_street_leg(referred(RESIDENCE), begun[0]))
    assert (street.stage, street.paused_on) == (CaseStage.REFERRED, FIRST)
    for case in (after(leg(), begun), street):
        with pytest.raises(NotAtThisStage):
            resume(case, ResumeTerm(HEAD, LAST), TODAY, CALENDAR)


def test_a_report_is_within_a_provisional_term_while_a_notice_may_still_make_it_later() -> None:
    begins_on = date(2026, 12, 7)
    case = leg(RESIDENCE)
    limits = case.term.promised_limit, case.term.legal_limit
    case = replace(case, term=due_dates.first_term(begins_on, *limits, CALENDAR))
    latest, heard_on = due_dates.last_legal_day(case, CALENDAR), date(2027, 3, 1)
    assert case.term.provisional
    assert case.term.legal_due_on < latest
    (begun,) = district_pause(case, replace(BEGUN, first_on=latest), heard_on, CALENDAR)
    assert begun.paused_on == latest
    (more,) = district_extend(case, replace(EXTENDED, decided_on=latest), heard_on, CALENDAR)
    assert more.days == EXTENDED.days
    day_after = latest + timedelta(days=1)
    with pytest.raises(BeginsAfterTerm) as refused:
        district_pause(case, replace(BEGUN, first_on=day_after), heard_on, CALENDAR)
    assert f"{latest}届满" in refused.value.sentence
    with pytest.raises(TermIsOver) as too:
        district_extend(case, replace(EXTENDED, decided_on=day_after), heard_on, CALENDAR)
    assert f"{latest}届满" in too.value.sentence
