"""CatalogueService over the office in memory: publications, their versions and repeats, and the reading of items."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import catalogue_service_pb2 as pb

from chassis.event_store.dataclass_proto import to_message
from chassis.refusals import Invalid, NotFound
from law.not_allowed import NotAllowed
from law.notices import statutory_days
from law.workdays import state_council
from services.intake.domain.catalogue.item import (
    CatalogueItem,
    ClosesOn,
    Destination,
    ItemKind,
    StepKind,
    Window,
)
from services.intake.domain.catalogue.offer import UnknownDestination
from services.intake.domain.catalogue.publications import WrongItem, WrongStreet
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry
from tests.unit.intake.desk import CLERK, CONFIGURATOR, PORTAL, Desks
from tests.unit.intake.hall import GENERAL, INSTANT, PROMISED, STREET


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    """An office of its own, on Wednesday 14 September 2016."""
    return Desks(tmp_path)


def item(of: CatalogueItem = PROMISED, **change: Any) -> catalogue_pb2.Item:
    """The message of an item, with these fields in the place of its own."""
    message = to_message(of, catalogue_pb2.Item)
    for name, value in change.items():
        setattr(message, name, value)
    return message


async def publish(desks: Desks, message: catalogue_pb2.Item, request_id: str = "item-0001") -> Any:
    """The answer to the publication of an item."""
    request = pb.PublishItemRequest(request_id=request_id, item=message)
    return await desks.call(desks.catalogue.PublishItem, CONFIGURATOR, request)


async def test_an_item_is_published_as_its_next_version(desks: Desks) -> None:
    first = await publish(desks, item(version=0))
    second = await publish(desks, item(version=0, name="计划生育服务证补办"), "item-0002")
    assert [(answer.version, answer.changed) for answer in (first, second)] == [(1, True), (2, True)]


async def test_an_equal_item_changes_nothing_and_says_so(desks: Desks) -> None:
    await publish(desks, item(version=0))
    again = await publish(desks, item(version=0), "item-0002")
    assert (again.version, again.changed) == (1, False)


async def test_a_repeated_publication_gets_the_first_answer(desks: Desks) -> None:
    first = await publish(desks, item(version=0))
    assert await publish(desks, item(version=0)) == first


async def test_a_promise_that_ends_late_on_some_days_is_published_with_these_days(desks: Desks) -> None:
    message = item(version=0, nature="公共服务", code=PROMISED.code[:19] + "442091001001")
    message.legal_limit.CopyFrom(
        catalogue_pb2.Limit(days=15, unit=catalogue_pb2.LIMIT_UNIT_CALENDAR_DAYS, article="某条例第九条")
    )
    message.promised_limit.CopyFrom(
        catalogue_pb2.Limit(days=10, unit=catalogue_pb2.LIMIT_UNIT_WORKING_DAYS, assumed=True)
    )
    answer = await publish(desks, message)
    (finding,) = answer.findings
    assert (answer.changed, finding.field, finding.rule) == (True, "promised_limit.days", "promised_within_legal")
    assert finding.sentence.startswith("承诺时限 10 个工作日有时晚于法定时限 15 日：2026年")
    assert (len(finding.days), "2016-01-29" in finding.days) == (746, True)
    assert list((await publish(desks, message, "item-0002")).findings) == [finding]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"effective_from": "2016-02-30"}, "item.effective_from"),
        ({"effective_to": "soon"}, "item.effective_to"),
    ],
)
async def test_a_day_that_no_calendar_has_is_refused_by_its_path(
    desks: Desks, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await publish(desks, item(version=0, **change))
    assert [fault.field for fault in refused.value.fields] == [field]


async def test_a_season_with_an_impossible_day_is_refused_by_its_path(desks: Desks) -> None:
    message = item(version=0)
    message.seasons.add(open_from="2016-03-01", open_to="2016-03-31")
    message.seasons.add(open_from="2016-04-01", open_to="2016-04-31")
    with pytest.raises(Invalid) as refused:
        await publish(desks, message)
    assert [fault.field for fault in refused.value.fields] == ["item.seasons[1].open_to"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"version": 7}, "item.version"),
        ({"version": 0, "effective_to": "2014-01-01"}, "item.effective_to"),
        ({"version": 0, "kind": catalogue_pb2.ITEM_KIND_INSTANT}, "item.promised_limit"),
    ],
)
async def test_an_item_that_contradicts_itself_is_refused_by_its_path(
    desks: Desks, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        await publish(desks, item(**change))
    assert refused.value.field == field


async def calendar(desks: Desks, year: int, off: list[str], request_id: str = "notice-01") -> Any:
    """The answer to the publication of a year's holidays."""
    notice = catalogue_pb2.HolidayNotice(
        year=year, number=f"试〔{year - 1}〕1号", days_off=[*map(str, statutory_days(year)), *off]
    )
    request = pb.PublishCalendarRequest(request_id=request_id, notice=notice)
    return await desks.call(desks.catalogue.PublishCalendar, CONFIGURATOR, request)


