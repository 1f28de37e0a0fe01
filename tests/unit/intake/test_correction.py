"""当场更正, 一次性告知, 补交, 补正不来. (行政许可法 32(3), 32(4), 72(4))"""

from datetime import date, timedelta

import pytest

from law.not_allowed import NotAllowed
from law.workdays import state_council
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
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import (
    CorrectedOnTheSpot,
    CorrectionLapsed,
    CorrectionSupplied,
    HandedIn,
    MaterialForm,
    Shortfall,
)
from services.intake.domain.application.papers import DigestMissing, MaterialTwice, UnknownMaterial
from services.intake.domain.application.stages import AnswerTooLate, NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationClosing, ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import DUES, PROMISED, REASON, RECEIVED_ON, day, paper, papers

LETTER = "440105008补告〔2016〕0001号"
SUPPLY_BY, TOO_LATE = date(2016, 10, 14), date(2016, 10, 15)
LAST_DAY = date(2016, 9, 22)


def notice(*codes: str) -> CorrectionNotice:
    return CorrectionNotice(LETTER, tuple((code, REASON) for code in codes))


def at_window(*given: HandedIn) -> WindowCorrection:
    return WindowCorrection(given, REASON)


def supplied(*codes: str, on: date = RECEIVED_ON) -> Application:
    """An application after these papers of a notice of two were supplied."""
    state = hall.demanded("M01", "M02")
    return hall.after(state, [supply_correction(state, papers(*codes), PROMISED, day(on))])


def test_a_paper_put_right_at_the_window_is_not_missing_any_more() -> None:
    state = hall.submitted("M01")
    fact = correct_on_the_spot(state, at_window(paper("M02")), PROMISED, day(RECEIVED_ON))
    assert fact == CorrectedOnTheSpot(RECEIVED_ON, papers("M02"), REASON)
    state = hall.after(state, [fact])
    assert (state.stage, state.missing) == (ApplicationStage.SUBMITTED, ())


def test_a_correction_at_the_window_needs_no_paper() -> None:
    fact = correct_on_the_spot(hall.submitted(), at_window(), PROMISED, day(RECEIVED_ON))
    assert hall.after(hall.submitted(), [fact]).missing == ("M01", "M02")


def test_the_five_days_go_on_after_a_correction_at_the_window() -> None:
    fact = correct_on_the_spot(hall.submitted(), at_window(paper("M01")), PROMISED, day(date(2016, 9, 20)))
    state = hall.after(hall.submitted(), [fact])
    assert (state.answer_due_on, state.correction) == (LAST_DAY, None)


@pytest.mark.parametrize(
    ("state", "given", "wrong"),
    [
        (hall.accepted(), paper("M02"), NotAtThisStage),
        (hall.demanded("M01", "M02"), paper("M02"), NotAtThisStage),
        (Application(), paper("M02"), NotAtThisStage),
        (hall.submitted(), paper("M99"), UnknownMaterial),
        (hall.submitted(), paper("M02", MaterialForm.ELECTRONIC), DigestMissing),
    ],
)
def test_only_papers_of_an_application_that_awaits_its_answer_are_put_right(
    state: Application, given: HandedIn, wrong: type[NotAllowed]
) -> None:
    with pytest.raises(wrong):
        correct_on_the_spot(state, at_window(given), PROMISED, day(RECEIVED_ON))


def test_a_notice_lists_everything_and_leaves_thirty_days() -> None:
    fact = request_correction(hall.submitted(), notice("M01", "M02", "M04"), PROMISED, day())
    assert fact.shortfalls == (
        Shortfall("M01", "申请表", REASON),
        Shortfall("M02", "居民身份证", REASON),
        Shortfall("M04", "委托书", REASON),
    )
    assert (fact.letter_number, fact.supply_by) == (LETTER, SUPPLY_BY)
    state = hall.after(hall.submitted(), [fact])
    assert (state.stage, state.answer_due_on) == (ApplicationStage.CORRECTION, None)


def test_a_last_day_on_a_rest_day_moves_to_the_next_working_day() -> None:
    fact = request_correction(hall.submitted(), notice("M01", "M02"), PROMISED, day(date(2016, 9, 1)))
    assert fact.supply_by == date(2016, 10, 8)


def test_an_office_may_leave_other_days() -> None:
    fact = request_correction(
        hall.submitted(), notice("M01", "M02"), PROMISED, OfficeDay(RECEIVED_ON, DUES, supply_days=15)
    )
    assert fact.supply_by == date(2016, 9, 29)


def test_a_defective_paper_is_demanded_although_it_is_on_file() -> None:
    fact = request_correction(hall.whole(), notice("M01"), PROMISED, day())
    state = hall.after(hall.whole(), [fact])
    assert (state.missing, state.still_missing) == ((), ("M01",))


