"""延期: the head extends the term once, by at most ten working days. (行政许可法 42)"""

from dataclasses import replace
from datetime import date

import pytest

from law.not_allowed import WrongDesk
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.item import AcceptedItem, Extension, GovernmentApproval, LimitUnit, TermLedger
from services.approval.domain.case.stages import (
    AlreadyExtended,
    ApprovalDayImpossible,
    ApprovalMalformed,
    ApprovalMissing,
    ApprovalNotNeeded,
    ExtensionTooLong,
    NoExtension,
    NotAtThisStage,
    TermIsOver,
    require_approval,
)
from services.approval.domain.case.state import Case
from services.approval.handoff.domain.district_clock import ExtensionReport, district_extend
from tests.unit.approval.matters import CALENDAR, FORWARDED, HEAD, PROMISED, REVIEWER, after, leg, opened, reviewed

ON = date(2016, 3, 10)


def extended(days: int, on: date = ON) -> Case:
    return after(reviewed(), [extend(reviewed(), Extend(HEAD, days, "0f"), on, CALENDAR)])


@pytest.mark.parametrize(
    ("days", "promised", "legal"),
    [
        (1, date(2016, 3, 16), date(2016, 3, 30)),
        (10, date(2016, 3, 29), date(2016, 4, 13)),
    ],
)
def test_both_limits_grow_by_so_many_working_days(days: int, promised: date, legal: date) -> None:
    term = extended(days).term
    assert (term.promised_due_on, term.legal_due_on) == (promised, legal)


def test_the_lamp_changes_later_as_well() -> None:
    assert extended(10).term.yellow_on == date(2016, 3, 30)
    assert extended(10).term.warn_on > opened().term.warn_on


def test_ten_days_are_the_most() -> None:
    with pytest.raises(ExtensionTooLong) as refused:
        extend(opened(), Extend(HEAD, 11, "0f"), ON, CALENDAR)
    assert (refused.value.article, refused.value.field) == ("行政许可法 42", "days")


def item_with(extension: Extension) -> AcceptedItem:
    """The item, as its own law knows an extension."""
    return replace(PROMISED, extension=extension)


OWN_LAW = Extension(30, LimitUnit.CALENDAR_DAYS, "某某条例第九条")
APPROVAL = GovernmentApproval("海珠府函〔2016〕12号", date(2016, 3, 9), "广州市海珠区人民政府")
JOINT = Extension(15, LimitUnit.WORKING_DAYS, "行政许可法 42", joint=True)


def test_an_item_whose_law_knows_no_extension_has_none() -> None:
    with pytest.raises(NoExtension):
        extend(opened(item_with(Extension(0))), Extend(HEAD, 1, "0f"), ON, CALENDAR)


@pytest.mark.parametrize(
    ("extension", "promised", "legal"),
    [(OWN_LAW, date(2016, 4, 14), date(2016, 4, 28)), (JOINT, date(2016, 4, 6), date(2016, 4, 20))],
)
def test_the_items_own_law_gives_days_and_unit(extension: Extension, promised: date, legal: date) -> None:
    approval = APPROVAL if extension.joint else None
    fact = extend(opened(item_with(extension)), Extend(HEAD, extension.days, "0f", approval), ON, CALENDAR)
    assert (fact.term.promised_due_on, fact.term.legal_due_on) == (promised, legal)
    ledger = TermLedger(extension.days, extension.unit, extension.days, extended_on=ON, extension_approval=approval)
    assert fact.term.ledger == ledger
    with pytest.raises(ExtensionTooLong):
        extend(opened(item_with(extension)), Extend(HEAD, extension.days + 1, "0f", approval), ON, CALENDAR)


def test_a_broken_promise_stays_broken_while_the_law_is_extended() -> None:
    case = extended(10, date(2016, 3, 16))
    assert (case.term.promised_due_on, case.term.legal_due_on) == (date(2016, 3, 15), date(2016, 4, 13))
    assert (case.ledger.extension_days, case.ledger.promise_extension_days) == (10, 0)
    assert case.punctuality(date(2016, 3, 21)) == (False, False)


