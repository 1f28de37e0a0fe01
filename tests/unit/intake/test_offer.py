"""The offer of an item: days, seasons, channels and windows at which an application is taken. (行政许可法 30)"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from law.desk import UnknownWindow, WindowClosed, WindowDoesNotServe
from law.not_allowed import NotAllowed
from services.intake.domain.catalogue.item import AcceptPoint, Channel, ItemStatus, Line, Season
from services.intake.domain.catalogue.offer import (
    HallWindow,
    ItemNotActive,
    NoLongerEffective,
    NotYetEffective,
    OutOfSeason,
    WrongAcceptPoint,
    accept_point,
    offered,
    require_service,
)
from services.intake.domain.catalogue.state import CatalogueEntry
from tests.unit.intake.hall import CATALOGUE, GENERAL, PROMISED, RECEIVED_ON, SPECIAL, STREET

POINTS = [
    (Channel.WINDOW, AcceptPoint.WINDOW),
    (Channel.ONLINE, AcceptPoint.ONLINE),
    (Channel.APP, AcceptPoint.ONLINE),
    (Channel.MINI_PROGRAM, AcceptPoint.ONLINE),
    (Channel.KIOSK, AcceptPoint.KIOSK),
    (Channel.COMMUNITY, AcceptPoint.COMMUNITY),
    (Channel.HOME_VISIT, AcceptPoint.HOME_VISIT),
]
SPRING = Season(date(2017, 3, 1), date(2017, 4, 1))
PAST = Season(date(2016, 3, 1), date(2016, 4, 1))


def entry(**changed: object) -> CatalogueEntry:
    return CatalogueEntry(items=(replace(PROMISED, **changed),))  # type: ignore[arg-type] # a table of fields


@pytest.mark.parametrize(
    ("changed", "wrong", "sentence", "field"),
    [
        (
            {"effective_from": date(2016, 9, 15)},
            NotYetEffective,
            "事项自2016-09-15起施行，现在不能收件。",
            "item_code",
        ),
        (
            {"effective_to": date(2016, 9, 13)},
            NoLongerEffective,
            "事项已于2016-09-13停止施行，不能收件。",
            "item_code",
        ),
        ({"status": ItemStatus.SUSPENDED}, ItemNotActive, "事项已暂停，不能收件。", "item_code"),
        ({"status": ItemStatus.CANCELLED}, ItemNotActive, "事项已取消，不能收件。", "item_code"),
        (
            {"seasons": (PAST, SPRING)},
            OutOfSeason,
            "事项不在受理时段内，下次开放时间为2017-03-01。",
            "item_code",
        ),
        (
            {"seasons": (PAST,)},
            OutOfSeason,
            "事项不在受理时段内，目前没有公布下次开放时间。",
            "item_code",
        ),
        ({"accept_points": (AcceptPoint.KIOSK,)}, WrongAcceptPoint, "该事项不能通过此渠道申办。", "channel"),
    ],
)
def test_an_item_that_takes_no_applications_says_why(
    changed: dict[str, object], wrong: type[NotAllowed], sentence: str, field: str
) -> None:
    with pytest.raises(wrong) as refused:
        offered(entry(**changed), Channel.WINDOW, RECEIVED_ON)
    assert (refused.value.sentence, refused.value.field) == (sentence, field)
    assert refused.value.article == "行政许可法 30"


def test_the_first_obstacle_is_named_when_there_are_several() -> None:
    ended = entry(effective_to=date(2016, 9, 13), status=ItemStatus.CANCELLED, seasons=(PAST,), accept_points=())
    with pytest.raises(NoLongerEffective):
        offered(ended, Channel.WINDOW, RECEIVED_ON)
    cancelled = entry(status=ItemStatus.CANCELLED, seasons=(PAST,), accept_points=())
    with pytest.raises(ItemNotActive):
        offered(cancelled, Channel.WINDOW, RECEIVED_ON)
    with pytest.raises(OutOfSeason):
        offered(entry(seasons=(PAST,), accept_points=()), Channel.WINDOW, RECEIVED_ON)


def test_an_item_of_several_versions_names_the_first_day_on_which_one_is_in_force() -> None:
    first, second = date(2016, 10, 1), date(2016, 11, 1)
    coming = CatalogueEntry(
        items=(replace(PROMISED, effective_from=second), replace(PROMISED, version=2, effective_from=first))
    )
    with pytest.raises(NotYetEffective) as refused:
        offered(coming, Channel.WINDOW, RECEIVED_ON)
    assert "2016-10-01" in refused.value.sentence


@pytest.mark.parametrize(("channel", "point"), POINTS)
def test_each_channel_leads_to_one_accept_point(channel: Channel, point: AcceptPoint) -> None:
    assert accept_point(channel) is point
    assert offered(entry(accept_points=(point,)), channel, RECEIVED_ON).accept_points == (point,)


def test_every_channel_and_every_accept_point_has_its_place_in_the_table() -> None:
    assert [channel for channel, _ in POINTS] == list(Channel)
    assert {point for _, point in POINTS} == set(AcceptPoint)


@pytest.mark.parametrize("channel", Channel)
def test_an_item_taken_nowhere_else_is_refused_by_every_other_channel(channel: Channel) -> None:
    others = tuple(point for point in AcceptPoint if point is not accept_point(channel))
    with pytest.raises(WrongAcceptPoint):
        offered(entry(accept_points=others), channel, RECEIVED_ON)


def test_the_version_in_force_is_taken_while_the_next_one_waits_for_its_day() -> None:
    coming = replace(PROMISED, version=2, effective_from=date(2016, 10, 1))
    both = CatalogueEntry(items=(PROMISED, coming))
    assert offered(both, Channel.WINDOW, date(2016, 9, 30)) is PROMISED
    assert offered(both, Channel.WINDOW, date(2016, 10, 1)) is coming


def test_an_item_is_in_force_on_its_first_and_on_its_last_day() -> None:
    limited = entry(effective_from=RECEIVED_ON, effective_to=RECEIVED_ON)
    assert offered(limited, Channel.WINDOW, RECEIVED_ON) is limited.items[0]
    with pytest.raises(NotYetEffective):
        offered(limited, Channel.WINDOW, RECEIVED_ON - timedelta(days=1))
    with pytest.raises(NoLongerEffective):
        offered(limited, Channel.WINDOW, RECEIVED_ON + timedelta(days=1))


@pytest.mark.parametrize(
    ("on", "taken"),
    [
        ("2016-08-31", False),
        ("2016-09-01", True),
        ("2016-09-10", True),
        ("2016-09-14", True),
        ("2016-09-15", False),
        ("2017-02-28", False),
        ("2017-03-01", True),
        ("2017-04-01", True),
        ("2017-04-02", False),
    ],
)
def test_a_seasonal_item_takes_applications_on_both_end_days(on: str, taken: bool) -> None:
    seasonal = entry(seasons=(Season(date(2016, 9, 1), RECEIVED_ON), SPRING))
    if taken:
        assert offered(seasonal, Channel.WINDOW, date.fromisoformat(on)) is seasonal.items[0]
    else:
        with pytest.raises(OutOfSeason):
            offered(seasonal, Channel.WINDOW, date.fromisoformat(on))


@pytest.mark.parametrize(
    ("window", "line", "on"),
    [
        ("W1", Line.LABOUR, RECEIVED_ON),
        ("W1", Line.FAMILY_PLANNING, RECEIVED_ON),
        ("W1", Line.LABOUR, GENERAL.open_from),
        ("W1", Line.LABOUR, date(2199, 12, 31)),
        ("W2", Line.FAMILY_PLANNING, SPECIAL.open_from),
        ("W2", Line.FAMILY_PLANNING, date(2016, 9, 30)),
    ],
)
def test_a_window_takes_the_matters_of_its_lines_between_its_days(window: str, line: Line, on: date) -> None:
    require_service(CATALOGUE, HallWindow(STREET, window), line, on)


@pytest.mark.parametrize(
    ("window", "line", "on", "wrong", "sentence"),
    [
        (HallWindow(STREET, "W9"), Line.LABOUR, RECEIVED_ON, UnknownWindow, "本街道大厅没有窗口W9。"),
        (HallWindow("440105009", "W1"), Line.LABOUR, RECEIVED_ON, UnknownWindow, "本街道大厅没有窗口W1。"),
        (HallWindow(STREET, "W1"), Line.LABOUR, date(2015, 10, 7), WindowClosed, "窗口W1今天不开放。"),
        (HallWindow(STREET, "W2"), Line.FAMILY_PLANNING, date(2016, 10, 1), WindowClosed, "窗口W2今天不开放。"),
        (HallWindow(STREET, "W2"), Line.LABOUR, date(2016, 10, 1), WindowClosed, "窗口W2今天不开放。"),
        (
            HallWindow(STREET, "W2"),
            Line.LABOUR,
            RECEIVED_ON,
            WindowDoesNotServe,
            "窗口W2不办理该业务线的事项。",
        ),
    ],
)
def test_a_window_that_does_not_take_the_matter_says_why(
    window: HallWindow, line: Line, on: date, wrong: type[NotAllowed], sentence: str
) -> None:
    with pytest.raises(wrong) as refused:
        require_service(CATALOGUE, window, line, on)
    assert (refused.value.sentence, refused.value.field) == (sentence, "window")
