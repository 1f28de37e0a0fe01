"""Corrections as they run: days of receipt and acceptance, supplements, and declining while one is awaited."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import asyncpg
import grpc.aio
import pytest
from onewindow.intake.v1 import intake_event_pb2 as event_pb2
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.clock import SHANGHAI
from embedded.data_dir import DataDir
from tests.service.intake.days import days_pass, facts_of, read
from tests.service.intake.intake_service import DISTRICT, RunningIntake, fresh, paper, refusal_in, running, submission
from tests.support.servers import Database, NatsServer
from tests.unit.intake import hall


@pytest.fixture(scope="module")
async def intake(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer
) -> AsyncIterator[RunningIntake]:
    """Intake whose clock these tests turn."""
    with running(server_home, create_database("intake", "intake_corrections"), nats_server.url) as service:
        await service.publish(hall.PROMISED, hall.GENERAL)
        yield service
        await service.close()


def at(intake: RunningIntake, year: int, month: int, day: int, hour: int, minute: int) -> None:
    intake.set_clock(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))


async def submit(intake: RunningIntake, *codes: str) -> submission_pb.SubmitResponse:
    clerk = intake.clerk()
    request = submission_pb.SubmitRequest(request_id=fresh(), submission=submission(*codes))
    return await clerk.windows.Submit(request, metadata=clerk.signed)


async def act(intake: RunningIntake, name: str, application_id: str, **given: Any) -> Any:  # the answer of the call
    clerk = intake.clerk()
    request = getattr(pb, f"{name}Request")(request_id=fresh(), application_id=application_id, **given)
    return await getattr(clerk.windows, name)(request, metadata=clerk.signed)


async def demand(intake: RunningIntake, application_id: str, *codes: str) -> pb.RequestCorrectionResponse:
    shortfalls = [pb.ShortfallInput(material_code=code, defect=f"{code}未盖章") for code in codes]
    answer: pb.RequestCorrectionResponse = await act(intake, "RequestCorrection", application_id, shortfalls=shortfalls)
    return answer


async def supply(intake: RunningIntake, application_id: str, *codes: str) -> pb.SupplyCorrectionResponse:
    answer: pb.SupplyCorrectionResponse = await act(
        intake, "SupplyCorrection", application_id, materials=[paper(code) for code in codes]
    )
    return answer


async def demanded(intake: RunningIntake) -> str:
    taken = (await submit(intake)).application_id
    await demand(intake, taken, "M01", "M02")
    return taken


FRIDAY_EVENING, SATURDAY = (2016, 9, 23, 19, 0), (2016, 9, 24, 10, 0)


async def test_a_corrected_matter_has_one_day_of_receipt_and_of_acceptance(intake: RunningIntake) -> None:
    at(intake, 2016, 9, 23, 10, 0)
    matters = [await demanded(intake) for _ in range(4)]
    for moment, pair in ((FRIDAY_EVENING, matters[:2]), (SATURDAY, matters[2:])):
        at(intake, *moment)
        for matter in pair:
            part = await supply(intake, matter, "M01")
            assert (part.answer_due_on, part.received_on) == ("", "")
            whole = await supply(intake, matter, "M02")
            assert (whole.answer_due_on, whole.received_on) == ("2016-10-08", "2016-09-26")
        assert (await submit(intake)).answer_due_on == "2016-10-08", "as a submission of the same minute"
    at(intake, 2016, 9, 29, 10, 0)
    for clicked in matters[::2]:
        accepted = await act(intake, "Accept", clicked)
        assert (accepted.accepted_on, accepted.number[-12:-4]) == ("2016-09-26", "20160929")
        fact = (await facts_of(intake, clicked))[-1]
        assert (fact.occurred_on, fact.application_accepted.received_on) == ("2016-09-29", "2016-09-23")
    await days_pass(intake, datetime(2016, 10, 9, 9, 0, tzinfo=SHANGHAI))
    applications = [await read(intake, matter) for matter in matters]
    corrected, deemed = event_pb2.ACCEPTANCE_GROUND_CORRECTED, event_pb2.ACCEPTANCE_GROUND_DEEMED
    assert [each.ground for each in applications] == [corrected, deemed] * 2
    for day in ("received_on", "accepted_on", "promised_due_on", "legal_due_on"):
        assert len({getattr(each, day) for each in applications}) == 1
    owner = await asyncpg.connect(intake.database.dsn())
    try:
        rows = await owner.fetch(
            "select received_on::text, accepted_on::text from figures where number = any ($1)",
            [each.number for each in applications],
        )
    finally:
        await owner.close()
    assert [tuple(row) for row in rows] == [("2016-09-23", "2016-09-26")] * 4, "of the first receipt, as in the fact"


async def test_what_is_still_defective_is_demanded_again_and_nothing_else(intake: RunningIntake) -> None:
    at(intake, 2016, 10, 20, 10, 0)
    matter = (await submit(intake)).application_id
    notice = await demand(intake, matter, "M01", "M02")
    at(intake, 2016, 10, 24, 10, 0)
    await supply(intake, matter, "M01", "M02")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await demand(intake, matter, "M01", "M04")
    said = refusal_in(error.value)
    assert (said.reason, said.article, list(said.fields)) == (
        "CORRECTION_REQUESTED_BEFORE", "行政许可法 72", ["shortfalls"],
    )  # fmt: skip # one refusal
    assert said.sentence.endswith("不得列入：M04 委托书。")
    for number in (1, 2):
        again = await demand(intake, matter, "M02")
        assert (again.notice_number, again.supplement, again.supply_by) == (notice.notice_number, number, "2016-11-23")
        assert (await supply(intake, matter, "M02")).received_on == "2016-10-24"
    first = await demand(intake, (await submit(intake)).application_id, "M01", "M02")
    serials = [int(each.notice_number[-5:-1]) for each in (notice, first)]
    assert serials[1] == serials[0] + 1, "a supplement takes no number"
    names = [
        shortfall.defect.name
        for fact in await facts_of(intake, matter)
        for shortfall in fact.correction_requested.shortfalls
    ]
    assert names == ["correction.M01", "correction.M02", "correction.1.M02", "correction.2.M02"]


async def test_a_supplement_that_is_not_met_ends_the_matter_after_its_own_days(intake: RunningIntake) -> None:
    at(intake, 2016, 11, 1, 10, 0)
    matter = await demanded(intake)
    at(intake, 2016, 12, 1, 23, 59)
    assert (await supply(intake, matter, "M01", "M02")).received_on == "2016-12-02", "in time, on the last day"
    at(intake, 2016, 12, 2, 10, 0)
    assert (await demand(intake, matter, "M01")).supply_by == "2017-01-03", "the first of January is a holiday"
    await days_pass(intake, datetime(2017, 1, 3, 23, 59, tzinfo=SHANGHAI))
    assert (await read(intake, matter)).stage == 2
    await days_pass(intake, datetime(2017, 1, 4, 9, 0, tzinfo=SHANGHAI))
    ended = await read(intake, matter)
    assert (ended.stage, ended.outcome, ended.closed_on) == (6, "lapsed", "2017-01-04")


async def test_a_matter_is_declined_while_its_correction_is_awaited(intake: RunningIntake) -> None:
    at(intake, 2017, 2, 13, 10, 0)
    matter = await demanded(intake)
    at(intake, 2017, 2, 20, 10, 0)
    ground = event_pb2.DECLINE_GROUND_NOT_OURS
    await act(intake, "Decline", matter, ground=ground, reason="不属于街道职权", proper_organ="区住房和建设局")
    await days_pass(intake, datetime(2017, 3, 20, 9, 0, tzinfo=SHANGHAI))
    ended = await read(intake, matter)
    assert (ended.stage, ended.outcome, ended.closed_on) == (4, "declined", "2017-02-20")


@pytest.mark.parametrize("name", ["RequestCorrection", "SupplyCorrection", "Decline"])
async def test_the_district_asks_the_applicant_for_nothing(intake: RunningIntake, name: str) -> None:
    at(intake, 2017, 2, 6, 10, 0)
    matter = (await submit(intake)).application_id
    given: dict[str, Any] = {
        "RequestCorrection": {"shortfalls": [pb.ShortfallInput(material_code="M01", defect="未盖章")]},
        "SupplyCorrection": {"materials": [paper("M01")]},
        "Decline": {"ground": event_pb2.DECLINE_GROUND_NOT_NEEDED, "reason": "无需许可"},
    }
    request = getattr(pb, f"{name}Request")(request_id=fresh(), application_id=matter, **given[name])
    before = len(await facts_of(intake, matter))
    for post in ("CLERK", "REVIEWER", "HEAD"):
        desk = intake.staff(post, DISTRICT)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await getattr(desk.windows, name)(request, metadata=desk.signed)
        expected = grpc.StatusCode.NOT_FOUND if post == "CLERK" else grpc.StatusCode.PERMISSION_DENIED
        assert refused.value.code() is expected
    assert len(await facts_of(intake, matter)) == before


async def test_a_last_day_in_a_year_without_a_notice_is_told_as_provisional(intake: RunningIntake) -> None:
    at(intake, 2026, 11, 2, 10, 0)
    firm = await demand(intake, (await submit(intake)).application_id, "M01", "M02")
    assert (firm.supply_by[:7], firm.provisional) == ("2026-12", False)
    at(intake, 2026, 12, 1, 10, 0)
    matter = (await submit(intake)).application_id
    notice = await demand(intake, matter, "M01", "M02")
    assert (notice.supply_by, notice.provisional) == ("2026-12-31", True), "a notice may order rest for late December"
    assert not (await supply(intake, matter, "M01")).provisional, "something is missing, and no day is told"
    at(intake, 2026, 12, 28, 10, 0)
    whole = await supply(intake, matter, "M02")
    assert (whole.answer_due_on[:4], whole.provisional) == ("2027", True)
    assert (await demand(intake, matter, "M01")).provisional