@pytest.mark.parametrize(
    ("on_file", "demanded", "left_out"),
    [
        ((), ("M01",), "M02 居民身份证"),
        ((), ("M04",), "M01 申请表、M02 居民身份证"),
        (("M01",), ("M03", "M04"), "M02 居民身份证"),
    ],
)
def test_a_notice_that_leaves_out_a_missing_paper_is_refused(
    on_file: tuple[str, ...], demanded: tuple[str, ...], left_out: str
) -> None:
    with pytest.raises(NoticeIncomplete) as refused:
        request_correction(hall.submitted(*on_file), notice(*demanded), PROMISED, day())
    assert refused.value.sentence == f"一次性告知应列明全部缺少的材料，还应列入：{left_out}。"
    assert (refused.value.field, refused.value.article) == ("shortfalls", "行政许可法 32")


@pytest.mark.parametrize(
    ("codes", "wrong", "field"),
    [
        (("M99",), UnknownMaterial, "shortfalls[0].material_code"),
        (("M01", "M99"), UnknownMaterial, "shortfalls[1].material_code"),
        (("M01", "M01"), MaterialTwice, "shortfalls[1].material_code"),
        (("M01", "M02", "M01"), MaterialTwice, "shortfalls[2].material_code"),
    ],
)
def test_a_notice_demands_papers_of_the_list_once(codes: tuple[str, ...], wrong: type[NotAllowed], field: str) -> None:
    with pytest.raises(wrong) as refused:
        request_correction(hall.submitted(), notice(*codes), PROMISED, day())
    assert refused.value.field == field


def test_a_second_notice_is_refused_while_the_first_one_waits() -> None:
    with pytest.raises(CorrectionRequestedBefore) as refused:
        request_correction(hall.demanded("M01", "M02"), notice("M01", "M02"), PROMISED, day())
    assert (refused.value.sentence, refused.value.article) == ("已经一次性告知过，不得再次要求补正。", "行政许可法 72")
    with pytest.raises(CorrectionRequestedBefore):
        request_correction(supplied("M01"), notice("M01"), PROMISED, day()), "also of a part that was supplied"


def test_an_accepted_matter_gets_no_notice() -> None:
    with pytest.raises(NotAtThisStage):
        request_correction(hall.accepted(), notice("M01"), PROMISED, day())


def test_a_notice_is_written_within_the_five_days() -> None:
    request_correction(hall.submitted(), notice("M01", "M02"), PROMISED, day(LAST_DAY))
    with pytest.raises(AnswerTooLate):
        request_correction(hall.submitted(), notice("M01", "M02"), PROMISED, day(LAST_DAY + timedelta(days=1)))


def test_part_of_a_correction_leaves_the_rest_missing() -> None:
    state = hall.demanded("M01", "M02")
    fact = supply_correction(state, papers("M01"), PROMISED, day(date(2016, 9, 18)))
    assert fact == CorrectionSupplied(date(2016, 9, 18), papers("M01"), ("M02",), None, date(2016, 9, 18))
    assert hall.after(state, [fact]).stage is ApplicationStage.CORRECTION


def test_a_correction_is_supplied_in_parts() -> None:
    state = supplied("M01", on=date(2016, 9, 18))
    fact = supply_correction(state, papers("M02"), PROMISED, day(date(2016, 9, 20)))
    assert (fact.still_missing, fact.answer_due_on) == ((), date(2016, 9, 27))


def test_a_paper_that_was_supplied_may_be_supplied_again() -> None:
    state = supplied("M01")
    fact = supply_correction(state, papers("M01"), PROMISED, day())
    assert fact.still_missing == ("M02",)


@pytest.mark.parametrize(
    ("on", "answer_due_on"),
    [("2016-09-14", "2016-09-22"), ("2016-09-20", "2016-09-27"), ("2016-09-30", "2016-10-12")],
)
def test_a_whole_correction_begins_the_five_days_anew(on: str, answer_due_on: str) -> None:
    state = hall.demanded("M01", "M02")
    fact = supply_correction(state, papers("M01", "M02"), PROMISED, day(date.fromisoformat(on)))
    assert fact.answer_due_on == date.fromisoformat(answer_due_on)
    state = hall.after(state, [fact])
    assert (state.stage, state.answer_due_on, state.missing) == (
        ApplicationStage.SUBMITTED,
        fact.answer_due_on,
        (),
    )


