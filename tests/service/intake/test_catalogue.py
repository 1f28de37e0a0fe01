"""The catalogue as the district publishes it and everybody reads it, in every replica within a second."""

import asyncio
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
from services.intake.domain.catalogue.item import CatalogueItem
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


async def test_a_replica_knows_within_a_second(
    intake: RunningIntake, server_home: DataDir, nats_server: NatsServer
) -> None:
    with running(server_home, intake.database, nats_server.url) as replica:
        later = replace(NEW, code="11440105K3160578855442106009010", name="后来的事项")
        await publish(intake.staff("CONFIGURATOR", "440105000"), later)
        async with asyncio.timeout(10):
            while True:
                try:
                    assert await name_of(replica.clerk(), later.code) == "后来的事项"
                    break
                except grpc.aio.AioRpcError as error:
                    assert error.code() is grpc.StatusCode.NOT_FOUND
        await replica.close()


async def test_a_replica_that_has_not_looked_answers_by_what_the_position_names(
    intake: RunningIntake, server_home: DataDir, nats_server: NatsServer
) -> None:
    with running(server_home, intake.database, nats_server.url, CATALOGUE_LOOK_SECONDS="3600") as replica:
        clerk, newest = replica.clerk(), replace(NEW, code="11440105K3160578855442106009011", name="新近事项")
        after = (await publish(intake.staff("CONFIGURATOR", "440105000"), newest)).position
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await name_of(clerk, newest.code)
        assert refusal_in(error.value).code == "NOT_FOUND", "so that what follows has something to read"
        given = submission("M01", "M02", item=newest)
        submit = submission_pb.SubmitRequest(request_id=fresh(), submission=given, after=after)
        assert (await clerk.windows.Submit(submit, metadata=clerk.signed)).revision == 1
        changed = await publish(intake.staff("CONFIGURATOR", "440105000"), replace(newest, name="新近事项(修订)"))
        assert await name_of(clerk, newest.code) == "新近事项"
        request = catalogue_pb.GetItemRequest(item_code=newest.code, after=changed.position)
        answer = await clerk.catalogue.GetItem(request, metadata=clerk.signed)
        assert (answer.item.name, answer.item.version) == ("新近事项(修订)", 2)
        await replica.close()


async def test_a_matter_taken_under_a_version_not_read_here_is_not_here_yet(
    intake: RunningIntake, server_home: DataDir, nats_server: NatsServer
) -> None:
    with running(server_home, intake.database, nats_server.url, CATALOGUE_LOOK_SECONDS="3600") as replica:
        clerk, district = intake.clerk(), intake.staff("CONFIGURATOR", "440105000")
        item = replace(NEW, code="11440105K3160578855442106009012", name="刚发布的事项")
        await publish(district, item)
        submit = submission_pb.SubmitRequest(request_id=fresh(), submission=submission("M01", "M02", item=item))
        taken = await clerk.windows.Submit(submit, metadata=clerk.signed)
        accept, elsewhere = pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id), replica.clerk()
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await elsewhere.windows.Accept(accept, metadata=elsewhere.signed)
        assert (refusal_in(error.value).code, refusal_in(error.value).reason) == ("UNAVAILABLE", "NOT_YET_HERE")
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
            days_off=["2016-09-15", "2016-09-16", "2016-09-19", "2016-09-20"],
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
