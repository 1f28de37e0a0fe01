"""受理: a complete application is accepted. (行政许可法 32(5))"""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.domain.application.accept import InstantItem, accept
from services.intake.domain.application.correction import supply_correction
from services.intake.domain.application.facts import AcceptanceGround
from services.intake.domain.application.papers import MaterialsMissing
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationStage
from services.intake.domain.catalogue.item import Limit, LimitUnit
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, RECEIVED_ON, day, papers


def test_acceptance_carries_both_limits_and_the_item_as_it_stands() -> None:
    acceptance = accept(hall.whole(), PROMISED, NUMBER, day())
    assert (acceptance.promised_due_on, acceptance.legal_due_on) == (date(2016, 9, 29), date(2016, 10, 18))
    assert (acceptance.ground, acceptance.accepted_on) == (AcceptanceGround.COMPLETE, RECEIVED_ON)
    assert (acceptance.item.version, acceptance.item.route) == (1, PROMISED.route)
    assert (acceptance.number, acceptance.calendar_version) == (NUMBER, "state-council-2026")


def test_an_accepted_application_waits_for_no_answer_any_more() -> None:
    state = hall.accepted()
    assert (state.stage, state.answer_due_on) == (ApplicationStage.ACCEPTED, None)


def test_a_deferrable_paper_may_come_later() -> None:
    assert "M03" not in hall.whole().missing
    accept(hall.whole(), PROMISED, NUMBER, day())


def test_a_missing_paper_is_named() -> None:
    with pytest.raises(MaterialsMissing) as refused:
        accept(hall.submitted("M01"), PROMISED, NUMBER, day())
    assert "M02 居民身份证" in refused.value.sentence
    assert refused.value.article == "行政许可法 32"


def test_an_instant_item_is_completed_instead() -> None:
    with pytest.raises(InstantItem):
        accept(hall.whole(INSTANT), INSTANT, NUMBER, day())


def test_a_limit_in_calendar_days_rolls_off_a_rest_day() -> None:
    item = replace(PROMISED, promised_limit=Limit(17, LimitUnit.CALENDAR_DAYS))
    assert accept(hall.whole(item), item, NUMBER, day()).promised_due_on == date(2016, 10, 8)


def test_an_office_that_accepts_in_the_evening_has_received_by_then() -> None:
    late = day(after_hours=True)
    state = hall.submitted("M01", "M02", on=late)
    assert state.received_on == date(2016, 9, 18)
    acceptance = accept(state, PROMISED, NUMBER, late)
    assert (acceptance.received_on, acceptance.accepted_on) == (RECEIVED_ON, RECEIVED_ON)
    assert hall.after(state, [acceptance]).received_on == RECEIVED_ON


def test_acceptance_after_a_correction_counts_from_the_day_of_acceptance() -> None:
    supplied_on, accepted_on = date(2016, 9, 20), date(2016, 9, 21)
    state = hall.demanded("M01", "M02")
    state = hall.after(state, [supply_correction(state, papers("M01", "M02"), PROMISED, day(supplied_on))])
    acceptance = accept(state, PROMISED, NUMBER, day(accepted_on))
    assert acceptance.ground is AcceptanceGround.CORRECTED
    assert (acceptance.received_on, acceptance.accepted_on) == (supplied_on, accepted_on)
    assert hall.after(state, [acceptance]).received_on == RECEIVED_ON, "the application came on its own day"


@pytest.mark.parametrize("state", [hall.accepted(), hall.completed(), hall.demanded("M01", "M02")])
def test_what_was_answered_is_not_accepted(state: Application) -> None:
    with pytest.raises(NotAtThisStage) as refused:
        accept(state, PROMISED, NUMBER, day())
    assert "现在可以" in refused.value.sentence