@pytest.mark.parametrize(
    ("on", "after_hours", "received_on", "answer_due_on"),
    [
        ("2016-09-14", False, "2016-09-14", "2016-09-22"),
        ("2016-09-14", True, "2016-09-18", "2016-09-23"),
        ("2016-09-16", False, "2016-09-18", "2016-09-23"),
        ("2016-09-18", False, "2016-09-18", "2016-09-23"),
        ("2016-09-23", True, "2016-09-26", "2016-10-08"),
        ("2016-09-24", False, "2016-09-26", "2016-10-08"),
        ("2016-09-25", True, "2016-09-26", "2016-10-08"),
        ("2016-09-30", True, "2016-10-08", "2016-10-13"),
    ],
)
def test_a_supply_has_the_day_of_receipt_of_a_submission_of_the_same_minute(
    on: str, after_hours: bool, received_on: str, answer_due_on: str
) -> None:
    state, at = hall.demanded("M01", "M02"), day(date.fromisoformat(on), after_hours=after_hours)
    fact = supply_correction(state, papers("M01", "M02"), PROMISED, at)
    assert (fact.occurred_on, fact.received_on) == (date.fromisoformat(on), date.fromisoformat(received_on))
    assert fact.answer_due_on == date.fromisoformat(answer_due_on)
    assert hall.after(state, [fact]).whole_since == fact.received_on
    same_minute = hall.submitted("M01", "M02", on=at)
    assert (same_minute.whole_since, same_minute.answer_due_on) == (fact.received_on, fact.answer_due_on)


def test_a_supply_that_an_earlier_release_recorded_counts_from_its_day() -> None:
    friday = date(2016, 9, 23)
    state = hall.after(
        hall.demanded("M01", "M02"), [CorrectionSupplied(friday, papers("M01", "M02"), (), date(2016, 10, 8))]
    )
    assert state.whole_since == friday


@pytest.mark.parametrize(
    ("given", "wrong", "field"),
    [
        ((paper("M01"), paper("M04")), NotInNotice, "materials[1].material_code"),
        ((paper("M03"),), NotInNotice, "materials[0].material_code"),
        ((paper("M99"),), UnknownMaterial, "materials[0].material_code"),
        ((paper("M01"), paper("M01")), MaterialTwice, "materials[1].material_code"),
        ((paper("M01", MaterialForm.ELECTRONIC),), DigestMissing, "materials[0].sha256"),
    ],
)
def test_only_papers_that_the_notice_demanded_are_supplied(
    given: tuple[HandedIn, ...], wrong: type[NotAllowed], field: str
) -> None:
    with pytest.raises(wrong) as refused:
        supply_correction(hall.demanded("M01", "M02"), given, PROMISED, day())
    assert refused.value.field == field


@pytest.mark.parametrize("state", [Application(), hall.submitted(), hall.accepted(), supplied("M01", "M02")])
def test_nothing_is_supplied_without_a_notice_that_waits(state: Application) -> None:
    with pytest.raises(NotAtThisStage):
        supply_correction(state, papers("M01"), PROMISED, day())


def test_the_last_day_still_counts_and_the_day_after_is_too_late() -> None:
    state = hall.demanded("M01", "M02")
    assert supply_correction(state, papers("M01"), PROMISED, day(SUPPLY_BY)).occurred_on == SUPPLY_BY
    with pytest.raises(SuppliedTooLate) as refused:
        supply_correction(state, papers("M01"), PROMISED, day(TOO_LATE))
    assert refused.value.sentence == "补正期限已于2016-10-14届满。"


def test_the_last_day_ends_at_midnight_also_where_the_hall_has_closed() -> None:
    state = hall.demanded("M01", "M02")
    fact = supply_correction(state, papers("M01", "M02"), PROMISED, day(SUPPLY_BY, after_hours=True))
    assert (fact.received_on, fact.answer_due_on) == (date(2016, 10, 17), date(2016, 10, 24))
    with pytest.raises(CorrectionNotOverdue):
        lapse(hall.after(state, [fact]), TOO_LATE, state_council())


def test_a_correction_that_does_not_come_ends_the_application() -> None:
    state = hall.demanded("M01", "M02")
    fact = lapse(state, TOO_LATE, state_council())
    assert fact == CorrectionLapsed(TOO_LATE, SUPPLY_BY)
    ended = hall.after(state, [fact])
    assert (ended.stage, ended.closing) == (ApplicationStage.LAPSED, ApplicationClosing(TOO_LATE, "lapsed"))


def test_part_of_a_correction_does_not_stop_the_lapse() -> None:
    assert lapse(supplied("M01"), TOO_LATE, state_council()).supply_by == SUPPLY_BY


@pytest.mark.parametrize(
    ("state", "on"),
    [
        (hall.demanded("M01", "M02"), RECEIVED_ON),
        (hall.demanded("M01", "M02"), SUPPLY_BY),
        (hall.submitted(), date(2017, 1, 1)),
        (hall.accepted(), date(2017, 1, 1)),
        (supplied("M01", "M02"), date(2017, 1, 1)),
        (Application(), date(2017, 1, 1)),
        (Application(stage=ApplicationStage.CORRECTION), date(2017, 1, 1)),
    ],
)
def test_nothing_lapses_while_a_correction_can_be_supplied_or_none_is_awaited(state: Application, on: date) -> None:
    with pytest.raises(CorrectionNotOverdue):
        lapse(state, on, state_council())
