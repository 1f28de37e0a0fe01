"""补充告知: what was supplied and is still defective is demanded again, and nothing else. (行政许可法 32(4), 72(4))"""

from datetime import date, timedelta

import pytest

from law.workdays import state_council
from services.intake.domain.application.correction import (
    CorrectionNotice,
    CorrectionNotOverdue,
    CorrectionRequestedBefore,
    NotInNotice,
    correction_text_name,
    lapse,
    request_correction,
    supply_correction,
)
from services.intake.domain.application.facts import CorrectionRequested, Shortfall
from services.intake.domain.application.stages import AnswerTooLate
from services.intake.domain.application.state import Application, ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import PROMISED, REASON, RECEIVED_ON, day, papers

LETTER = "440105008补告〔2016〕0001号"


def notice(*codes: str) -> CorrectionNotice:
    return CorrectionNotice("440105008补告〔2016〕0009号", tuple((code, REASON) for code in codes))


def supplied(*codes: str, on: date = RECEIVED_ON) -> Application:
    """An application after these papers of a notice of two were supplied."""
    return supplied_again(hall.demanded("M01", "M02"), *codes, on=on)


def repeated(state: Application, *codes: str, on: date) -> Application:
    """An application after these papers were demanded again."""
    return hall.after(state, [request_correction(state, notice(*codes), PROMISED, day(on))])


def supplied_again(state: Application, *codes: str, on: date) -> Application:
    """An application after these papers were supplied."""
    return hall.after(state, [supply_correction(state, papers(*codes), PROMISED, day(on))])


@pytest.mark.parametrize(
    ("demanded", "named"),
    [(("M04",), "M04 委托书"), (("M01", "M04"), "M04 委托书"), (("M01", "M03", "M04"), "M03 居民户口簿、M04 委托书")],
)
def test_nothing_new_is_demanded_after_the_correction_was_supplied(demanded: tuple[str, ...], named: str) -> None:
    state = supplied("M01", "M02")
    assert state.stage is ApplicationStage.SUBMITTED
    with pytest.raises(CorrectionRequestedBefore) as refused:
        request_correction(state, notice(*demanded), PROMISED, day())
    sentence = f"已经一次性告知过，不得再次要求补正；补充告知只能重复尚未满足的要求，不得列入：{named}。"
    assert (refused.value.sentence, refused.value.field) == (sentence, "shortfalls")
    assert refused.value.article == "行政许可法 72"


def test_a_paper_that_is_still_defective_is_demanded_by_a_supplement_with_the_number_of_the_notice() -> None:
    state = supplied("M01", "M02", on=date(2016, 9, 20))
    fact = request_correction(state, notice("M02"), PROMISED, day(date(2016, 9, 27)))
    assert fact == CorrectionRequested(
        date(2016, 9, 27),
        LETTER,
        (Shortfall("M02", "居民身份证", REASON),),
        date(2016, 10, 27),
        supplement=1,
        supply_days=30,
        calendar_version=fact.calendar_version,
    )
    assert fact.calendar_version == day(date(2016, 9, 27)).calendar_version
    state = hall.after(state, [fact])
    assert (state.stage, state.still_missing) == (ApplicationStage.CORRECTION, ("M02",))
    assert (state.answer_due_on, state.missing) == (None, ())


def test_a_supplement_is_written_within_the_five_days_after_the_supply() -> None:
    state = supplied("M01", "M02", on=date(2016, 9, 20))
    repeated(state, "M01", on=date(2016, 9, 27))
    with pytest.raises(AnswerTooLate) as refused:
        request_correction(state, notice("M01"), PROMISED, day(date(2016, 9, 28)))
    assert refused.value.sentence.startswith("五个工作日的答复期限已于2016-09-27届满")


def test_a_demand_is_repeated_as_often_as_it_is_not_met() -> None:
    state = supplied("M01", "M02", on=date(2016, 9, 20))
    for number, on in enumerate([date(2016, 9, 21), date(2016, 9, 28), date(2016, 10, 9)], start=1):
        state = repeated(state, "M01", on=on)
        assert state.correction is not None
        assert (state.correction.supplement, state.correction.letter_number) == (number, LETTER)
        state = supplied_again(state, "M01", on=on + timedelta(days=1))
        assert (state.stage, state.whole_since) == (ApplicationStage.SUBMITTED, on + timedelta(days=1))


def test_a_demand_that_a_supplement_did_not_repeat_is_met() -> None:
    state = repeated(supplied("M01", "M02"), "M01", on=date(2016, 9, 18))
    state = supplied_again(state, "M01", on=date(2016, 9, 19))
    with pytest.raises(CorrectionRequestedBefore) as refused:
        request_correction(state, notice("M01", "M02"), PROMISED, day(date(2016, 9, 20)))
    assert refused.value.sentence.endswith("不得列入：M02 居民身份证。")


def test_on_a_supplement_only_what_it_repeats_is_supplied() -> None:
    state = repeated(supplied("M01", "M02"), "M01", on=date(2016, 9, 18))
    with pytest.raises(NotInNotice):
        supply_correction(state, papers("M02"), PROMISED, day(date(2016, 9, 19)))


def test_a_supplement_that_is_not_met_ends_the_application_by_its_own_last_day() -> None:
    state = repeated(supplied("M01", "M02", on=date(2016, 10, 14)), "M01", on=date(2016, 10, 17))
    assert state.correction is not None
    assert state.correction.supply_by == date(2016, 11, 16), "thirty days from its own day, not from the notice's"
    with pytest.raises(CorrectionNotOverdue):
        lapse(state, date(2016, 11, 16), state_council())
    assert lapse(state, date(2016, 11, 17), state_council()).supply_by == date(2016, 11, 16)


def test_the_text_of_a_supplement_has_a_name_of_its_own() -> None:
    names = [correction_text_name("M01", supplement) for supplement in range(3)]
    assert names == ["correction.M01", "correction.1.M01", "correction.2.M01"]
