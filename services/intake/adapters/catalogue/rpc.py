"""CatalogueService, published by the district and read by everybody; and the catalogue's parts of the service."""

import re
from typing import Any, TypeVar

from google.protobuf.message import Message
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import catalogue_service_pb2 as pb
from onewindow.intake.v1.catalogue_service_pb2_grpc import (
    CatalogueServiceServicer,
    add_CatalogueServiceServicer_to_server,
)

from chassis.event_store.dataclass_proto import MismatchedField, to_dataclass, to_message
from chassis.process.parts import Endpoint, Parts, ServiceContext
from chassis.refusals import Invalid
from law.items import ItemFinding, dotted
from law.workdays import Calendar
from protocol.recount import Recounter
from protocol.recount_calls import RecountServicer
from protocol.requests import ITEM_CODE_FORM, civil_day, decode_page_token, page_that_fits
from services.intake.adapters.calls import GrpcContext, command, fields_below, own_place
from services.intake.adapters.catalogue.cache import ENTRIES, CachedCatalogue
from services.intake.domain.catalogue.item import CatalogueItem, Destination, Hall, HolidayNotice, Street, Window
from services.intake.domain.catalogue.publications import published_with
from services.intake.settings import IntakeSettings
from services.intake.usecases.catalogue import PUBLISHED, CataloguePublication
from services.intake.usecases.office import HallOffice, PositionGate

Content = TypeVar("Content")
_DEFAULT_PAGE = 100
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


class CatalogueServicer(CatalogueServiceServicer):
    """Answers the district that publishes and everybody who reads."""

    def __init__(self, catalogue: CataloguePublication, gate: PositionGate) -> None:
        self._catalogue = catalogue
        self._gate = gate

    async def PublishItem(self, request: pb.PublishItemRequest, _context: GrpcContext) -> pb.PublishItemResponse:
        """Publishes an item."""
        item = _content(request.item, CatalogueItem, "item")
        with fields_below("item"):
            changed = await self._catalogue.publish_item(command("PublishItem", request, own_place()), item)
        latest = changed.state.latest
        assert latest is not None, "an item was published"
        return pb.PublishItemResponse(
            version=latest.version,
            changed=changed.answer == PUBLISHED,
            position=changed.position,
            findings=map(_finding, published_with(latest)),
        )

    async def PublishCalendar(
        self, request: pb.PublishCalendarRequest, _context: GrpcContext
    ) -> pb.PublishCalendarResponse:
        """Publishes the holidays of a year."""
        notice = _content(request.notice, HolidayNotice, "notice")
        with fields_below("notice"):
            changed = await self._catalogue.publish_calendar(command("PublishCalendar", request, own_place()), notice)
        return pb.PublishCalendarResponse(calendar_version=changed.answer.decode(), position=changed.position)

    async def GetCalendar(self, request: pb.GetCalendarRequest, _context: GrpcContext) -> pb.GetCalendarResponse:
        """Reads the holidays of a year."""
        notice, version = await self._catalogue.holidays(request.year)
        answer = pb.GetCalendarResponse(calendar_version=version)
        if notice is not None:
            answer.notice.CopyFrom(to_message(notice, catalogue_pb2.HolidayNotice))
        return answer

    async def PublishWindow(self, request: pb.PublishWindowRequest, _context: GrpcContext) -> pb.PublishWindowResponse:
        """Publishes a window of a hall."""
        window = _content(request.window, Window, "window")
        with fields_below("window"):
            changed = await self._catalogue.publish_window(command("PublishWindow", request, own_place()), window)
        return pb.PublishWindowResponse(changed=changed.answer == PUBLISHED, position=changed.position)

    async def PublishHall(self, request: pb.PublishHallRequest, _context: GrpcContext) -> pb.PublishHallResponse:
        """Publishes hours and closures of a hall."""
        hall = _content(request.hall, Hall, "hall")
        with fields_below("hall"):
            changed = await self._catalogue.publish_hall(command("PublishHall", request, own_place()), hall)
        return pb.PublishHallResponse(changed=changed.answer == PUBLISHED, position=changed.position)

    async def GetHall(self, request: pb.GetHallRequest, _context: GrpcContext) -> pb.GetHallResponse:
        """Reads the hours of a hall and its next opening."""
        await self._gate.until_reached(request.after)
        found = await self._catalogue.hall(own_place().district, request.street)
        answer = pb.GetHallResponse(hours_text=found.text)
        if found.hours is not None:
            hall = Hall(request.street, found.hours.hours, found.hours.closures)
            answer.hall.CopyFrom(to_message(hall, catalogue_pb2.Hall))
        if found.opens is not None:
            answer.next_opening = found.opens.isoformat(timespec="minutes")
        return answer

    async def PublishStreet(self, request: pb.PublishStreetRequest, _context: GrpcContext) -> pb.PublishStreetResponse:
        """Publishes a street of the district."""
        street = _content(request.street, Street, "street")
        with fields_below("street"):
            changed = await self._catalogue.publish_street(command("PublishStreet", request, own_place()), street)
        return pb.PublishStreetResponse(changed=changed.answer == PUBLISHED, position=changed.position)

    async def PublishDestination(
        self, request: pb.PublishDestinationRequest, _context: GrpcContext
    ) -> pb.PublishDestinationResponse:
        """Publishes a destination of referrals."""
        destination = _content(request.destination, Destination, "destination")
        context = command("PublishDestination", request, own_place())
        with fields_below("destination"):
            changed = await self._catalogue.publish_destination(context, destination)
        return pb.PublishDestinationResponse(changed=changed.answer == PUBLISHED, position=changed.position)

    async def GetItem(self, request: pb.GetItemRequest, _context: GrpcContext) -> pb.GetItemResponse:
        """Reads an item as it stands on a day."""
        await self._gate.until_reached(request.after)
        item = await self._catalogue.item(request.item_code, civil_day(request.on, "on") if request.on else None)
        answer = pb.GetItemResponse()
        answer.item.CopyFrom(to_message(item, catalogue_pb2.Item))
        return answer

    async def ListItems(self, request: pb.ListItemsRequest, _context: GrpcContext) -> pb.ListItemsResponse:
        """Lists the items in force, by code."""
        size = request.page_size or _DEFAULT_PAGE
        await self._gate.until_reached(request.after)
        items, total = await self._catalogue.items(_after_code(request.page_token), size)
        page, token = page_that_fits(
            items, size, lambda item: to_message(item, catalogue_pb2.Item), lambda item: item.code.encode()
        )
        return pb.ListItemsResponse(items=page, next_page_token=token, total=total)


