"""收件: what the office takes, and what it cannot. (行政许可法 29, 31, 32)"""

from dataclasses import replace
from datetime import date

import pytest

from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.application.facts import HandedIn, MaterialForm
from services.intake.domain.application.papers import DigestMissing, MaterialTwice, UnknownMaterial
from services.intake.domain.application.state import ApplicationStage
from services.intake.domain.application.submit import WindowNeeded, WindowOutsideHall, check_window, submit
from services.intake.domain.catalogue.item import AcceptPoint, Channel, ItemStatus, Season
from services.intake.domain.catalogue.offer import (
    ItemNotActive,
    NoLongerEffective,
    NotYetEffective,
    OutOfSeason,
    WrongAcceptPoint,
    offered,
)
from services.intake.domain.catalogue.state import CatalogueEntry
from tests.unit.intake import hall
from tests.unit.intake.hall import PROMISED, RECEIVED_ON, day, handed_in, marks, paper


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


@pytest.mark.parametrize(
    ("papers", "wrong", "field"),
    [
        ((paper("M01"), paper("M99")), UnknownMaterial, "materials[1].material_code"),
        ((paper("M01"), paper("M01")), MaterialTwice, "materials[1].material_code"),
        ((paper("M01", MaterialForm.ELECTRONIC),), DigestMissing, "materials[0].sha256"),
    ],
)
def test_a_paper_that_the_item_does_not_know_so_is_refused(
    papers: tuple[HandedIn, ...], wrong: type[Malformed], field: str
) -> None:
    with pytest.raises(wrong) as refused:
        submit(replace(handed_in(), materials=papers), PROMISED, marks(), day())
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changed", "wrong", "said"),
    [
        ({"effective_from": date(2016, 9, 15)}, NotYetEffective, "2016-09-15"),
        ({"effective_to": date(2016, 9, 13)}, NoLongerEffective, "2016-09-13"),
        ({"status": ItemStatus.SUSPENDED}, ItemNotActive, "暂停"),
        ({"status": ItemStatus.CANCELLED}, ItemNotActive, "取消"),
        ({"seasons": (Season(date(2017, 3, 1), date(2017, 4, 1)),)}, OutOfSeason, "2017-03-01"),
        ({"seasons": (Season(date(2016, 3, 1), date(2016, 4, 1)),)}, OutOfSeason, "没有公布"),
        ({"accept_points": (AcceptPoint.KIOSK,)}, WrongAcceptPoint, "渠道"),
    ],
)
def test_an_item_that_takes_no_applications_says_why(
    changed: dict[str, object], wrong: type[NotAllowed], said: str
) -> None:
    item = replace(PROMISED, **changed)  # type: ignore[arg-type] # a table of fields
    with pytest.raises(wrong) as refused:
        offered(CatalogueEntry(items=(item,)), Channel.WINDOW, RECEIVED_ON)
    assert said in refused.value.sentence


@pytest.mark.parametrize(
    ("channel", "point"),
    [
        (Channel.WINDOW, AcceptPoint.WINDOW),
        (Channel.ONLINE, AcceptPoint.ONLINE),
        (Channel.APP, AcceptPoint.ONLINE),
        (Channel.MINI_PROGRAM, AcceptPoint.ONLINE),
        (Channel.KIOSK, AcceptPoint.KIOSK),
        (Channel.COMMUNITY, AcceptPoint.COMMUNITY),
        (Channel.HOME_VISIT, AcceptPoint.HOME_VISIT),
    ],
)
def test_each_channel_leads_to_one_accept_point(channel: Channel, point: AcceptPoint) -> None:
    item = replace(PROMISED, accept_points=(point,))
    assert offered(CatalogueEntry(items=(item,)), channel, RECEIVED_ON) is item


def test_the_version_in_force_is_taken_while_the_next_one_waits_for_its_day() -> None:
    coming = replace(PROMISED, version=2, effective_from=date(2016, 10, 1))
    entry = CatalogueEntry(items=(PROMISED, coming))
    assert offered(entry, Channel.WINDOW, date(2016, 9, 30)) is PROMISED
    assert offered(entry, Channel.WINDOW, date(2016, 10, 1)) is coming


def test_an_item_open_in_seasons_takes_applications_on_both_end_days() -> None:
    item = replace(PROMISED, seasons=(Season(date(2016, 9, 1), RECEIVED_ON),))
    assert offered(CatalogueEntry(items=(item,)), Channel.WINDOW, RECEIVED_ON) is item


def test_a_window_is_named_in_the_hall_and_nowhere_else() -> None:
    check_window(handed_in())
    check_window(handed_in(channel=Channel.ONLINE))
    with pytest.raises(WindowNeeded):
        check_window(replace(handed_in(), window=""))
    with pytest.raises(WindowOutsideHall):
        check_window(replace(handed_in(channel=Channel.ONLINE), window="W1"))
