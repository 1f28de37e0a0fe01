"""A desk is not refused for what approval has not received: an acceptance, and what the other leg says."""

from uuid import uuid4

import pytest
from google.protobuf.message import Message
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb

from chassis.event_store import FileKey, IdempotencyKey
from chassis.refusals import NotFound, NotYetHere
from services.approval.domain.case.stages import NotAtThisStage
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.support.caught_up import CAUGHT_UP, NOT_CAUGHT_UP, arriving
from tests.unit.approval.acts import DIGEST, TODAY
from tests.unit.approval.matters import CALENDAR, FORWARDED, received
from tests.unit.approval.memory_office import CASE_ID, DISTRICT_SYSTEM, HEAD, REVIEWER, SUPERVISOR, MemoryOffice
from tests.unit.approval.test_calls import AGREE, GRANTED, HEARING, claim, reviewed

CASE, ONCE = str(CASE_ID), "request-01"
CALLS = {
    "Claim": claim(),
    "Claim with a revision": claim(revision=1),
    "Release": pb.ReleaseRequest(request_id=ONCE, case_id=CASE),
    "CompleteStep": pb.CompleteStepRequest(request_id=ONCE, case_id=CASE, opinion=AGREE),
    "Refer": pb.ReferRequest(request_id=ONCE, case_id=CASE, opinion="同意"),
    "Decide": pb.DecideRequest(request_id=ONCE, case_id=CASE, outcome=GRANTED),
    "Extend": pb.ExtendRequest(request_id=ONCE, case_id=CASE, days=3, reason="核实"),
    "Pause": pb.PauseRequest(request_id=ONCE, case_id=CASE, procedure=HEARING, expected_days=3, reason="听证"),
    "Resume": pb.ResumeRequest(request_id=ONCE, case_id=CASE),
    "GetCase": pb.GetCaseRequest(case_id=CASE),
    "GetTermProof": pb.GetTermProofRequest(case_id=CASE),
}


async def answer(office: MemoryOffice, name: str, request: Message) -> object:
    """The answer, or the refusal where it is not one of a case that is not there."""
    try:
        return await office.call(getattr(office.desk, name.split(maxsplit=1)[0]), REVIEWER, request)
    except (NotFound, NotYetHere) as refused:
        return type(refused)
    except Exception as refused:
        return refused


@pytest.mark.parametrize("name", CALLS)
async def test_a_case_that_intake_has_just_accepted_is_not_unknown(name: str) -> None:
    async def accepted() -> None:
        await office.opened()

    office = MemoryOffice(catch_up=arriving(accepted))
    assert await answer(office, name, CALLS[name]) not in (NotFound, NotYetHere)
    assert await answer(MemoryOffice(catch_up=NOT_CAUGHT_UP), name, CALLS[name]) is NotYetHere
    assert await answer(MemoryOffice(catch_up=CAUGHT_UP), name, CALLS[name]) is NotFound


async def test_overseers_and_the_districts_system_are_answered_alike() -> None:
    async def accepted() -> None:
        await office.opened()

    office = MemoryOffice(catch_up=arriving(accepted))
    assert (await office.call(office.desk.GetCase, SUPERVISOR, pb.GetCaseRequest(case_id=CASE))).case
    leg = uuid4()
    report = gateway_pb.ReportProgressRequest(report_key="report-01", case_id=str(leg), stage="REVIEWING")
    district = MemoryOffice(catch_up=arriving(lambda: district.handed_over(FORWARDED, leg)))
    assert (await district.call(district.gateway.ReportProgress, DISTRICT_SYSTEM, report)).revision == 2
    behind = MemoryOffice(catch_up=NOT_CAUGHT_UP)
    with pytest.raises(NotYetHere):
        await behind.call(behind.gateway.ReportProgress, DISTRICT_SYSTEM, report)


async def test_a_head_acts_on_what_the_district_has_just_returned() -> None:
    refuse = pb.DecideRequest(request_id=ONCE, case_id=CASE, outcome=event_pb2.OUTCOME_REFUSED, reasons="不符合条件")

    async def referred(office: MemoryOffice) -> FileKey:
        key = await office.opened(FORWARDED)
        await reviewed(office)
        request = pb.ReferRequest(request_id="refer-01", case_id=CASE, opinion="同意")
        await office.call(office.desk.Refer, HEAD, request)
        return key

    async def returned() -> None:
        (report,) = return_case(received(), ReturnReport("r-1", DIGEST), TODAY)
        cause = IdempotencyKey("approval", str(uuid4()), b"")
        await office.files.change(
            FileKey("440105", "440105008", CASE_ID),
            cause,
            lambda case, _: return_on_street_leg(case, report, CALENDAR) if case else [],
            actor="office",
        )

    office = MemoryOffice(catch_up=arriving(returned))
    await referred(office)
    assert (await office.call(office.desk.Decide, HEAD, refuse)).decision_number
    for catch_up, refusal in ((NOT_CAUGHT_UP, NotYetHere), (CAUGHT_UP, NotAtThisStage)):
        other = MemoryOffice(catch_up=catch_up)
        await referred(other)
        with pytest.raises(refusal):
            await other.call(other.desk.Decide, HEAD, refuse)
