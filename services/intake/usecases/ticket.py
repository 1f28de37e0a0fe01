"""Tickets of a hall: taken, called and shown."""

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from chassis.event_store import Changed, Drawn, FileKey, FileRepository
from chassis.refusals import NotFound
from chassis.scope import Scope
from services.intake.domain import numbers
from services.intake.domain.catalogue.item import Line
from services.intake.domain.catalogue.offer import HallWindow
from services.intake.domain.ticket.call_ticket import call_ticket, require_opens_today, take_ticket
from services.intake.domain.ticket.queue import HallQueue, hall_queue
from services.intake.domain.ticket.state import Ticket, TicketFact
from services.intake.ports import TicketTable
from services.intake.usecases.office import CommandContext, HallOffice


class Tickets:
    """Acts on the tickets of a hall, and its queue of at most `shown` numbers of each kind."""

    def __init__(
        self, files: FileRepository[Ticket, TicketFact], office: HallOffice, table: TicketTable, shown: int
    ) -> None:
        self._files = files
        self._office = office
        self._table = table
        self._shown = shown

    async def take(self, context: CommandContext, line: Line) -> Changed[Ticket]:
        """Give the next number of the day for a line of the hall.

        Raises UnknownStreet, NoHallHere, LineOfAnotherDesk; HallClosed and HallClosedFurther where hours are published.
        """
        key, today = context.key(uuid7()), (await self._office.opened()).on
        series = numbers.ticket_series(key.street, line, today)
        street, hall = await self._office.street(key.scope), self._office.published_hall(key.street)

        def decide(_: Ticket, drawn: Drawn) -> Sequence[TicketFact]:
            street.require("place.street")
            context.require_line(line, "line")
            if hall.hours is not None:
                require_opens_today(hall.now, hall.opens)
            return [take_ticket(line, drawn[series], today)]

        return await self._files.change(key, context.cause, decide, actor=context.actor, serials=[series])

    async def find(self, key: FileKey) -> Ticket | None:
        """The ticket as it was taken; None when the hall of the place gave none. Raises Away."""
        try:
            return (await self._files.read(key)).state
        except NotFound:
            return None

    async def queue(self, hall: Scope) -> HallQueue:
        """Today's numbers of the hall of a street; raises UnknownStreet, NoHallHere, Away."""
        today = (await self._office.opened()).on
        (await self._office.street(hall)).require("place.street")
        return hall_queue(today, await self._table.of_day(hall, today), self._shown)

    async def call(self, context: CommandContext, ticket_id: UUID, window: str) -> Changed[Ticket]:
        """Call a number to a window that serves its line."""
        key, today = context.key(ticket_id), (await self._office.opened()).on

        def decide(state: Ticket, _: Drawn) -> Sequence[TicketFact]:
            if not state.number:
                raise NotFound("未找到该号码。")
            context.require_line(state.line, "ticket_id")
            return [call_ticket(state, HallWindow(key.street, window), self._office.catalogue(), today)]

        return await self._files.change(key, context.cause, decide, actor=context.actor)