async def test_a_published_calendar_answers_with_its_version(desks: Desks) -> None:
    answer = await calendar(desks, 2027, [])
    assert answer.calendar_version.endswith("+2027.1")


@pytest.mark.parametrize(
    ("off", "field"),
    [(["2028-01-01"], "notice.days_off"), (["2027-02-30"], "notice.days_off[13]")],
)
async def test_a_day_that_a_notice_cannot_order_is_refused_by_its_path(
    desks: Desks, off: list[str], field: str
) -> None:
    with pytest.raises((NotAllowed, Invalid)) as refused:
        await calendar(desks, 2027, off)
    fields = [fault.field for fault in getattr(refused.value, "fields", ())] or [getattr(refused.value, "field", "")]
    assert fields == [field]


@pytest.mark.parametrize(("year", "known"), [(2016, True), (2026, True), (2027, False)])
async def test_the_holidays_of_a_year_are_read_where_they_are_known(desks: Desks, year: int, known: bool) -> None:
    answer = await desks.call(desks.catalogue.GetCalendar, CLERK, pb.GetCalendarRequest(year=year))
    assert answer.HasField("notice") is known
    assert answer.calendar_version
    if known:
        assert (answer.notice.year, bool(answer.notice.days_off)) == (year, True)


async def window(desks: Desks, of: Window = GENERAL, request_id: str = "window-01", **change: Any) -> Any:
    """The answer to the publication of a window."""
    message = to_message(of, catalogue_pb2.Window)
    for name, value in change.items():
        setattr(message, name, value)
    request = pb.PublishWindowRequest(request_id=request_id, window=message)
    return await desks.call(desks.catalogue.PublishWindow, CONFIGURATOR, request)


