"""当场更正, 一次性告知, 补交, 补正不来. (行政许可法 32(3), 32(4), 72(4))"""

from datetime import date

import pytest

from services.intake.domain.application.correction import (
    CorrectionNotice,
    CorrectionNotOverdue,
    CorrectionRequestedBefore,
    NoticeIncomplete,
    NotInNotice,
    SuppliedTooLate,
    WindowCorrection,
    correct_on_the_spot,
    lapse,
    request_correction,
    supply_correction,
)
from services.intake.domain.application.papers import MaterialTwice, UnknownMaterial
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import ApplicationClosing, ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import PROMISED, REASON, RECEIVED_ON, day, papers

SUPPLY_BY = date(2016, 10, 14)


def notice(*codes: str) -> CorrectionNotice:
    return CorrectionNotice("440105008补告〔2016〕0001号", tuple((code, REASON) for code in codes))


def test_a_paper_put_right_at_the_window_is_not_missing_any_more() -> None:
    state = hall.submitted("M01")
    state = hall.after(
        state, [correct_on_the_spot(state, WindowCorrection(papers("M02"), REASON), PROMISED, RECEIVED_ON)]
    )
    assert (state.stage, state.missing) == (ApplicationStage.SUBMITTED, ())


def test_only_what_waits_for_its_answer_is_put_right() -> None:
    with pytest.raises(NotAtThisStage):
        correct_on_the_spot(hall.accepted(), WindowCorrection(papers("M02"), REASON), PROMISED, RECEIVED_ON)
    with pytest.raises(UnknownMaterial):
        correct_on_the_spot(hall.submitted(), WindowCorrection(papers("M99"), REASON), PROMISED, RECEIVED_ON)


def test_a_notice_lists_everything_and_leaves_thirty_days() -> None:
    fact = request_correction(hall.submitted(), notice("M01", "M02", "M04"), PROMISED, day())
    assert [shortfall.material_name for shortfall in fact.shortfalls] == ["申请表", "居民身份证", "委托书"]
    assert fact.supply_by == SUPPLY_BY
    state = hall.after(hall.submitted(), [fact])
    assert (state.stage, state.answer_due_on) == (ApplicationStage.CORRECTION, None)


def test_a_last_day_on_a_rest_day_moves_to_the_next_working_day() -> None:
    fact = request_correction(hall.submitted(), notice("M01", "M02"), PROMISED, day(date(2016, 9, 1)))
    assert fact.supply_by == date(2016, 10, 8)


def test_a_defective_paper_can_be_demanded_though_it_is_there() -> None:
    fact = request_correction(hall.whole(), notice("M01"), PROMISED, day())
    state = hall.after(hall.whole(), [fact])
    assert (state.missing, state.still_missing) == ((), ("M01",))


def test_a_notice_that_leaves_out_a_missing_paper_is_refused() -> None:
    with pytest.raises(NoticeIncomplete) as refused:
        request_correction(hall.submitted(), notice("M01"), PROMISED, day())
    assert "M02 居民身份证" in refused.value.sentence


@pytest.mark.parametrize(("codes", "wrong"), [(("M01", "M99"), UnknownMaterial), (("M01", "M01"), MaterialTwice)])
def test_a_notice_demands_papers_of_the_list_once(codes: tuple[str, ...], wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        request_correction(hall.submitted(), notice(*codes), PROMISED, day())


def test_all_is_told_once() -> None:
    state = hall.demanded("M01", "M02")
    with pytest.raises(CorrectionRequestedBefore):
        request_correction(state, notice("M01", "M02"), PROMISED, day())
    supplied = hall.after(state, [supply_correction(state, papers("M01", "M02"), PROMISED, day())])
    with pytest.raises(CorrectionRequestedBefore):
        request_correction(supplied, notice("M04"), PROMISED, day())
    with pytest.raises(NotAtThisStage):
        request_correction(hall.accepted(), notice("M01"), PROMISED, day())


def test_part_of_a_correction_leaves_the_rest_missing() -> None:
    state = hall.demanded("M01", "M02")
    fact = supply_correction(state, papers("M01"), PROMISED, day(date(2016, 9, 18)))
    assert (fact.still_missing, fact.answer_due_on) == (("M02",), None)
    assert hall.after(state, [fact]).stage is ApplicationStage.CORRECTION


def test_a_whole_correction_begins_the_five_days_anew() -> None:
    state = hall.demanded("M01", "M02")
    fact = supply_correction(state, papers("M01", "M02"), PROMISED, day(date(2016, 9, 20)))
    assert fact.answer_due_on == date(2016, 9, 27)
    state = hall.after(state, [fact])
    assert (state.stage, state.answer_due_on, state.missing) == (ApplicationStage.SUBMITTED, date(2016, 9, 27), ())


def test_what_is_supplied_is_what_the_notice_demanded() -> None:
    with pytest.raises(NotInNotice) as refused:
        supply_correction(hall.demanded("M01", "M02"), papers("M01", "M04"), PROMISED, day())
    assert refused.value.field == "materials[1].material_code"
    with pytest.raises(NotAtThisStage):
        supply_correction(hall.submitted(), papers("M01"), PROMISED, day())


def test_the_last_day_still_counts_and_the_day_after_is_too_late() -> None:
    state = hall.demanded("M01", "M02")
    supply_correction(state, papers("M01"), PROMISED, day(SUPPLY_BY))
    with pytest.raises(SuppliedTooLate):
        supply_correction(state, papers("M01"), PROMISED, day(date(2016, 10, 15)))


def test_a_correction_that_does_not_come_ends_the_application() -> None:
    state = hall.demanded("M01", "M02")
    with pytest.raises(CorrectionNotOverdue):
        lapse(state, SUPPLY_BY)
    fact = lapse(state, date(2016, 10, 15))
    ended = hall.after(state, [fact])
    assert (ended.stage, ended.closing) == (ApplicationStage.LAPSED, ApplicationClosing(date(2016, 10, 15), "lapsed"))


def test_nothing_lapses_without_a_notice() -> None:
    with pytest.raises(CorrectionNotOverdue):
        lapse(hall.submitted(), date(2017, 1, 1))