def test_on_its_last_day_a_promise_is_not_broken_and_moves() -> None:
    assert extended(10, date(2016, 3, 15)).term.promised_due_on == date(2016, 3, 29)


def test_a_term_is_extended_once() -> None:
    with pytest.raises(AlreadyExtended) as refused:
        extend(extended(1), Extend(HEAD, 1, "0f"), ON, CALENDAR)
    assert refused.value.reason == "ALREADY_EXTENDED"


def test_only_the_head_extends() -> None:
    with pytest.raises(WrongDesk):
        extend(opened(), Extend(REVIEWER, 1, "0f"), ON, CALENDAR)


def test_a_broken_promise_can_still_be_extended_within_the_law() -> None:
    assert extended(5, date(2016, 3, 29)).extended_by == 5


def test_what_the_law_has_ended_is_not_extended() -> None:
    with pytest.raises(TermIsOver):
        extend(opened(), Extend(HEAD, 1, "0f"), date(2016, 3, 30), CALENDAR)


def test_a_leg_that_the_districts_system_has_is_not_extended_here() -> None:
    with pytest.raises(NotAtThisStage):
        extend(leg(), Extend(HEAD, 1, "0f"), ON, CALENDAR)


def test_an_extension_of_organs_that_act_together_has_the_approval_of_the_government() -> None:
    case = opened(item_with(JOINT))
    with pytest.raises(ApprovalMissing) as refused:
        extend(case, Extend(HEAD, 15, "0f"), ON, CALENDAR)
    assert (refused.value.article, refused.value.field) == ("行政许可法 42", "approval")
    with pytest.raises(ApprovalNotNeeded):
        extend(opened(item_with(OWN_LAW)), Extend(HEAD, 5, "0f", APPROVAL), ON, CALENDAR)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("approved_by", "王小明"),
        ("approved_by", "人民政府"),
        ("approved_by", "广州市海珠区人民政府王小明"),
        ("number", ""),
        ("number", "海珠府函"),
        ("number", "海珠府函 〔2016〕12号"),
        ("number", "1" * 41),
    ],
)
def test_an_approval_names_a_government_and_a_document_and_no_person(field: str, value: str) -> None:
    approval = replace(APPROVAL, number=value) if field == "number" else replace(APPROVAL, approved_by=value)
    with pytest.raises(ApprovalMalformed) as refused:
        require_approval(JOINT, approval, date(2016, 3, 1), ON)
    assert refused.value.field == f"approval.{field}"
    assert f"“{value}”" in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("on", "possible"), [(date(2016, 2, 29), False), (date(2016, 3, 1), True), (ON, True), (date(2016, 3, 11), False)]
)
def test_the_government_approves_within_the_term_and_before_the_extension(on: date, possible: bool) -> None:
    case, approval = opened(item_with(JOINT)), replace(APPROVAL, approved_on=on)
    if possible:
        assert extend(case, Extend(HEAD, 15, "0f", approval), ON, CALENDAR).term.ledger is not None
        return
    with pytest.raises(ApprovalDayImpossible) as refused:
        extend(case, Extend(HEAD, 15, "0f", approval), ON, CALENDAR)
    assert refused.value.field == "approval.approved_on"


def test_the_district_names_the_approval_of_its_extension_too() -> None:
    district = leg(replace(FORWARDED, extension=JOINT))
    with pytest.raises(ApprovalMissing):
        district_extend(district, ExtensionReport(15, ON), ON, CALENDAR)
    (fact,) = district_extend(district, ExtensionReport(15, ON, approval=APPROVAL), ON, CALENDAR)
    assert fact.term.ledger is not None
    assert fact.term.ledger.extension_approval == APPROVAL
