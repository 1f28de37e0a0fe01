"""收件: what the office takes, and what it cannot. (行政许可法 29, 31, 32)"""

from dataclasses import replace
from datetime import date

import pytest

from law.not_allowed import Malformed
from services.intake.domain.application.facts import ApplicantKind, HandedIn, MaterialForm
from services.intake.domain.application.papers import DigestMissing, MaterialTwice, UnknownMaterial
from services.intake.domain.application.state import ApplicationStage
from services.intake.domain.application.submit import (
    ReceiptMarks,
    WindowNeeded,
    WindowOutsideHall,
    check_window,
    submit,
)
from services.intake.domain.catalogue.item import AcceptPoint, Channel, ItemKind, Line
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, PROMISED, RECEIVED_ON, day, handed_in, marks, paper, papers


def test_a_receipt_begins_the_five_days_also_when_papers_are_missing() -> None:
    receipt = submit(handed_in("M01"), PROMISED, marks(), day())
    assert receipt.answer_due_on == date(2016, 9, 22)
    assert receipt.missing == ("M02",), "deferrable and optional papers are not missing"
    assert receipt.calendar_version == "state-council-2026"
    assert hall.submitted("M01").stage is ApplicationStage.SUBMITTED


def test_a_receipt_after_closing_time_counts_from_the_next_working_day() -> None:
    receipt = submit(handed_in(), PROMISED, marks(), day(after_hours=True))
    assert (receipt.occurred_on, receipt.received_on) == (RECEIVED_ON, date(2016, 9, 18))
    assert receipt.answer_due_on == date(2016, 9, 23)


def test_a_receipt_on_a_rest_day_counts_from_the_next_working_day() -> None:
    receipt = submit(handed_in(channel=Channel.ONLINE), PROMISED, marks(), day(date(2016, 10, 1)))
    assert (receipt.received_on, receipt.accept_point) == (date(2016, 10, 8), AcceptPoint.ONLINE)


def test_a_last_day_beyond_the_published_years_is_provisional() -> None:
    assert submit(handed_in(), PROMISED, marks(), day(date(2026, 12, 30))).provisional
    assert not submit(handed_in(), PROMISED, marks(), day()).provisional


def test_a_receipt_has_the_item_as_it_stands() -> None:
    item = replace(INSTANT, version=7)
    receipt = submit(handed_in(item=item), item, marks(), day())
    assert (receipt.item_code, receipt.item_name, receipt.item_version) == (item.code, item.name, 7)
    assert (receipt.line, receipt.item_kind) == (Line.FLOATING_POPULATION, ItemKind.INSTANT)


def test_a_receipt_has_what_was_handed_in_and_by_which_way() -> None:
    submission = replace(handed_in("M01", "M03"), ticket_id="t", applicant_kind=ApplicantKind.OTHER)
    receipt = submit(submission, PROMISED, marks(), day())
    assert receipt.materials == papers("M01", "M03")
    assert (receipt.channel, receipt.accept_point) == (Channel.WINDOW, AcceptPoint.WINDOW)
    assert (receipt.window, receipt.ticket_id, receipt.applicant_kind) == ("W1", "t", ApplicantKind.OTHER)


def test_a_receipt_has_the_marks_that_the_office_gives() -> None:
    receipt = submit(handed_in(), PROMISED, ReceiptMarks("serial", "digest", "index"), day())
    given = (receipt.serial_number, receipt.query_code_digest, receipt.applicant_index)
    assert given == ("serial", "digest", "index")


@pytest.mark.parametrize(
    ("codes", "missing"),
    [
        ((), ("M01", "M02")),
        (("M01",), ("M02",)),
        (("M02",), ("M01",)),
        (("M01", "M02"), ()),
        (("M03", "M04"), ("M01", "M02")),
        (("M01", "M02", "M03", "M04"), ()),
    ],
)
def test_a_receipt_lists_the_required_papers_that_cannot_be_deferred(
    codes: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert submit(handed_in(*codes), PROMISED, marks(), day()).missing == missing


@pytest.mark.parametrize(
    ("given", "wrong", "field"),
    [
        ((paper("M01"), paper("M99")), UnknownMaterial, "materials[1].material_code"),
        ((paper("M99"), paper("M01")), UnknownMaterial, "materials[0].material_code"),
        ((paper("M01"), paper("M01")), MaterialTwice, "materials[1].material_code"),
        ((paper("M01"), paper("M01", MaterialForm.COPY)), MaterialTwice, "materials[1].material_code"),
        ((paper("M01", MaterialForm.ELECTRONIC),), DigestMissing, "materials[0].sha256"),
    ],
)
def test_a_paper_that_the_item_does_not_know_so_is_refused(
    given: tuple[HandedIn, ...], wrong: type[Malformed], field: str
) -> None:
    with pytest.raises(wrong) as refused:
        submit(replace(handed_in(), materials=given), PROMISED, marks(), day())
    assert refused.value.field == field


@pytest.mark.parametrize("form", [MaterialForm.ORIGINAL, MaterialForm.COPY])
def test_a_paper_in_the_hand_needs_no_digest(form: MaterialForm) -> None:
    submission = replace(handed_in(), materials=(paper("M01", form),))
    assert submit(submission, PROMISED, marks(), day()).materials[0].form is form


def test_an_electronic_paper_is_named_by_its_digest() -> None:
    submission = replace(handed_in(), materials=(paper("M01", MaterialForm.ELECTRONIC, "12" * 32),))
    assert submit(submission, PROMISED, marks(), day()).materials[0].sha256 == "12" * 32


def test_a_window_is_named_in_the_hall_and_nowhere_else() -> None:
    check_window(handed_in())
    check_window(handed_in(channel=Channel.ONLINE))
    with pytest.raises(WindowNeeded) as refused:
        check_window(replace(handed_in(), window=""))
    assert refused.value.field == "window"
    with pytest.raises(WindowOutsideHall) as outside:
        check_window(replace(handed_in(channel=Channel.ONLINE), window="W1"))
    assert outside.value.field == "window"


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.WINDOW])
def test_no_channel_but_the_window_names_one(channel: Channel) -> None:
    check_window(handed_in(channel=channel))
    with pytest.raises(WindowOutsideHall):
        check_window(replace(handed_in(channel=channel), window="W1"))
