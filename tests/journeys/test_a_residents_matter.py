"""A resident's matter, from the ticket to the rating, by the calls that outside clients rely on."""

from datetime import timedelta

import pytest
from onewindow.access.v1 import access_pb2 as access
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from onewindow.notify.v1 import notify_event_pb2 as notify_fact
from onewindow.notify.v1 import notify_service_pb2 as notify

from simulation.schedule import Resident
from tests.journeys.office import DISTRICT, STREET, Office, once

pytestmark = pytest.mark.journey
PLACE = desk.Place(district=DISTRICT, street=STREET)


async def test_a_promised_matter_from_the_ticket_to_the_rating(office: Office) -> None:
    desks, item, who = office.desks, office.named(catalogue.ITEM_KIND_PROMISED), office.person()
    taken = await _submitted_with_a_ticket(office, item, who)
    accept = intake.AcceptRequest(request_id=once(), application_id=taken.application_id, revision=taken.revision)
    accepted = await office.call("clerk", desks.intake.Accept, accept)
    assert accepted.number.startswith(office.items[item].code)
    await office.rest()  # the acceptance is sent before the decision can take its place

    claim = approval.ClaimRequest(request_id=once(), case_id=accepted.case_id, after=accepted.position)
    claimed = await office.call("reviewer", desks.approval.Claim, claim)
    reading = application_pb.GetApplicantRequest(read_pass=claimed.read_pass, application_id=taken.application_id)
    applicant = await office.call("reviewer", desks.intake.GetApplicant, reading)
    assert applicant.applicant.name == who.name
    await _review(office, item, accepted.case_id)
    decided = await _granted(office, accepted.case_id)

    await office.rest()
    await _receipt_and_messages(office, taken.application_id)
    collect = notify.RecordCollectionRequest(
        request_id=once(),
        application_id=taken.application_id,
        receiver_identity_number=who.identity_number,
        in_person=True,
        window="W1",
        after=decided.position,
    )
    collected = await office.call("clerk", desks.notify.RecordCollection, collect)
    assert collected.on_time
    rate = intake.RateRequest(request_id=once(), application_id=taken.application_id, grade=1, after=decided.position)
    await office.call("clerk", desks.intake.Rate, rate)
    await office.rest()
    await _everybody_reads_the_end(office, accepted, taken.query_code)


async def _submitted_with_a_ticket(office: Office, item: str, who: Resident) -> submission_pb.SubmitResponse:
    desks = office.desks
    take = hall_pb.TakeTicketRequest(request_id=once(), place=PLACE, line=office.items[item].line)
    ticket = await office.call("clerk", desks.hall.TakeTicket, take)
    call = hall_pb.CallTicketRequest(request_id=once(), ticket_id=ticket.ticket_id, window="W1")
    await office.call("clerk", desks.hall.CallTicket, call)

    submission = office.submission(item, who)
    submission.ticket_id = ticket.ticket_id
    request = submission_pb.SubmitRequest(request_id=once(), submission=submission)
    taken: submission_pb.SubmitResponse = await office.call("clerk", desks.intake.Submit, request)
    assert taken.serial_number
    assert not taken.missing
    return taken


async def _review(office: Office, item: str, case_id: str) -> None:
    """Every review step of a case whose first is claimed already."""
    for _ in [step for step in office.items[item].route if step.kind == catalogue.STEP_KIND_REVIEW][1:]:
        await _agree(office, case_id)
        again = approval.ClaimRequest(request_id=once(), case_id=case_id)
        await office.call("reviewer", office.desks.approval.Claim, again)
    await _agree(office, case_id)


async def _granted(office: Office, case_id: str) -> approval.DecideResponse:
    worklist = approval.ListWorklistRequest(post=access.POST_HEAD, page_size=200)
    waiting = await office.call("head", office.desks.approval.ListWorklist, worklist)
    assert case_id in [entry.case_id for entry in waiting.entries]
    decide = approval.DecideRequest(request_id=once(), case_id=case_id, outcome=approval_fact.OUTCOME_GRANTED)
    decided: approval.DecideResponse = await office.call("head", office.desks.approval.Decide, decide)
    assert decided.on_time
    return decided


