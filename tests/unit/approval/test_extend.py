"""延期: the head extends the term once, by at most ten working days. (行政许可法 42)"""

from dataclasses import replace
from datetime import date

import pytest

from law.not_allowed import WrongDesk
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.item import AcceptedItem, Extension, LimitUnit, TermLedger
from services.approval.domain.case.stages import (
    AlreadyExtended,
    ExtensionTooLong,
    NoExtension,
    NotAtThisStage,
    TermIsOver,
)
from services.approval.domain.case.state import Case
from tests.unit.approval.matters import CALENDAR, HEAD, PROMISED, REVIEWER, after, leg, opened, reviewed

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
JOINT = Extension(15, LimitUnit.WORKING_DAYS, "行政许可法 42", joint=True)


def test_an_item_whose_law_knows_no_extension_has_none() -> None:
    with pytest.raises(NoExtension):
        extend(opened(item_with(Extension(0))), Extend(HEAD, 1, "0f"), ON, CALENDAR)


@pytest.mark.parametrize(
    ("extension", "promised", "legal"),
    [(OWN_LAW, date(2016, 4, 14), date(2016, 4, 28)), (JOINT, date(2016, 4, 6), date(2016, 4, 20))],
)
def test_the_items_own_law_gives_days_and_unit(extension: Extension, promised: date, legal: date) -> None:
    fact = extend(opened(item_with(extension)), Extend(HEAD, extension.days, "0f"), ON, CALENDAR)
    assert (fact.term.promised_due_on, fact.term.legal_due_on) == (promised, legal)
    assert fact.term.ledger == TermLedger(extension.days, extension.unit, extension.days, extended_on=ON)
    with pytest.raises(ExtensionTooLong):
        extend(opened(item_with(extension)), Extend(HEAD, extension.days + 1, "0f"), ON, CALENDAR)


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
