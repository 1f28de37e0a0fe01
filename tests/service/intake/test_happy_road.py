"""From the slip of the machine to acceptance, as a window calls it."""

from onewindow.catalogue.v1.catalogue_pb2 import LINE_FAMILY_PLANNING
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from tests.service.intake.intake_service import STREET, RunningIntake, fresh, submission


async def test_a_ticket_is_taken_called_and_its_matter_accepted(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    place = Place(district="440105", street=STREET)
    ticket = await clerk.hall.TakeTicket(
        hall_pb.TakeTicketRequest(request_id=fresh(), place=place, line=LINE_FAMILY_PLANNING),
        metadata=clerk.signed,
    )
    assert ticket.number == "E001"
    await clerk.hall.CallTicket(
        hall_pb.CallTicketRequest(request_id=fresh(), ticket_id=ticket.ticket_id, window="W2"),
        metadata=clerk.signed,
    )
    taken = await clerk.windows.Submit(
        submission_pb.SubmitRequest(
            request_id=fresh(), submission=submission("M01", "M02", ticket_id=ticket.ticket_id)
        ),
        metadata=clerk.signed,
    )
    assert taken.serial_number.startswith("4401050080006001001160914")
    assert (taken.answer_due_on, list(taken.missing), taken.revision) == ("2016-09-22", [], 1)
    accepted = await clerk.windows.Accept(
        pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id, revision=1), metadata=clerk.signed
    )
    assert accepted.promised_due_on == "2016-09-29"
    read = await clerk.windows.GetApplication(
        application_pb.GetApplicationRequest(number=accepted.number), metadata=clerk.signed
    )
    assert read.application.applicant_masked == "张**"
    assert read.application.number == accepted.number
    assert read.position == accepted.position
