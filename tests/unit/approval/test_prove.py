"""A proof ends on the stored day, by the clock that gives it, whichever of several limits ends first."""

from dataclasses import replace
from datetime import date

import pytest

from law.procedures import ProcedureKind
from services.approval.domain.case.item import AcceptedItem, Limit, LimitUnit, PartLimits
from services.approval.domain.case.pause import PauseTerm, pause
from services.approval.domain.case.prove import ends_as_stored, prove_term
from services.approval.domain.case.state import Case
from tests.unit.approval.matters import CALENDAR, FORWARDED, HEAD, PROMISED, RESIDENCE, after, leg, opened, reviewed

WORKING, IN_CALENDAR = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS
BY_LAW = "法定期限先到，承诺期限以法定期限的最后一日为准"
BY_BOTH = "两级合并计算的期限先到，以其最后一日为准"


def days(number: int, unit: LimitUnit = WORKING) -> Limit:
    """A limit of so many days."""
    return Limit(number, unit, "行政许可法 42")


def mixed(promised: Limit, legal: Limit) -> AcceptedItem:
    """An item with these limits of its own."""
    return replace(PROMISED, promised_limit=promised, legal_limit=legal)


@pytest.mark.parametrize(
    ("case", "rules"),
    [
        (opened(mixed(days(10), days(20))), ("", "")),
        (opened(mixed(days(15, IN_CALENDAR), days(10))), (BY_LAW, "")),
        (opened(mixed(days(10), days(30, IN_CALENDAR))), ("", "")),
        (opened(mixed(days(30), days(30, IN_CALENDAR))), (BY_LAW, "")),
        (reviewed(RESIDENCE), ("", "")),
        (leg(RESIDENCE), ("", "")),
        (leg(replace(FORWARDED, whole=PartLimits(days(30, IN_CALENDAR)))), (BY_BOTH, BY_BOTH)),
        (leg(replace(FORWARDED, whole=PartLimits(days(20, IN_CALENDAR), days(30)))), (BY_BOTH, BY_BOTH)),
        (leg(replace(FORWARDED, whole=PartLimits(promised=days(16)))), (BY_BOTH, "")),
        (leg(replace(FORWARDED, district_part=PartLimits(days(5)), whole=PartLimits(days(45)))), ("", "")),
    ],
)
def test_both_proofs_end_on_the_days_on_file_and_say_which_limit_gives_them(case: Case, rules: tuple[str, str]) -> None:
    promised, legal = proven = prove_term(case, CALENDAR)
    assert (promised.days[-1].day.on, legal.days[-1].day.on) == (case.term.promised_due_on, case.term.legal_due_on)
    assert ends_as_stored(case, proven, CALENDAR)
    assert (promised.rule, legal.rule) == rules


def test_another_calendar_proves_another_day_and_it_is_known() -> None:
    case = opened(mixed(days(10), days(20)))
    moved = replace(case, term=replace(case.term, promised_due_on=date(2016, 3, 14)))
    assert not ends_as_stored(moved, prove_term(moved, CALENDAR), CALENDAR)


def test_a_day_of_a_procedure_that_the_items_law_alone_knows_is_proven_by_its_name() -> None:
    publicity = ProcedureKind("publicity", "公示", "社会救助暂行办法 11")
    case, monday = opened(replace(PROMISED, procedures=(publicity,))), date(2016, 3, 7)
    order = PauseTerm(HEAD, None, 1, "0f", kind="publicity", first_on=monday, last_on=monday)
    promised, _ = prove_term(after(case, pause(case, order, monday, CALENDAR)), CALENDAR)
    assert [each.reason for each in promised.days if each.day.on == monday] == [
        "中止计时（公示，特别程序，行政许可法45）"
    ]
