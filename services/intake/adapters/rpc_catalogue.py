"""CatalogueService: what the district publishes, and what everybody reads of it."""

from typing import Any, TypeAlias

from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1.catalogue_service_pb2_grpc import CatalogueServiceServicer

from chassis.event_store.dataclass_proto import to_message
from services.intake.adapters.asking import asked, day, own_place, token_after, told_by
from services.intake.adapters.commands import published
from services.intake.domain.item import HolidayNotice, Item, Window
from services.intake.usecases.publishing import PUBLISHED, Publishing
from services.intake.usecases.reading import Reading

Context: TypeAlias = Any  # the acts never touch it
_DEFAULT_PAGE = 100


class CatalogueServicer(CatalogueServiceServicer):
    """Answers the district that publishes and everybody who reads."""

    def __init__(self, publishing: Publishing, reading: Reading) -> None:
        self._publishing = publishing
        self._reading = reading

    async def PublishItem(
        self, request: catalogue_pb.PublishItemRequest, _context: Context
    ) -> catalogue_pb.PublishItemResponse:
        """Publishes an item."""
        item = published(request.item, Item, "item")
        changed = await self._publishing.publish_item(asked("PublishItem", request, own_place()), item)
        latest = changed.state.latest
        assert latest is not None, "an item was published"
        return catalogue_pb.PublishItemResponse(
            version=latest.version, changed=changed.answer == PUBLISHED, position=changed.position
        )

    async def PublishCalendar(
        self, request: catalogue_pb.PublishCalendarRequest, _context: Context
    ) -> catalogue_pb.PublishCalendarResponse:
        """Publishes the holidays of a year."""
        notice = published(request.notice, HolidayNotice, "notice")
        changed = await self._publishing.publish_calendar(asked("PublishCalendar", request, own_place()), notice)
        return catalogue_pb.PublishCalendarResponse(calendar_version=changed.answer.decode(), position=changed.position)

    async def GetCalendar(
        self, request: catalogue_pb.GetCalendarRequest, _context: Context
    ) -> catalogue_pb.GetCalendarResponse:
        """Reads the holidays of a year."""
        notice, version = self._publishing.holidays(request.year)
        answer = catalogue_pb.GetCalendarResponse(calendar_version=version)
        if notice is not None:
            answer.notice.CopyFrom(to_message(notice, catalogue_pb2.HolidayNotice))
        return answer

    async def PublishWindow(
        self, request: catalogue_pb.PublishWindowRequest, _context: Context
    ) -> catalogue_pb.PublishWindowResponse:
        """Publishes a window of a hall."""
        window = published(request.window, Window, "window")
        changed = await self._publishing.publish_window(asked("PublishWindow", request, own_place()), window)
        return catalogue_pb.PublishWindowResponse(changed=changed.answer == PUBLISHED, position=changed.position)

    async def GetItem(self, request: catalogue_pb.GetItemRequest, _context: Context) -> catalogue_pb.GetItemResponse:
        """Reads an item as it stands on a day."""
        await self._reading.until_reached(request.after)
        item = self._publishing.item(request.item_code, day(request.on, "on") if request.on else None)
        answer = catalogue_pb.GetItemResponse()
        answer.item.CopyFrom(to_message(item, catalogue_pb2.Item))
        return answer

    async def ListItems(
        self, request: catalogue_pb.ListItemsRequest, _context: Context
    ) -> catalogue_pb.ListItemsResponse:
        """Lists the items in force, by code."""
        size = request.page_size or _DEFAULT_PAGE
        await self._reading.until_reached(request.after)
        items, total = self._publishing.items(told_by(request.page_token), size)
        answer = catalogue_pb.ListItemsResponse(
            next_page_token=token_after(items[-1].code) if len(items) == size else "", total=total
        )
        answer.items.extend(to_message(item, catalogue_pb2.Item) for item in items)
        return answer
