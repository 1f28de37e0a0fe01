"""HallService: numbers taken and called."""

from typing import Any, TypeAlias
from uuid import UUID

from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1.hall_service_pb2_grpc import HallServiceServicer

from services.intake.adapters.answers import placed
from services.intake.adapters.asking import asked, named_place, own_place
from services.intake.domain.item import Line
from services.intake.usecases.hall import Hall

Context: TypeAlias = Any  # the acts never touch it


class HallServicer(HallServiceServicer):
    """Answers the machine that gives numbers and the windows that call them."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def TakeTicket(self, request: hall_pb.TakeTicketRequest, _context: Context) -> hall_pb.TakeTicketResponse:
        """Gives the next number."""
        wish = asked("TakeTicket", request, named_place(request.place))
        changed = await self._hall.take_ticket(wish, Line(request.line))
        return hall_pb.TakeTicketResponse(
            ticket_id=str(changed.key.file_id), number=changed.state.number, position=changed.position
        )

    async def CallTicket(self, request: hall_pb.CallTicketRequest, _context: Context) -> hall_pb.CallTicketResponse:
        """Calls a number."""
        wish = asked("CallTicket", request, own_place())
        changed = await self._hall.call_ticket(wish, UUID(request.ticket_id), request.window)
        return placed(hall_pb.CallTicketResponse(), changed)