def parts(
    context: ServiceContext[IntakeSettings], office: HallOffice, current: CachedCatalogue, gate: PositionGate
) -> Parts:
    """Calls of the catalogue, and the loop that reads publications before a call needs them."""
    publication = CataloguePublication(context.files(ENTRIES), office)
    service = pb.DESCRIPTOR.services_by_name["CatalogueService"]
    servicer = CatalogueServicer(publication, gate)
    return Parts(
        [Endpoint(service, add_CatalogueServiceServicer_to_server, servicer)], loops={"catalogue": current.run}
    )


def recount_servicer(
    context: ServiceContext[IntakeSettings], office: HallOffice, recounter: Recounter[Any, Any]
) -> RecountServicer:
    """Calls about the recount of open applications; a notice meets the rules of its publication."""
    publication = CataloguePublication(context.files(ENTRIES), office)

    async def with_notice(notice: catalogue_pb2.HolidayNotice) -> Calendar:
        with fields_below("notice"):
            return await publication.calendar_with(_content(notice, HolidayNotice, "notice"))

    return RecountServicer(recounter, with_notice)


def _content(message: Message, kind: type[Content], field: str) -> Content:
    """Content of a publication; raises Invalid with the field whose day no calendar has."""
    try:
        return to_dataclass(message, kind)
    except MismatchedField as wrong:
        sentence = f"应为真实存在的日期（YYYY-MM-DD），现为{_written_at(message, wrong.path)}。"
        raise Invalid(fields=[(f"{field}.{wrong.path}", sentence)]) from wrong


def _written_at(message: Message, path: str) -> str:
    """The text of a field by its path, such as seasons[0].open_to."""
    found: Any = message
    for name, position in _STEP.findall(path):
        found = getattr(found, name)
        found = found[int(position)] if position else found
    return str(found)


def _finding(finding: ItemFinding) -> pb.ItemFinding:
    days = (day.isoformat() for day in finding.days)
    return pb.ItemFinding(field=dotted(finding.field), rule=finding.rule, sentence=finding.sentence, days=days)


def _after_code(token: str) -> str:
    return decode_page_token(token, ITEM_CODE_FORM).decode() if token else ""