async def test_a_window_is_published_once(desks: Desks) -> None:
    assert (await window(desks)).changed
    assert not (await window(desks, request_id="window-02")).changed
    assert (await window(desks, request_id="window-03", name="综合一号窗")).changed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"street": "440106008"}, "window.street"),
        ({"street": "440105888"}, "window.street"),
        ({"street": "440105000"}, "window.street"),
        ({"street": "440105999"}, "window.street"),
        ({"open_to": "2014-01-01"}, "window.open_to"),
    ],
)
async def test_a_window_that_cannot_be_is_refused_by_its_path(desks: Desks, change: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        await window(desks, **change)
    assert refused.value.field == field


async def test_an_item_is_read_as_it_stands_on_a_day(desks: Desks) -> None:
    request = pb.GetItemRequest(item_code=PROMISED.code, on="2016-03-01", after="intake/x")
    answer = await desks.call(desks.catalogue.GetItem, CLERK, request)
    assert answer.item == item()
    assert desks.office.positions.awaited == ["intake/x"]


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (pb.GetItemRequest(item_code="9" * 31), NotFound),
        (pb.GetItemRequest(item_code=PROMISED.code, on="2016-02-30"), Invalid),
    ],
)
async def test_an_unknown_item_and_an_impossible_day_are_refused(
    desks: Desks, request_: pb.GetItemRequest, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await desks.call(desks.catalogue.GetItem, CLERK, request_)


async def test_items_are_listed_by_their_codes_page_by_page(desks: Desks) -> None:
    first = await desks.call(desks.catalogue.ListItems, CLERK, pb.ListItemsRequest(page_size=1))
    assert (len(first.items), first.total) == (1, 2)
    second = await desks.call(
        desks.catalogue.ListItems, CLERK, pb.ListItemsRequest(page_size=1, page_token=first.next_page_token)
    )
    codes = [first.items[0].code, second.items[0].code]
    assert codes == sorted([INSTANT.code, PROMISED.code])
    whole = await desks.call(desks.catalogue.ListItems, CLERK, pb.ListItemsRequest())
    assert ([each.code for each in whole.items], whole.next_page_token) == (codes, "")


@pytest.mark.parametrize("token", ["%", "_w=="])
async def test_a_page_token_that_no_answer_gave_is_refused_by_its_field(desks: Desks, token: str) -> None:
    with pytest.raises(Invalid) as refused:
        await desks.call(desks.catalogue.ListItems, CLERK, pb.ListItemsRequest(page_token=token))
    assert [fault.field for fault in refused.value.fields] == ["page_token"]


async def street(desks: Desks, code: str, name: str = "琶洲街道") -> Any:
    """The answer to the publication of a street."""
    published = catalogue_pb2.Street(code=code, name=name)
    request = pb.PublishStreetRequest(request_id=f"street-{uuid4().hex}", street=published)
    return await desks.call(desks.catalogue.PublishStreet, CONFIGURATOR, request)


async def test_a_street_is_published_once(desks: Desks) -> None:
    names = ("琶洲", "琶洲", "琶洲街道")
    assert [(await street(desks, "440105015", name)).changed for name in names] == [True, False, True]


@pytest.mark.parametrize("code", ["440106001", "440105000", "440105999"])
async def test_a_code_that_is_no_street_of_the_district_is_refused_by_its_path(desks: Desks, code: str) -> None:
    with pytest.raises(WrongStreet) as refused:
        await street(desks, code)
    assert refused.value.field == "street.code"


async def test_an_item_refers_to_a_destination_that_was_published(desks: Desks) -> None:
    refer = replace(PROMISED.route[-1], kind=StepKind.REFER)
    fields: dict[str, Any] = {"kind": ItemKind.FORWARDED, "closes_on": ClosesOn.REFERRAL, "refers_to": "housing"}
    fields["decided_by"] = "区住房保障办公室"
    forwarded = replace(PROMISED, version=0, route=(refer,), **fields)
    request = pb.PublishItemRequest(request_id="forward-01", item=to_message(forwarded, catalogue_pb2.Item))
    with pytest.raises(UnknownDestination) as refused:
        await desks.call(desks.catalogue.PublishItem, CONFIGURATOR, request)
    assert refused.value.field == "item.refers_to"
    housing = catalogue_pb2.Destination(code="housing", name="区住房保障办公室")
    for changed in (True, False):
        publication = pb.PublishDestinationRequest(request_id=f"housing-{uuid4().hex}", destination=housing)
        assert (await desks.call(desks.catalogue.PublishDestination, CONFIGURATOR, publication)).changed is changed
    entries = [
        CatalogueEntry(items=(PROMISED,)),
        CatalogueEntry(destination=Destination("housing", "区住房保障办公室")),
    ]
    desks.office.catalogue.published = Catalogue.of(state_council(), entries)
    assert (await desks.call(desks.catalogue.PublishItem, CONFIGURATOR, request)).changed


async def test_an_item_is_decided_by_the_department_that_it_is_referred_to(desks: Desks) -> None:
    refer = replace(PROMISED.route[-1], kind=StepKind.REFER)
    fields: dict[str, Any] = {"kind": ItemKind.FORWARDED, "closes_on": ClosesOn.REFERRAL, "refers_to": "housing"}
    forwarded = replace(PROMISED, version=0, route=(refer,), decided_by="区民政局", **fields)
    housing = CatalogueEntry(destination=Destination("housing", "区住房保障办公室"))
    desks.office.catalogue.published = Catalogue.of(state_council(), [housing])
    with pytest.raises(WrongItem) as refused:
        await publish(desks, to_message(forwarded, catalogue_pb2.Item))
    assert (refused.value.field, refused.value.rule) == ("item.refers_to", "referral_target")
    assert refused.value.sentence.endswith("决定机关「区民政局」与上报去向「区住房保障办公室」不一致。")
    desks.office.catalogue.published = Catalogue.of(state_council(), [CatalogueEntry(items=(forwarded,))])
    assert (await publish(desks, to_message(forwarded, catalogue_pb2.Item))).changed


def test_what_was_published_before_streets_were_still_exists() -> None:
    forwarded = replace(PROMISED, refers_to="housing")
    catalogue = Catalogue.of(state_council(), [CatalogueEntry(window=GENERAL), CatalogueEntry(items=(forwarded,))])
    assert (catalogue.streets, catalogue.destinations) == ({STREET}, {"housing": ""})


async def test_a_street_with_files_from_before_streets_were_published_goes_on(desks: Desks) -> None:
    desks.office.catalogue.in_use = {"440105017"}
    place = {"district": "440105", "street": "440105017"}
    assert (await desks.submit(PORTAL, place=place, channel="CHANNEL_ONLINE", window="")).revision == 1


async def test_pages_of_large_items_fit_into_what_a_client_takes(desks: Desks) -> None:
    codes = [f"{PROMISED.code[:-3]}{n:03}" for n in range(250)]
    entries = [CatalogueEntry(items=(replace(PROMISED, code=code, name="大" * 8000),)) for code in codes]
    desks.office.catalogue.published = Catalogue.of(state_council(), entries)
    seen: list[str] = []
    token, pages = "", 0
    while token or not pages:
        request = pb.ListItemsRequest(page_size=200, page_token=token)
        answer = await desks.call(desks.catalogue.ListItems, CLERK, request)
        assert answer.ByteSize() <= 4 * 1024 * 1024 - 64 * 1024
        assert answer.total == len(codes)
        seen += [item.code for item in answer.items]
        token, pages = answer.next_page_token, pages + 1
    assert (seen, pages) == (sorted(codes), 2)
