"""受理, 视为受理 and 即办: a desk, the law or a window accepts. (行政许可法 32(4), 32(5), 34)"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law.items.implementation_code import NATURES
from services.intake.domain.application.accept import InstantItem, NotInstant, accept, complete, effective_on
from services.intake.domain.application.accepted_terms import extension_by_nature
from services.intake.domain.application.correction import WindowCorrection, correct_on_the_spot, supply_correction
from services.intake.domain.application.deem import AnswerNotOverdue, deem
from services.intake.domain.application.facts import AcceptanceGround, ApplicationAccepted
from services.intake.domain.application.papers import MaterialsMissing
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationClosing, ApplicationStage
from services.intake.domain.catalogue.item import (
    AcceptedItem,
    CatalogueItem,
    Channel,
    Extension,
    ItemKind,
    Limit,
    LimitUnit,
    PartLimits,
    Step,
    StepKind,
    StepPost,
)
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, REASON, RECEIVED_ON, day, papers

LAST_DAY, DAY_AFTER = date(2016, 9, 22), date(2016, 9, 23)
SUPPLIED_ON = date(2016, 9, 20)
OWN = Extension(15, LimitUnit.CALENDAR_DAYS, "某某办法 9")
HEAD_DECIDES = Step("S1", "负责人决定", StepKind.DECIDE, StepPost.HEAD)


def corrected() -> Application:
    """An application whose correction was supplied."""
    state = hall.demanded("M01", "M02")
    return hall.after(state, [supply_correction(state, papers("M01", "M02"), PROMISED, day(SUPPLIED_ON))])


def test_acceptance_has_both_limits_and_the_item_as_it_stands() -> None:
    acceptance = accept(hall.whole(), PROMISED, NUMBER, day())
    assert (acceptance.promised_due_on, acceptance.legal_due_on) == (date(2016, 9, 29), date(2016, 10, 18))
    assert (acceptance.ground, acceptance.accepted_on) == (AcceptanceGround.COMPLETE, RECEIVED_ON)
    assert (acceptance.item.version, acceptance.item.route) == (1, PROMISED.route)
    assert (acceptance.number, acceptance.calendar_version) == (NUMBER, "state-council-2026")


def test_acceptance_repeats_what_the_next_service_needs_of_the_receipt() -> None:
    state = hall.whole()
    acceptance = accept(state, PROMISED, NUMBER, day())
    assert state.submission is not None
    receipt = state.submission
    assert (acceptance.serial_number, acceptance.window) == (receipt.serial_number, "W1")
    assert (acceptance.channel, acceptance.materials) == (Channel.WINDOW, papers("M01", "M02"))
    assert acceptance.query_code_digest == receipt.query_code_digest
    assert acceptance.applicant_index == receipt.applicant_index


def test_the_item_is_kept_as_it_stands_at_acceptance() -> None:
    item = accept(hall.whole(), PROMISED, NUMBER, day()).item
    assert item == AcceptedItem(
        code=PROMISED.code,
        name=PROMISED.name,
        version=PROMISED.version,
        line=PROMISED.line,
        kind=PROMISED.kind,
        closes_on=PROMISED.closes_on,
        legal_limit=PROMISED.legal_limit,
        promised_limit=PROMISED.promised_limit,
        route=PROMISED.route,
        receipt=True,
        sms=True,
        sensitive=False,
        decided_by="street",
        refers_to="",
        result_name="计划生育服务证",
        extension=Extension(0),
    )


@pytest.mark.parametrize(
    ("nature", "given", "kept"),
    [
        ("行政许可", None, Extension(10, LimitUnit.WORKING_DAYS, "行政许可法 42")),
        ("行政给付", None, Extension(0)),
        ("行政许可", Extension(0), Extension(0)),
        (
            "行政给付",
            OWN,
            OWN,
        ),
    ],
)
def test_a_matter_keeps_the_extension_that_its_law_knows(nature: str, given: Extension | None, kept: Extension) -> None:
    item = replace(PROMISED, nature=nature, extension=given)
    assert accept(hall.whole(), item, NUMBER, day()).item.extension == kept


def test_the_item_keeps_the_limits_of_the_parts_of_its_matter() -> None:
    part = PartLimits(promised=Limit(5, LimitUnit.WORKING_DAYS, assumed=True))
    item = replace(PROMISED, street_part=part, district_part=PartLimits(), whole=part)
    kept = accept(hall.whole(), item, NUMBER, day()).item
    assert (kept.street_part, kept.district_part, kept.whole) == (part, PartLimits(), part)


def test_an_accepted_application_waits_for_no_answer_any_more() -> None:
    state = hall.accepted()
    assert (state.stage, state.answer_due_on) == (ApplicationStage.ACCEPTED, None)


def test_a_deferrable_paper_may_come_later() -> None:
    assert "M03" not in hall.whole().missing
    accept(hall.whole(), PROMISED, NUMBER, day())


@pytest.mark.parametrize(("codes", "named"), [(("M01",), "M02 居民身份证"), (("M02",), "M01 申请表")])
def test_a_missing_paper_is_named(codes: tuple[str, ...], named: str) -> None:
    with pytest.raises(MaterialsMissing) as refused:
        accept(hall.submitted(*codes), PROMISED, NUMBER, day())
    assert named in refused.value.sentence
    assert refused.value.article == "行政许可法 32"


def test_an_instant_item_is_completed_instead() -> None:
    with pytest.raises(InstantItem) as refused:
        accept(hall.whole(INSTANT), INSTANT, NUMBER, day())
    assert refused.value.sentence == "即办件请直接当场办结，无需另行受理。"


def test_the_kind_of_the_item_is_checked_before_the_papers() -> None:
    with pytest.raises(InstantItem):
        accept(hall.submitted(item=INSTANT), INSTANT, NUMBER, day())


@pytest.mark.parametrize(
    ("promised_limit", "due_on"),
    [
        (Limit(1), date(2016, 9, 18)),
        (Limit(10), date(2016, 9, 29)),
        (Limit(17, LimitUnit.CALENDAR_DAYS), date(2016, 10, 8)),
        (Limit(30, LimitUnit.CALENDAR_DAYS), date(2016, 10, 14)),
    ],
)
def test_a_limit_runs_in_its_own_unit_and_ends_on_a_working_day(promised_limit: Limit, due_on: date) -> None:
    item = replace(PROMISED, promised_limit=promised_limit)
    assert accept(hall.whole(item), item, NUMBER, day()).promised_due_on == due_on


def test_one_provisional_limit_makes_the_acceptance_provisional() -> None:
    on = date(2026, 12, 1)
    item = replace(PROMISED, promised_limit=Limit(5), legal_limit=Limit(60))
    state = hall.submitted("M01", "M02", item=item, on=day(on))
    assert accept(state, item, NUMBER, day(on)).provisional
    item = replace(item, legal_limit=Limit(10))
    assert not accept(state, item, NUMBER, day(on)).provisional


def test_an_office_that_accepts_in_the_evening_has_received_by_then() -> None:
    late = day(after_hours=True)
    state = hall.submitted("M01", "M02", on=late)
    assert state.received_on == date(2016, 9, 18)
    acceptance = accept(state, PROMISED, NUMBER, late)
    assert (acceptance.received_on, acceptance.accepted_on) == (RECEIVED_ON, RECEIVED_ON)
    assert hall.after(state, [acceptance]).received_on == RECEIVED_ON


@pytest.mark.parametrize("on", [SUPPLIED_ON, date(2016, 9, 21), date(2016, 9, 27)])
def test_acceptance_after_a_correction_takes_effect_on_the_day_on_which_all_was_there(on: date) -> None:
    acceptance = accept(corrected(), PROMISED, NUMBER, day(on))
    assert (acceptance.ground, acceptance.occurred_on) == (AcceptanceGround.CORRECTED, on)
    assert (acceptance.received_on, acceptance.accepted_on) == (RECEIVED_ON, SUPPLIED_ON), "of the first receipt"
    assert (acceptance.promised_due_on, acceptance.legal_due_on) == (date(2016, 10, 9), date(2016, 10, 21))
    assert hall.after(corrected(), [acceptance]).received_on == RECEIVED_ON


def corrected_on(on: date, *, after_hours: bool = False) -> Application:
    """An application whose last paper came on a day, at noon or in the evening."""
    state = hall.demanded("M01", "M02")
    state = hall.after(state, [supply_correction(state, papers("M01"), PROMISED, day(date(2016, 9, 20)))])
    return hall.after(state, [supply_correction(state, papers("M02"), PROMISED, day(on, after_hours=after_hours))])


@pytest.mark.parametrize(
    "state",
    [
        corrected_on(date(2016, 9, 23), after_hours=True),
        corrected_on(date(2016, 9, 24)),
        corrected_on(date(2016, 9, 25), after_hours=True),
        corrected_on(date(2016, 9, 26)),
    ],
    ids=["Friday evening", "Saturday", "Sunday evening", "Monday"],
)
def test_a_matter_whose_last_paper_came_on_a_rest_day_has_the_next_working_day(state: Application) -> None:
    monday, thursday = date(2016, 9, 26), date(2016, 9, 29)
    by_click = accept(state, PROMISED, NUMBER, day(thursday))
    by_law = deem(state, PROMISED, NUMBER, day(date(2016, 10, 11)))
    assert (by_click.accepted_on, by_click.occurred_on) == (monday, thursday)
    assert replace(by_law, ground=by_click.ground, occurred_on=thursday) == by_click


def test_an_acceptance_before_the_last_paper_counts_as_received_has_the_day_of_the_answer() -> None:
    state, saturday, monday = corrected_on(date(2016, 9, 23), after_hours=True), date(2016, 9, 24), date(2016, 9, 26)
    assert accept(state, PROMISED, NUMBER, day(saturday)).accepted_on == saturday
    assert [effective_on(state, on) for on in (saturday, monday, monday + timedelta(days=9))] == [
        saturday,
        monday,
        monday,
    ]
    assert effective_on(hall.whole(), monday) == monday, "nothing was demanded"


def test_a_correction_at_the_window_moves_no_day_of_acceptance() -> None:
    """Nothing was demanded: the desk accepts on the day of its answer, and the law from receipt."""
    state = hall.submitted("M01")
    change = WindowCorrection(papers("M02"), REASON)
    state = hall.after(state, [correct_on_the_spot(state, change, PROMISED, day(date(2016, 9, 19)))])
    by_click = accept(state, PROMISED, NUMBER, day(date(2016, 9, 21)))
    assert (by_click.ground, by_click.accepted_on) == (AcceptanceGround.COMPLETE, date(2016, 9, 21))
    assert deem(state, PROMISED, NUMBER, day(DAY_AFTER)).accepted_on == RECEIVED_ON


def test_a_corrected_instant_matter_is_accepted_on_the_day_on_which_it_ends() -> None:
    waiting = hall.demanded("M01", "M02", item=INSTANT)
    supply = supply_correction(waiting, papers("M01", "M02"), INSTANT, day(SUPPLIED_ON))
    accepted, end = complete(hall.after(waiting, [supply]), INSTANT, NUMBER, day(date(2016, 9, 21)))
    assert (accepted.accepted_on, accepted.promised_due_on, end.occurred_on) == (date(2016, 9, 21),) * 3


@pytest.mark.parametrize("state", [hall.accepted(), hall.completed(), hall.demanded("M01", "M02"), Application()])
def test_an_application_that_awaits_no_answer_is_not_accepted(state: Application) -> None:
    with pytest.raises(NotAtThisStage) as refused:
        accept(state, PROMISED, NUMBER, day())
    assert "现在可以" in refused.value.sentence


def test_deemed_acceptance_takes_effect_on_the_day_of_receipt_so_that_days_are_used_already() -> None:
    acceptance = deem(hall.submitted(), PROMISED, NUMBER, day(DAY_AFTER))
    assert (acceptance.ground, acceptance.occurred_on) == (AcceptanceGround.DEEMED, DAY_AFTER)
    assert (acceptance.accepted_on, acceptance.received_on) == (RECEIVED_ON, RECEIVED_ON)
    assert acceptance.promised_due_on == date(2016, 9, 29)


def test_an_incomplete_application_is_deemed_accepted_as_well() -> None:
    state = hall.submitted()
    assert state.missing == ("M01", "M02")
    assert deem(state, PROMISED, NUMBER, day(DAY_AFTER)).materials == ()


@pytest.mark.parametrize(
    ("state", "on"),
    [
        (hall.submitted(), RECEIVED_ON),
        (hall.submitted(), LAST_DAY),
        (hall.accepted(), DAY_AFTER),
        (hall.completed(), DAY_AFTER),
        (hall.demanded("M01", "M02"), DAY_AFTER),
        (Application(), DAY_AFTER),
        (Application(stage=ApplicationStage.SUBMITTED), DAY_AFTER),
        (Application(stage=ApplicationStage.SUBMITTED, answer_due_on=LAST_DAY), DAY_AFTER),
    ],
)
def test_nothing_is_deemed_while_the_office_may_answer_or_has_answered(state: Application, on: date) -> None:
    with pytest.raises(AnswerNotOverdue):
        deem(state, PROMISED, NUMBER, day(on))


def test_a_sweep_that_is_late_deems_the_same_acceptance() -> None:
    in_time = deem(hall.submitted(), PROMISED, NUMBER, day(DAY_AFTER))
    late = deem(hall.submitted(), PROMISED, NUMBER, day(date(2016, 10, 20)))
    assert replace(late, occurred_on=DAY_AFTER) == in_time


def test_after_a_correction_it_takes_effect_on_the_day_all_was_supplied() -> None:
    state = corrected()
    assert state.answer_due_on == date(2016, 9, 27)
    with pytest.raises(AnswerNotOverdue):
        deem(state, PROMISED, NUMBER, day(date(2016, 9, 27)))
    acceptance = deem(state, PROMISED, NUMBER, day(date(2016, 9, 28)))
    assert (acceptance.accepted_on, acceptance.ground) == (SUPPLIED_ON, AcceptanceGround.DEEMED)


def test_an_instant_item_without_a_route_gets_a_desk_that_decides() -> None:
    item = deem(hall.submitted(item=INSTANT), INSTANT, NUMBER, day(DAY_AFTER)).item
    assert item.route == (HEAD_DECIDES,)
    assert item.legal_limit == Limit(20, LimitUnit.WORKING_DAYS, "行政许可法 42")
    assert item.promised_limit == Limit(1, LimitUnit.WORKING_DAYS, assumed=True)


def test_an_item_with_limits_of_its_own_keeps_them_when_it_is_deemed() -> None:
    item = deem(hall.submitted(), PROMISED, NUMBER, day(DAY_AFTER)).item
    assert (item.route, item.legal_limit) == (PROMISED.route, PROMISED.legal_limit)
    assert item.promised_limit == PROMISED.promised_limit


def test_an_instant_matter_is_accepted_and_handed_out_on_its_day() -> None:
    accepted, end = complete(hall.whole(INSTANT), INSTANT, NUMBER, day())
    assert (accepted.accepted_on, accepted.promised_due_on, accepted.legal_due_on) == (RECEIVED_ON,) * 3
    assert accepted.item.route == (), "a matter that ends at the window goes to no desk"
    assert (end.occurred_on, end.result_name, end.window) == (RECEIVED_ON, "居住登记信息查询结果", "W1")


def test_an_instant_matter_counts_as_early() -> None:
    state = hall.completed()
    assert state.stage is ApplicationStage.CLOSED
    assert state.closing == ApplicationClosing(RECEIVED_ON, "completed", on_time=True, early=True)


@pytest.mark.parametrize("kind", [kind for kind in ItemKind if kind is not ItemKind.INSTANT])
def test_only_an_instant_item_is_decided_at_the_window(kind: ItemKind) -> None:
    item: CatalogueItem = replace(PROMISED, kind=kind)
    with pytest.raises(NotInstant) as refused:
        complete(hall.whole(item), item, NUMBER, day())
    assert refused.value.article == "行政许可法 34"


def test_an_instant_matter_needs_its_papers() -> None:
    with pytest.raises(MaterialsMissing):
        complete(hall.submitted(item=INSTANT), INSTANT, NUMBER, day())


def test_an_instant_matter_is_completed_once() -> None:
    with pytest.raises(NotAtThisStage):
        complete(hall.completed(), INSTANT, NUMBER, day())


def test_a_corrected_instant_matter_is_completed_as_corrected() -> None:
    waiting = hall.demanded("M01", "M02", item=INSTANT)
    supplied = hall.after(waiting, [supply_correction(waiting, papers("M01", "M02"), INSTANT, day())])
    accepted: ApplicationAccepted
    accepted, _ = complete(supplied, INSTANT, NUMBER, day())
    assert accepted.ground is AcceptanceGround.CORRECTED


def test_what_is_no_licence_has_no_extension_of_the_licence_law() -> None:
    assert extension_by_nature("行政许可").days == 10
    assert {extension_by_nature(nature).days for nature in NATURES if nature != "行政许可"} == {0}
