"""State of an application: each fact changes what it says and nothing else."""

from dataclasses import fields, replace
from datetime import date

import pytest

from services.intake.domain.application.accept import accept, complete
from services.intake.domain.application.facts import (
    ApplicantRead,
    ApplicationDeclined,
    ApplicationFact,
    ApplicationWithdrawn,
    CompletedOnTheSpot,
    CorrectedOnTheSpot,
    CorrectionLapsed,
    CorrectionRequested,
    CorrectionSupplied,
    DeclineGround,
    HandedIn,
    MaterialForm,
    MaterialUploaded,
    ServiceRated,
    Shortfall,
)
from services.intake.domain.application.state import (
    BLANK,
    Application,
    ApplicationClosing,
    ApplicationStage,
    ComputedDay,
    fold,
    merged,
)
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, REASON, RECEIVED_ON, day, paper, papers

LATER, LAST = date(2016, 9, 20), date(2016, 10, 14)
SHORTFALLS = (Shortfall("M01", "申请表", REASON), Shortfall("M02", "居民身份证", REASON))
REQUESTED = CorrectionRequested(RECEIVED_ON, "440105008补告〔2016〕0001号", SHORTFALLS, LAST)


def changed(before: Application, fact: ApplicationFact) -> dict[str, object]:
    """The fields that a fact changes, with their values after it."""
    after = fold(before, fact)
    names = [field.name for field in fields(Application)]
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def test_nothing_is_on_file_before_the_receipt() -> None:
    assert BLANK.stage is ApplicationStage.UNKNOWN
    assert (BLANK.submission, BLANK.materials, BLANK.answer_due_on, BLANK.grade) == (None, (), None, 0)


def test_a_receipt_sets_papers_and_the_day_by_which_the_office_answers() -> None:
    state = hall.submitted("M01")
    assert state.stage is ApplicationStage.SUBMITTED
    assert (state.materials, state.missing) == (papers("M01"), ("M02",))
    assert (state.whole_since, state.answer_due_on) == (RECEIVED_ON, date(2016, 9, 22))


def test_a_paper_that_arrives_joins_those_on_file() -> None:
    arrived = paper("M02", MaterialForm.ELECTRONIC, "12" * 32)
    fact = MaterialUploaded(LATER, arrived, 4096, "image/png")
    assert changed(hall.submitted("M01"), fact) == {"materials": (paper("M01"), arrived), "missing": ()}


def test_a_paper_that_was_on_file_changes_nothing() -> None:
    fact = MaterialUploaded(LATER, paper("M01"), 4096, "image/png")
    assert changed(hall.submitted("M01"), fact) == {}


def test_a_correction_at_the_window_joins_the_papers_on_file() -> None:
    fact = CorrectedOnTheSpot(LATER, papers("M02", "M04"), REASON)
    expected = {"materials": papers("M01", "M02", "M04"), "missing": ()}
    assert changed(hall.submitted("M01"), fact) == expected


def test_a_notice_stops_the_five_days_and_lists_what_is_demanded() -> None:
    assert changed(hall.submitted(), REQUESTED) == {
        "stage": ApplicationStage.CORRECTION,
        "correction": REQUESTED,
        "still_missing": ("M01", "M02"),
        "answer_due_on": None,
        "calendar_version": REQUESTED.calendar_version,
        "supply_day": ComputedDay(LAST, False, ""),
    }


def test_part_of_a_correction_leaves_the_stage_as_it_is() -> None:
    fact = CorrectionSupplied(LATER, papers("M01"), ("M02",), None)
    waiting = hall.after(hall.submitted(), [REQUESTED])
    expected = {"materials": papers("M01"), "missing": ("M02",), "still_missing": ("M02",)}
    assert changed(waiting, fact) == expected


def test_a_whole_correction_begins_the_five_days_anew() -> None:
    fact = CorrectionSupplied(LATER, papers("M01", "M02"), (), date(2016, 9, 27))
    waiting = hall.after(hall.submitted(), [REQUESTED])
    assert changed(waiting, fact) == {
        "stage": ApplicationStage.SUBMITTED,
        "materials": papers("M01", "M02"),
        "missing": (),
        "still_missing": (),
        "whole_since": LATER,
        "answer_due_on": date(2016, 9, 27),
        "answer_day": ComputedDay(date(2016, 9, 27), False, ""),
    }


def test_a_correction_remains_on_file_after_it_was_supplied() -> None:
    supplied = CorrectionSupplied(LATER, papers("M01", "M02"), (), date(2016, 9, 27))
    assert hall.after(hall.submitted(), [REQUESTED, supplied]).correction is REQUESTED


def test_an_acceptance_ends_the_wait_for_an_answer() -> None:
    fact = accept(hall.whole(), PROMISED, NUMBER, day())
    expected = {"stage": ApplicationStage.ACCEPTED, "acceptance": fact, "answer_due_on": None}
    assert changed(hall.whole(), fact) == expected


