"""Sweeps of the days: deemed acceptance, corrections that did not come, and the figures of all of it."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import asyncpg
import grpc.aio
import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_event_pb2 as event_pb2
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.clock import SHANGHAI
from embedded.data_dir import DataDir
from services.intake.domain.catalogue.item import CatalogueItem
from tests.service.intake.days import days_pass, facts_of, read
from tests.service.intake.intake_service import RunningIntake, fresh, refusal_in, running, submission, take_ticket
from tests.support.servers import Database, NatsServer
from tests.unit.intake import hall


@pytest.fixture(scope="module")
async def intake(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> AsyncIterator[RunningIntake]:
    """Intake whose clock these tests turn."""
    with running(server_home, create_database("intake", "intake_days"), nats_server.url) as service:
        await service.publish(hall.PROMISED, hall.INSTANT, hall.GENERAL)
        yield service
        await service.close()


async def test_the_days_answer_what_the_office_did_not(intake: RunningIntake) -> None:
    clerk = intake.clerk()

    async def submit(*codes: str, item: CatalogueItem = hall.PROMISED) -> str:
        request = submission_pb.SubmitRequest(request_id=fresh(), submission=submission(*codes, item=item))
        return (await clerk.windows.Submit(request, metadata=clerk.signed)).application_id

    silent, answered, instant, demanded = (
        await submit(),
        await submit("M01", "M02"),
        await submit("M01", item=hall.INSTANT),
        await submit(),
    )
    await clerk.windows.Accept(pb.AcceptRequest(request_id=fresh(), application_id=answered), metadata=clerk.signed)
    shortfalls = [pb.ShortfallInput(material_code=code, defect="未提交") for code in ("M01", "M02")]
    await clerk.windows.RequestCorrection(
        pb.RequestCorrectionRequest(request_id=fresh(), application_id=demanded, shortfalls=shortfalls),
        metadata=clerk.signed,
    )
    await days_pass(intake, datetime(2016, 9, 22, 9, 0, tzinfo=SHANGHAI))
    assert (await read(intake, silent)).stage == 1, "the last day is the office's own"

    await days_pass(intake, datetime(2016, 10, 20, 9, 0, tzinfo=SHANGHAI))
    deemed = await read(intake, silent)
    assert (deemed.ground, deemed.accepted_on) == (event_pb2.ACCEPTANCE_GROUND_DEEMED, "2016-09-14")
    assert deemed.promised_due_on == "2016-09-29"
    assert deemed.number.startswith(hall.PROMISED.code + "20161020"), "the number is of the day it is recorded"
    assert (await read(intake, answered)).ground == event_pb2.ACCEPTANCE_GROUND_COMPLETE
    assert (await read(intake, instant)).case_id, "an instant matter without an answer goes to a desk"
    lapsed = await read(intake, demanded)
    assert (lapsed.stage, lapsed.outcome, lapsed.closed_on) == (6, "lapsed", "2016-10-15")

    facts = await facts_of(intake, silent)
    assert [fact.occurred_on for fact in facts] == ["2016-09-14", "2016-09-23"], "a late sweep keeps the true day"
    assert facts[1].actor.staff_no == "office"


async def test_a_ticket_may_bring_two_matters_on_its_day_and_none_on_another(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    intake.set_clock(datetime(2016, 10, 20, 9, 30, tzinfo=SHANGHAI))
    ticket_id = await take_ticket(clerk, line=catalogue_pb2.LINE_FAMILY_PLANNING)
    call = hall_pb.CallTicketRequest(request_id=fresh(), ticket_id=ticket_id, window="W1")
    await clerk.hall.CallTicket(call, metadata=clerk.signed)
    given = submission("M01", "M02", ticket_id=ticket_id)
    first_request, more, again = (submission_pb.SubmitRequest(request_id=fresh(), submission=given) for _ in range(3))
    first = await clerk.windows.Submit(first_request, metadata=clerk.signed)
    await clerk.windows.Submit(more, metadata=clerk.signed)
    intake.set_clock(datetime(2016, 10, 21, 9, 0, tzinfo=SHANGHAI))
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await clerk.windows.Submit(again, metadata=clerk.signed)
    said = refusal_in(error.value)
    assert (said.code, said.reason) == ("FAILED_PRECONDITION", "TICKET_OF_ANOTHER_DAY")
    assert list(said.fields) == ["submission.ticket_id"]
    assert await clerk.windows.Submit(first_request, metadata=clerk.signed) == first, "a repeat gets the first answer"


async def test_the_figures_have_one_row_an_application_and_no_synthetic_one(intake: RunningIntake) -> None:
    intake.set_clock(datetime(2016, 10, 21, 10, 0, tzinfo=SHANGHAI))
    probe = intake.system("PROBE")
    given = submission("M01", "M02", item=hall.INSTANT, window="", channel=2)
    given.place.street = "440105999"
    await probe.windows.Submit(submission_pb.SubmitRequest(request_id=fresh(), submission=given), metadata=probe.signed)
    clerk = intake.clerk()
    done = await clerk.windows.CompleteOnTheSpot(
        submission_pb.CompleteOnTheSpotRequest(
            request_id=fresh(), submission=submission("M01", "M02", item=hall.INSTANT)
        ),
        metadata=clerk.signed,
    )
    owner = await asyncpg.connect(intake.database.dsn())
    try:
        rows = await owner.fetch("select * from figures")
        applications = await owner.fetchval("select count(*) from application")
    finally:
        await owner.close()
    assert len(rows) == applications - 1
    (row,) = [row for row in rows if row["number"] == done.number]
    assert list(row.keys())[:9] == [
        "number", "item", "received_on", "accepted_on", "due_on", "closed_on", "outcome", "on_time", "early",
    ]  # fmt: skip # the order is part of what others rely on
    assert (row["outcome"], row["on_time"], row["early"]) == ("completed", True, True)
    outcomes = {row["outcome"] for row in rows}
    assert outcomes == {None, "lapsed", "completed"}
