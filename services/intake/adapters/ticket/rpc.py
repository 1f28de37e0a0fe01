"""HallService; the files of tickets, their rows, and their parts of the service."""

from collections.abc import Mapping
from uuid import UUID

from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1.hall_service_pb2_grpc import HallServiceServicer, add_HallServiceServicer_to_server

from chassis.event_store import FileKey
from chassis.process.parts import Endpoint, Parts
from services.intake.adapters.calls import GrpcContext, command, named_place, own_place, positioned
from services.intake.adapters.codec import IntakeCodec
from services.intake.domain.catalogue.item import Line
from services.intake.domain.ticket.state import BLANK, Ticket, TicketFact, fold
from services.intake.usecases.ticket import Tickets


class HallServicer(HallServiceServicer):
    """Answers the machine that gives numbers and the windows that call them."""

    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    async def TakeTicket(self, request: hall_pb.TakeTicketRequest, _context: GrpcContext) -> hall_pb.TakeTicketResponse:
        """Gives the next number."""
        context = command("TakeTicket", request, named_place(request.place))
        changed = await self._tickets.take(context, Line(request.line))
        ticket_id = str(changed.key.file_id)
        return hall_pb.TakeTicketResponse(ticket_id=ticket_id, number=changed.state.number, position=changed.position)

    async def CallTicket(self, request: hall_pb.CallTicketRequest, _context: GrpcContext) -> hall_pb.CallTicketResponse:
        """Calls a number."""
        context = command("CallTicket", request, own_place())
        changed = await self._tickets.call(context, UUID(request.ticket_id), request.window)
        return positioned(hall_pb.CallTicketResponse(), changed)


def ticket_row(key: FileKey, revision: int, ticket: Ticket) -> Mapping[str, object]:
    """Columns of `ticket`."""
    row = {
        "district": key.district,
        "street": key.street,
        "ticket_id": key.file_id,
        "revision": revision,
        "number": ticket.number,
        "line": ticket.line,
        "taken_on": ticket.taken_on,
        "window_code": ticket.window,
    }
    return {"ticket": row}


TICKETS: IntakeCodec[Ticket, TicketFact] = IntakeCodec(TicketFact, BLANK, fold, ticket_row)


def parts(tickets: Tickets) -> Parts:
    """Calls of the hall."""
    service = hall_pb.DESCRIPTOR.services_by_name["HallService"]
    return Parts([Endpoint(service, add_HallServiceServicer_to_server, HallServicer(tickets))])
