"""延期: the head extends the term once, by at most ten working days. (行政许可法 42)"""

from datetime import date

import pytest

from law.not_allowed import WrongDesk
from services.approval.domain.case.extend import AlreadyExtended, Extend, ExtensionTooLong, TermIsOver, extend
from services.approval.domain.case.stages import NotAtThisStage
from services.approval.domain.case.state import Case
from tests.unit.approval.matters import CALENDAR, HEAD, REVIEWER, after, leg, opened, reviewed

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
