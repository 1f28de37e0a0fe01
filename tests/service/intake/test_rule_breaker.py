"""All that a district publishes, sent with one rule of the law broken: refused by field and rule, nothing changed."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import catalogue_service_pb2 as pb

from catalogue.check import check, load, load_halls
from catalogue.wire import destination_messages, hall_message, item_message, street_messages, window_messages
from embedded.data_dir import DataDir
from law.notices import normal_number, state_council
from tests.service.intake import laws_of_publication as laws
from tests.service.intake import whole_publications as whole
from tests.service.intake.breaks import Law, limits
from tests.service.intake.intake_service import DISTRICT, RunningIntake, Stubs, fresh, running
from tests.service.intake.laws_of_publication import CALENDAR_LAWS, HALL_LAWS, ITEM_LAWS, PLACE_LAWS, WINDOW_LAWS
from tests.support.servers import Database, NatsServer
from tests.support.told_value import tells, value_at
from tests.support.wire_refusal import refusal_of

pytestmark = pytest.mark.integration
SHIPPED = Path(str(files("catalogue")))
CODES = {"FAILED_PRECONDITION", "INVALID_ARGUMENT"}
_KINDS = {
    catalogue.Item: "item",
    catalogue.HolidayNotice: "notice",
    catalogue.Window: "window",
    catalogue.Hall: "hall",
    catalogue.Street: "street",
    catalogue.Destination: "destination",
}
LAWS = (*ITEM_LAWS, *CALENDAR_LAWS, *WINDOW_LAWS, *HALL_LAWS, *PLACE_LAWS)
CASES = [pytest.param(law, id=f"{n} {_KINDS[type(law.whole())]} {law.field} {law.rule}") for n, law in enumerate(LAWS)]


@pytest.fixture(scope="session")
async def office(intake: RunningIntake) -> RunningIntake:
    """Intake with the street and the department that whole publications name."""
    await publish_places(intake)
    return intake


async def send(intake: RunningIntake, message: Any) -> Any:
    """The answer to the publication of a message, whatever it is."""
    district = intake.staff("CONFIGURATOR", DISTRICT)
    name, kind = {catalogue.HolidayNotice: "Calendar"}.get(type(message), type(message).__name__), _KINDS[type(message)]
    request = getattr(pb, f"Publish{name}Request")(request_id=fresh(), **{kind: message})
    return await getattr(district.catalogue, f"Publish{name}")(request, metadata=district.signed)


async def publish_places(intake: RunningIntake) -> None:
    """The street and the departments that whole and shipped publications name."""
    streets, documents = check(SHIPPED / "streets.yaml").streets, load(SHIPPED / "items")
    for place in (whole.street(), *street_messages(streets), *destination_messages(documents)):
        await send(intake, place)


async def refused(intake: RunningIntake, message: Any) -> tuple[str, str, dict[str, str]]:
    """Code, reason and the rule by field of the refusal of a publication."""
    told = await refusal_of(send(intake, message))
    return told.code, told.why.reason, {each.field: each.reason for each in told.fields}


async def stored(intake: RunningIntake) -> tuple[list[asyncpg.Record], list[asyncpg.Record]]:
    """What intake has of its catalogue and of facts to publish."""
    connection = await asyncpg.connect(intake.database.dsn())
    try:
        entries = await connection.fetch("select * from catalogue_entry order by district, street, entry_id")
        return entries, await connection.fetch("select count(*) from fact")
    finally:
        await connection.close()


def spellings(value: Any) -> list[Any]:
    """A value as it was published, and as a sentence may have it: a number in one spelling, a destination by name."""
    named = {"housing": "区住房保障办公室"}
    return [value, normal_number(value), named.get(value, value)] if value and isinstance(value, str) else [value]


@pytest.mark.parametrize("law", CASES)
async def test_a_publication_that_breaks_one_rule_is_refused_by_field_rule_and_value_and_changes_nothing(
    office: RunningIntake, law: Law
) -> None:
    before = await stored(office)
    told = await refusal_of(send(office, law.broken()))
    assert told.code in CODES
    assert told.why.reason
    at_field = [each for each in told.fields if each.field == f"{_KINDS[type(law.whole())]}.{law.field}"]
    assert law.rule in [each.reason for each in at_field], told.fields
    value = value_at(law.broken(), law.field)
    for each in at_field:
        assert any(tells(each.description, written) for written in spellings(value)), each
    assert await stored(office) == before


def test_each_rule_breaks_a_publication_that_is_whole_without_it() -> None:
    for law in LAWS:
        assert law.broken() != law.whole(), law


@pytest.mark.parametrize(("what", "lawful"), laws.LAWFUL_ITEMS)
async def test_a_whole_item_is_published(
    intake: RunningIntake, what: str, lawful: Callable[[], catalogue.Item]
) -> None:
    assert (await send(intake, lawful())).changed, what


@pytest.mark.parametrize(("promise", "legal"), laws.LAWFUL_LIMITS)
async def test_a_promise_within_the_law_is_published(
    intake: RunningIntake, promise: catalogue.Limit, legal: catalogue.Limit
) -> None:
    item = whole.promised()
    limits(promise, legal)(item)
    item.code = f"{whole.BODY}54401910{promise.days:03}{legal.days:02}"
    assert (await send(intake, item)).changed


async def test_the_whole_shipped_catalogue_and_every_shipped_year_is_published(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> None:
    with running(server_home, create_database("intake", "intake_shipped"), nats_server.url) as intake:
        await publish_places(intake)
        for hall in load_halls(SHIPPED):
            assert (await send(intake, hall_message(hall))).changed
            assert not (await send(intake, hall_message(hall))).changed
            for window in window_messages(hall):
                assert (await send(intake, window)).changed
        for item in load(SHIPPED / "items"):
            assert (await send(intake, item_message(item))).changed
        for notice in state_council()[1]:
            if not notice.amends:
                off = [str(day) for holiday in notice.holidays for day in holiday.off]
                makeup = [str(day) for holiday in notice.holidays for day in holiday.makeup]
                message = catalogue.HolidayNotice(
                    year=notice.year, number=notice.number, days_off=off, makeup_days=makeup
                )
                assert (await send(intake, message)).calendar_version
        await intake.close()


async def test_a_second_notice_replaces_its_own_year_and_no_other(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> None:
    with running(server_home, create_database("intake", "intake_notices"), nats_server.url) as intake:
        await publish_places(intake)
        clerk = intake.clerk()
        years = {year: await holidays(clerk, year) for year in range(2007, 2027)}
        await send(intake, whole.notice())
        assert await holidays(clerk, 2027) == whole.notice()
        again = whole.notice()
        again.days_off.append(str(laws.NOTICES_AGAIN))
        again.number = "国办发明电［2026］ ９ 号"
        await send(intake, again)
        again.number = "国办发明电〔2026〕9号"
        again.days_off[:] = sorted(again.days_off)
        assert await holidays(clerk, 2027) == again
        emptied = whole.notice()
        del emptied.days_off[:], emptied.makeup_days[:]
        assert (await refused(intake, emptied))[1] == "WRONG_NOTICE"
        assert await holidays(clerk, 2027) == again
        assert {year: await holidays(clerk, year) for year in range(2007, 2027)} == years
        await intake.close()


async def test_what_is_in_force_stays_in_force_and_is_published_again_as_it_is(intake: RunningIntake) -> None:
    item = whole.promised()
    item.code = whole.BODY + "5440191009001"
    assert (await send(intake, item)).version == 1
    assert not (await send(intake, item)).changed
    item.name = "临时占道审批（修订）"
    assert (await send(intake, item)).version == 2


async def holidays(clerk: Stubs, year: int) -> catalogue.HolidayNotice | None:
    """The holidays of a year as they are read, with the number in its normal form."""
    answer = await clerk.catalogue.GetCalendar(pb.GetCalendarRequest(year=year), metadata=clerk.signed)
    return answer.notice if answer.HasField("notice") else None
