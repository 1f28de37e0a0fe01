"""The catalogue as the district publishes it and everybody reads it, at every replica at once."""

from collections.abc import Callable
from dataclasses import replace

import grpc.aio
import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.event_store.dataclass_proto import to_message
from embedded.data_dir import DataDir
from law.notices import statutory_days
from services.intake.domain.catalogue.item import CatalogueItem, ItemStatus
from tests.service.intake.intake_service import RunningIntake, Stubs, fresh, refusal_in, running, submission
from tests.support.servers import Database, NatsServer
from tests.unit.intake import hall

NEW = replace(hall.PROMISED, code="11440105K3160578855442106009009", name="新事项", version=0)


async def publish(caller: Stubs, item: CatalogueItem) -> catalogue_pb.PublishItemResponse:
    request = catalogue_pb.PublishItemRequest(request_id=fresh(), item=to_message(item, catalogue_pb2.Item))
    return await caller.catalogue.PublishItem(request, metadata=caller.signed)


async def name_of(caller: Stubs, code: str) -> str:
    answer = await caller.catalogue.GetItem(catalogue_pb.GetItemRequest(item_code=code), metadata=caller.signed)
    return answer.item.name


async def test_versions_are_counted_and_equal_ones_change_nothing(intake: RunningIntake) -> None:
    district = intake.staff("CONFIGURATOR", "440105000")
    first = await publish(district, NEW)
    again = await publish(district, NEW)
    second = await publish(district, replace(NEW, name="新事项(修订)"))
    assert [(answer.version, answer.changed) for answer in (first, again, second)] == [
        (1, True),
        (1, False),
        (2, True),
    ]
    assert await name_of(intake.clerk(), NEW.code) == "新事项(修订)", "seen at once by who published and by all others"


async def test_a_publication_counts_at_once_at_a_replica_that_has_not_looked(
    intake: RunningIntake, server_home: DataDir, nats_server: NatsServer
) -> None:
    with running(server_home, intake.database, nats_server.url, CATALOGUE_LOOK_SECONDS="3600") as replica:
        district, clerk = intake.staff("CONFIGURATOR", "440105000"), replica.clerk()
        newest = replace(NEW, code="11440105K3160578855442106009011", name="新近事项")
        await publish(district, newest)
        assert await name_of(clerk, newest.code) == "新近事项"
        await publish(district, replace(newest, name="新近事项(修订)"))
        assert await name_of(clerk, newest.code) == "新近事项(修订)"
        listed = catalogue_pb.ListItemsRequest(page_size=200)
        names = [item.name for item in (await clerk.catalogue.ListItems(listed, metadata=clerk.signed)).items]
        assert "新近事项(修订)" in names
        suspended = replace(newest, name="新近事项(停)", status=ItemStatus.SUSPENDED)
        await publish(district, suspended)
        given = submission_pb.SubmitRequest(request_id=fresh(), submission=submission("M01", "M02", item=newest))
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await clerk.windows.Submit(given, metadata=clerk.signed)
        assert refusal_in(error.value).reason == "ITEM_NOT_ACTIVE"
        await publish(district, replace(newest, name="新近事项(恢复)"))
        await intake.publish(replace(hall.GENERAL, code="W77"))
        given.submission.window = "W77"
        taken = await clerk.windows.Submit(given, metadata=clerk.signed)
        accept = pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id)
        elsewhere = intake.clerk()
        assert (await elsewhere.windows.Accept(accept, metadata=elsewhere.signed)).revision == 2
        await replica.close()


async def test_a_matter_is_answered_by_a_replica_that_never_read_its_version(
    intake: RunningIntake, server_home: DataDir, nats_server: NatsServer
) -> None:
    with running(server_home, intake.database, nats_server.url, CATALOGUE_LOOK_SECONDS="3600") as replica:
        clerk, district = intake.clerk(), intake.staff("CONFIGURATOR", "440105000")
        item = replace(NEW, code="11440105K3160578855442106009012", name="刚发布的事项")
        await publish(district, item)
        submit = submission_pb.SubmitRequest(request_id=fresh(), submission=submission("M01", "M02", item=item))
        taken = await clerk.windows.Submit(submit, metadata=clerk.signed)
        accept, elsewhere = pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id), replica.clerk()
        assert (await elsewhere.windows.Accept(accept, metadata=elsewhere.signed)).revision == 2
        await replica.close()


async def test_items_are_listed_by_code_and_counted(intake: RunningIntake) -> None:
    clerk, codes, token = intake.clerk(), list[str](), ""
    while True:
        request = catalogue_pb.ListItemsRequest(page_size=1, page_token=token)
        answer = await clerk.catalogue.ListItems(request, metadata=clerk.signed)
        codes += [item.code for item in answer.items]
        if not (token := answer.next_page_token):
            break
    assert codes == sorted(codes)
    assert len(codes) == answer.total >= 2


async def test_a_day_that_no_calendar_has_is_named(intake: RunningIntake) -> None:
    district = intake.staff("CONFIGURATOR", "440105000")
    item = to_message(NEW, catalogue_pb2.Item)
    item.effective_from = "2016-02-30"
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await district.catalogue.PublishItem(
            catalogue_pb.PublishItemRequest(request_id=fresh(), item=item), metadata=district.signed
        )
    assert list(refusal_in(error.value).fields) == ["item.effective_from"]
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await publish(district, replace(NEW, route=()))
    assert (refusal_in(error.value).reason, list(refusal_in(error.value).fields)) == ("WRONG_ITEM", ["item.route"])


async def test_only_the_district_publishes(intake: RunningIntake) -> None:
    for caller in (intake.clerk(), intake.staff("CONFIGURATOR", "440105008")):
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await publish(caller, NEW)
        assert refusal_in(error.value).code == "PERMISSION_DENIED"


async def test_a_published_calendar_decides_the_next_dates(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> None:
    with running(server_home, create_database("intake", "intake_calendar"), nats_server.url) as intake:
        await intake.publish(hall.PROMISED, hall.GENERAL)
        district, clerk = intake.staff("CONFIGURATOR", "440105000"), intake.clerk()
        notice = catalogue_pb2.HolidayNotice(
            year=2016,
            number="国办发明电〔2015〕18号",
            days_off=[*map(str, statutory_days(2016)), "2016-09-16", "2016-09-19", "2016-09-20"],
            makeup_days=[],
        )
        request = catalogue_pb.PublishCalendarRequest(request_id=fresh(), notice=notice)
        published = await district.catalogue.PublishCalendar(request, metadata=district.signed)
        assert published.calendar_version == "state-council-2026+2016.1"
        assert await district.catalogue.PublishCalendar(request, metadata=district.signed) == published
        taken = await clerk.windows.Submit(
            submission_pb.SubmitRequest(request_id=fresh(), submission=submission()), metadata=clerk.signed
        )
        assert taken.answer_due_on == "2016-09-27"
        wrong = catalogue_pb2.HolidayNotice(year=2016, number="x", makeup_days=["2016-09-14"])
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await district.catalogue.PublishCalendar(
                catalogue_pb.PublishCalendarRequest(request_id=fresh(), notice=wrong), metadata=district.signed
            )
        assert (refusal_in(error.value).code, refusal_in(error.value).reason) == ("INVALID_ARGUMENT", "WRONG_NOTICE")
        await intake.close()
