"""A request that comes again gets the first answer, however many times and however many at once."""

import asyncio

import asyncpg
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from tests.service.intake.intake_service import RunningIntake, fresh, submission
from tests.unit.intake import hall


async def test_fifty_equal_submissions_at_once_make_one_application(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    request = submission_pb.SubmitRequest(request_id=fresh(), submission=submission("M01"))
    answers = await asyncio.gather(*(clerk.windows.Submit(request, metadata=clerk.signed) for _ in range(50)))
    assert len({answer.SerializeToString() for answer in answers}) == 1
    assert len(answers[0].query_code) == 8, "told with every answer, stored with none"
    owner = await asyncpg.connect(intake.database.dsn())
    try:
        assert await owner.fetchval("select count(*) from fact where file_id = $1", answers[0].application_id) == 1
        stored = await owner.fetchval("select answer from cause where request_id = $1", request.request_id)
        assert answers[0].query_code.encode() not in stored
    finally:
        await owner.close()


async def test_an_instant_matter_completed_again_is_the_same_one(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    request = submission_pb.CompleteOnTheSpotRequest(
        request_id=fresh(), submission=submission("M01", "M02", item=hall.INSTANT)
    )
    first = await clerk.windows.CompleteOnTheSpot(request, metadata=clerk.signed)
    assert (first.revision, first.closed_on) == (3, "2016-09-14")
    assert first.number.startswith(hall.INSTANT.code + "20160914")
    assert await clerk.windows.CompleteOnTheSpot(request, metadata=clerk.signed) == first


async def test_a_repeat_after_more_has_happened_still_gets_the_first_answer(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    request = submission_pb.SubmitRequest(request_id=fresh(), submission=submission("M01", "M02"))
    first = await clerk.windows.Submit(request, metadata=clerk.signed)
    accept = pb.AcceptRequest(request_id=fresh(), application_id=first.application_id, revision=1)
    accepted = await clerk.windows.Accept(accept, metadata=clerk.signed)
    withdraw = pb.WithdrawRequest(request_id=fresh(), application_id=first.application_id, reason="不办了")
    await clerk.windows.Withdraw(withdraw, metadata=clerk.signed)
    assert await clerk.windows.Submit(request, metadata=clerk.signed) == first
    assert await clerk.windows.Accept(accept, metadata=clerk.signed) == accepted


async def test_numbers_given_at_once_are_all_different(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    answers = await asyncio.gather(
        *(
            clerk.windows.CompleteOnTheSpot(
                submission_pb.CompleteOnTheSpotRequest(
                    request_id=fresh(), submission=submission("M01", "M02", item=hall.INSTANT)
                ),
                metadata=clerk.signed,
            )
            for _ in range(20)
        )
    )
    assert len({answer.number for answer in answers}) == 20
    assert len({answer.serial_number for answer in answers}) == 20
    assert len({answer.query_code for answer in answers}) == 20