async def _everybody_reads_the_end(office: Office, accepted: intake.AcceptResponse, query_code: str) -> None:
    desks = office.desks
    reading = application_pb.GetApplicationRequest(number=accepted.number)
    found = await office.call("clerk", desks.intake.GetApplication, reading)
    assert found.application.stage == application_pb.APPLICATION_STAGE_CLOSED
    assert (found.application.outcome, found.application.grade) == ("granted", 1)
    case = await office.call("head", desks.approval.GetCase, approval.GetCaseRequest(case_id=accepted.case_id))
    assert case.case.outcome == "granted"
    progress = metrics.GetProgressRequest(number=accepted.number, query_code=query_code)
    answer = await desks.metrics.GetProgress(progress, timeout=20.0)
    assert answer.outcome == "granted"
    assert [stage.name for stage in answer.stages]


async def _receipt_and_messages(office: Office, application_id: str) -> None:
    document = notify.GetDocumentRequest(application_id=application_id, kind=notify_fact.DOCUMENT_KIND_RECEIPT)
    receipt = await office.call("clerk", office.desks.notify.GetDocument, document)
    assert receipt.pdf.startswith(b"%PDF")
    notices = notify.ListNoticesRequest(application_id=application_id)
    sent = await office.call("clerk", office.desks.notify.ListNotices, notices)
    assert [notice.template for notice in sent.notices] == ["N01", "N07"]
    assert {notice.state for notice in sent.notices} == {notify.NOTICE_STATE_SENT}


async def test_an_extension_moves_the_same_last_day_in_the_figures_of_both(office: Office) -> None:
    accepted = await office.accepted(office.extendable())
    claim = approval.ClaimRequest(request_id=once(), case_id=accepted.case_id, after=accepted.position)
    await office.call("reviewer", office.desks.approval.Claim, claim)
    extend = approval.ExtendRequest(request_id=once(), case_id=accepted.case_id, days=10, reason="案情复杂，需要核实。")
    extended = await office.call("head", office.desks.approval.Extend, extend)
    await office.rest()
    figures = "select due_on::text from figures where number = $1"
    due_on = [(await office.rows(database, figures, accepted.number))[0][0] for database in ("intake", "approval")]
    assert due_on == [extended.promised_due_on] * 2
    assert extended.promised_due_on > accepted.promised_due_on


async def test_an_instant_matter_is_done_in_one_call(office: Office) -> None:
    item = office.named(catalogue.ITEM_KIND_INSTANT)
    request = submission_pb.CompleteOnTheSpotRequest(request_id=once(), submission=office.submission(item))
    done = await office.call("clerk", office.desks.intake.CompleteOnTheSpot, request)
    reading = application_pb.GetApplicationRequest(application_id=done.application_id)
    found = await office.call("clerk", office.desks.intake.GetApplication, reading)
    assert (found.application.outcome, found.application.closed_on) == ("completed", done.closed_on)


async def test_an_instant_matter_submitted_before_is_completed_as_well(office: Office) -> None:
    taken = await office.submitted(office.named(catalogue.ITEM_KIND_INSTANT))
    request = submission_pb.CompleteOnTheSpotRequest(request_id=once(), application_id=taken.application_id)
    done = await office.call("clerk", office.desks.intake.CompleteOnTheSpot, request)
    assert done.application_id == taken.application_id


async def test_a_referred_matter_gets_the_districts_answer(office: Office) -> None:
    accepted = await office.accepted("广东省居住证核发")
    claim = approval.ClaimRequest(request_id=once(), case_id=accepted.case_id, after=accepted.position)
    await office.call("reviewer", office.desks.approval.Claim, claim)
    await _agree(office, accepted.case_id)
    refer = approval.ReferRequest(request_id=once(), case_id=accepted.case_id, opinion="材料齐全，建议核发。")
    referred = await office.call("reviewer", office.desks.approval.Refer, refer)
    await office.rest()
    leg = await _rows_of(office, referred.linked_case_id)
    assert leg["district_number"]

    today = office.clock.now().date()
    await office.advance(f"{today + timedelta(days=10)}")
    reading = approval.GetCaseRequest(case_id=accepted.case_id)
    case = await office.call("head", office.desks.approval.GetCase, reading)
    assert (case.case.outcome, case.case.on_time) == ("granted", True)


async def _agree(office: Office, case_id: str) -> None:
    opinion = approval.CompleteStepRequest(
        request_id=once(), case_id=case_id, opinion=approval_fact.OPINION_AGREE, remark="同意"
    )
    await office.call("reviewer", office.desks.approval.CompleteStep, opinion)


async def _rows_of(office: Office, case_id: str) -> dict[str, object]:
    rows = await office.rows("approval", "select * from case_file where case_id = $1", case_id)
    assert len(rows) == 1
    return dict(rows[0])