def test_a_completion_closes_the_matter_on_time_and_early() -> None:
    accepted, ended = complete(hall.whole(INSTANT), INSTANT, NUMBER, day())
    state = hall.after(hall.whole(INSTANT), [accepted])
    assert changed(state, ended) == {
        "stage": ApplicationStage.CLOSED,
        "closing": ApplicationClosing(RECEIVED_ON, "completed", on_time=True, early=True),
    }


DECLINED = ApplicationDeclined(LATER, DeclineGround.NOT_OURS, REASON, REASON, "440105008不受〔2016〕0001号")


@pytest.mark.parametrize(
    ("fact", "stage", "outcome"),
    [
        (CorrectionLapsed(LATER, LAST), ApplicationStage.LAPSED, "lapsed"),
        (DECLINED, ApplicationStage.DECLINED, "declined"),
        (ApplicationWithdrawn(LATER, None, False), ApplicationStage.WITHDRAWN, "withdrawn"),
        (CompletedOnTheSpot(LATER, "证明", "W1"), ApplicationStage.CLOSED, "completed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_end_closes_the_application_on_its_day(
    fact: CorrectionLapsed | ApplicationDeclined | ApplicationWithdrawn | CompletedOnTheSpot,
    stage: ApplicationStage,
    outcome: str,
) -> None:
    state = hall.after(hall.submitted("M01"), [fact])
    assert (state.stage, state.answer_due_on) == (stage, None)
    assert state.closing is not None
    assert (state.closing.closed_on, state.closing.outcome) == (LATER, outcome)
    assert (state.declined is fact) is (stage is ApplicationStage.DECLINED)
    assert state.materials == papers("M01"), "the papers stay on file"


@pytest.mark.parametrize(
    "fact",
    [
        CorrectionLapsed(LATER, LAST),
        DECLINED,
        ApplicationWithdrawn(LATER, None, False),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_only_a_completion_says_whether_it_was_on_time(fact: ApplicationFact) -> None:
    closing = hall.after(hall.submitted(), [fact]).closing
    assert closing is not None
    assert (closing.on_time, closing.early) == (None, None)


def test_a_rating_is_on_file_with_its_grade() -> None:
    assert changed(hall.completed(), ServiceRated(LATER, 2, "W1", None)) == {"grade": 2}


def test_a_reading_of_the_details_changes_nothing() -> None:
    assert changed(hall.accepted(), ApplicantRead(LATER, "20001", "c")) == {}


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        ("granted", ApplicationStage.CLOSED),
        ("refused", ApplicationStage.CLOSED),
        ("referred", ApplicationStage.CLOSED),
        ("withdrawn", ApplicationStage.WITHDRAWN),
    ],
)
def test_the_desks_have_the_last_word_on_an_accepted_matter(outcome: str, stage: ApplicationStage) -> None:
    closing = ApplicationClosing(LATER, outcome, on_time=True)
    state = hall.accepted().closed_by(closing)
    assert (state.stage, state.closing) == (stage, closing)


def test_a_matter_that_the_desks_have_not_ended_stays_as_it_is() -> None:
    state = hall.accepted()
    assert state.closed_by(None) is state


def test_the_day_of_receipt_is_never_after_an_answer_or_an_end() -> None:
    received = hall.submitted("M01", "M02", on=day(after_hours=True))
    assert received.received_on == date(2016, 9, 18), "after closing time, the next working day"
    withdrawn = hall.after(received, [ApplicationWithdrawn(RECEIVED_ON, None, False)])
    assert withdrawn.received_on == RECEIVED_ON
    late = replace(withdrawn, closing=ApplicationClosing(date(2016, 9, 19), "withdrawn"))
    assert late.received_on == date(2016, 9, 18)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((), papers("M01"), papers("M01")),
        (papers("M01"), (), papers("M01")),
        (papers("M01"), papers("M02"), papers("M01", "M02")),
        (papers("M01", "M02"), papers("M02", "M01"), papers("M01", "M02")),
    ],
)
def test_papers_are_merged_in_the_order_in_which_they_came(
    first: tuple[HandedIn, ...], second: tuple[HandedIn, ...], expected: tuple[HandedIn, ...]
) -> None:
    assert merged(first, second) == expected


def test_a_paper_replaces_an_earlier_one_of_its_code_and_form() -> None:
    old, new = paper("M01", MaterialForm.ELECTRONIC, "12" * 32), paper("M01", MaterialForm.ELECTRONIC, "34" * 32)
    assert merged([old], [new]) == (new,)


def test_an_original_and_a_copy_of_one_paper_are_two_papers() -> None:
    both = [paper("M01"), paper("M01", MaterialForm.COPY)]
    assert merged(both[:1], both[1:]) == tuple(both)
