"""Lists with exact counts, and what each caller may see."""

import grpc.aio
import pytest
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from tests.service.intake.intake_service import ELSEWHERE, QUIET_STREET, RunningIntake, Stubs, fresh, submission
from tests.unit.intake import hall


async def submitted(intake: RunningIntake, *codes: str) -> submission_pb.SubmitResponse:
    clerk = intake.clerk("10017", QUIET_STREET)
    given = submission(*codes, window="", channel=2)
    given.place.street = QUIET_STREET
    return await clerk.windows.Submit(
        submission_pb.SubmitRequest(request_id=fresh(), submission=given), metadata=clerk.signed
    )


async def pages(caller: Stubs, **filters: object) -> tuple[list[str], set[int]]:
    """Every id a caller finds, page by page, and every count."""
    found, totals, token = [], set(), ""
    while True:
        request = application_pb.ListApplicationsRequest(page_token=token, page_size=3, **filters)  # type: ignore[arg-type] # a table of fields
        answer = await caller.windows.ListApplications(request, metadata=caller.signed)
        found += [listed.application_id for listed in answer.applications]
        totals.add(answer.total)
        if not (token := answer.next_page_token):
            return found, totals


async def test_a_list_is_whole_newest_first_and_counted_exactly(intake: RunningIntake) -> None:
    taken = [(await submitted(intake, "M01", "M02")).application_id for _ in range(7)]
    clerk = intake.clerk("10017", QUIET_STREET)
    assert await pages(clerk) == (taken[::-1], {7})
    await clerk.windows.Accept(pb.AcceptRequest(request_id=fresh(), application_id=taken[3]), metadata=clerk.signed)
    assert await pages(clerk, stage=3) == ([taken[3]], {1})
    assert (await pages(clerk, stage=1))[1] == {6}
    assert await pages(clerk, item_code=hall.INSTANT.code) == ([], {0})
    assert await pages(clerk, item_code=hall.PROMISED.code, stage=3) == ([taken[3]], {1})

    supervisor = intake.staff("SUPERVISOR", "440105000")
    assert taken[0] in (await pages(supervisor))[0], "who oversees the district reads every street"
    district_clerk = intake.staff("CLERK", "440105000")
    assert await pages(district_clerk) == ([], {0})
    elsewhere = intake.clerk("10009", ELSEWHERE)
    assert await pages(elsewhere) == ([], {0})


async def test_a_list_shows_names_masked_and_what_is_missing(intake: RunningIntake) -> None:
    taken = await submitted(intake, "M01")
    clerk = intake.clerk("10017", QUIET_STREET)
    answer = await clerk.windows.ListApplications(
        application_pb.ListApplicationsRequest(page_size=1), metadata=clerk.signed
    )
    (listed,) = answer.applications
    assert listed.application_id == taken.application_id
    assert (listed.applicant_masked, list(listed.missing), listed.case_id) == ("张**", ["M02"], "")
    assert [paper.material_code for paper in listed.materials] == ["M01"]


async def test_an_application_is_found_by_either_number(intake: RunningIntake) -> None:
    taken = await submitted(intake, "M01", "M02")
    clerk = intake.clerk("10017", QUIET_STREET)
    accepted = await clerk.windows.Accept(
        pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id), metadata=clerk.signed
    )
    for number in (taken.serial_number, accepted.number):
        read = await clerk.windows.GetApplication(
            application_pb.GetApplicationRequest(number=number), metadata=clerk.signed
        )
        assert read.application.application_id == taken.application_id
        assert read.application.case_id == accepted.case_id


@pytest.mark.parametrize("token", ["nonsense", "bm90IGEgdXVpZA=="])
async def test_a_token_that_no_page_gave_is_refused(intake: RunningIntake, token: str) -> None:

    clerk = intake.clerk()
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await clerk.windows.ListApplications(
            application_pb.ListApplicationsRequest(page_token=token), metadata=clerk.signed
        )
    assert error.value.code().name == "INVALID_ARGUMENT"
