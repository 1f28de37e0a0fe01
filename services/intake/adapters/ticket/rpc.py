"""HallService; the files of tickets, their rows, and their parts of the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1.hall_service_pb2_grpc import HallServiceServicer, add_HallServiceServicer_to_server

from chassis.event_store import FileKey, Scope
from chassis.postgres.database import Pool, scoped
from chassis.process.parts import Endpoint, Parts
from services.intake.adapters.calls import GrpcContext, command, hall_of, named_place, own_place, positioned
from services.intake.adapters.codec import IntakeCodec, query
from services.intake.domain.catalogue.item import Line
from services.intake.domain.ticket.queue import HallQueue, NumberOfDay
from services.intake.domain.ticket.state import BLANK, Ticket, TicketFact, fold
from services.intake.usecases.ticket import Tickets


class HallServicer(HallServiceServicer):
    """Answers the machine that gives numbers, the windows that call them and the screens that show them."""

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

    async def GetQueue(self, request: hall_pb.GetQueueRequest, _context: GrpcContext) -> hall_pb.GetQueueResponse:
        """Shows today's numbers."""
        return _queue_message(await self._tickets.queue(hall_of(request)))


@dataclass(frozen=True, slots=True)
class TicketRows:
    """Reads rows of `ticket`."""

    rpc: Pool

    async def of_day(self, scope: Scope, on: date) -> Sequence[NumberOfDay]:
        """The numbers that the hall of a street gave on a day; raises Away."""
        async with scoped(self.rpc, scope) as connection:
            rows = await connection.fetch(query("tickets_of_day"), scope.district, scope.street, on)
        return [
            NumberOfDay(row["number"], Line(row["line"]), row["window_code"], row["recorded_at"], row["seq"])
            for row in rows
        ]


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


def _queue_message(queue: HallQueue) -> hall_pb.GetQueueResponse:
    answer = hall_pb.GetQueueResponse(
        on=queue.on.isoformat(), waiting_total=queue.waiting_total, called_total=queue.called_total
    )
    for each in queue.waiting:
        answer.waiting.add(number=each.number, line=catalogue_pb2.Line.ValueType(each.line.value), taken_at=each.since)
    for each in queue.called:
        answer.called.add(number=each.number, window=each.window, called_at=each.since)
    return answer
