"""Publication to the catalogue of an office, as the district's configurator."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import uuid4

import grpc
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from pydantic import Field

from catalogue.check import CatalogueCheck, check
from catalogue.wire import destination_messages, hall_message, item_message, street_messages, window_messages
from chassis.settings.servers import MountedFile
from chassis.settings.service import Address, EnvironmentSettings
from client.office import CallFailed, OfficeClient
from embedded.data_dir import PROJECT
from embedded.local_services import local_client
from embedded.stack import Stack
from operations.errors import CommandError
from protocol.streams import SERVICES

STAFF = "CATALOGUE"
"""The staff number of the configurator on this machine."""

_SHIPPED_STREETS = PROJECT / "catalogue" / "streets.yaml"


class PublishSettings(EnvironmentSettings):
    """The intake to publish to, and the configurator's token; without a target, the stack on this machine.

    A publication of holidays also asks approval and notify; where all are at one address, that of intake is enough.
    """

    catalogue_target: Address | None = Field(default=None, description="HOST:PORT of intake.")
    catalogue_approval_target: Address | None = Field(default=None, description="HOST:PORT of approval.")
    catalogue_notify_target: Address | None = Field(default=None, description="HOST:PORT of notify.")
    catalogue_token_file: MountedFile | None = Field(default=None, description="File with a configurator's token.")
    catalogue_authority_file: MountedFile | None = Field(default=None, description="PEM authorities of intake.")
    catalogue_certificate_file: MountedFile | None = Field(default=None, description="PEM certificate of the client.")
    catalogue_key_file: MountedFile | None = Field(default=None, description="PEM key of that certificate.")

    def client(self) -> OfficeClient:
        """The configurator's client. Raises CommandError when a target is named without its files."""
        files = (self.catalogue_authority_file, self.catalogue_key_file, self.catalogue_certificate_file)
        if self.catalogue_target is None:
            return _local()
        if self.catalogue_token_file is None or None in files:
            raise CommandError("ONEWINDOW_CATALOGUE_TARGET 之外还须指明令牌、CA、证书和私钥文件")
        credentials = grpc.ssl_channel_credentials(*(file.read_bytes() for file in files if file is not None))
        token = self.catalogue_token_file.read_text(encoding="ascii").strip()
        addresses = dict.fromkeys(SERVICES, self.catalogue_target)
        addresses["approval"] = self.catalogue_approval_target or self.catalogue_target
        addresses["notify"] = self.catalogue_notify_target or self.catalogue_target
        return OfficeClient(addresses, {STAFF: token}, credentials)


@asynccontextmanager
async def configurator() -> AsyncIterator[OfficeClient]:
    """The configurator's client by the settings. Raises CommandError, also for a refused call."""
    client = PublishSettings.load().client()
    try:
        yield client
    except CallFailed as failed:
        raise CommandError(f"没有发布：{failed.refusal}") from failed
    finally:
        await client.close()


async def publish_all(checked: CatalogueCheck) -> list[str]:
    """Publishes streets, destinations, halls, windows, then items; a line for each, in Chinese. Raises CommandError."""
    async with configurator() as client:
        lines = await publish_places(client, street_messages(checked.streets))
        lines += [await _destination(client, each) for each in destination_messages(checked.items)]
        lines += [await _hall(client, str(hall.hall["name"]), hall_message(hall)) for hall in checked.halls]
        lines += [await _window(client, window) for hall in checked.halls for window in window_messages(hall)]
        return lines + [await _item(client, item_message(item)) for item in checked.items]


async def publish_places(client: OfficeClient, streets: Iterable[catalogue.Street]) -> list[str]:
    """Publishes streets; a line for each, in Chinese. Raises CallFailed."""
    return [await _street(client, street) for street in streets]


async def publish_shipped_streets() -> None:
    """Publishes the sample's streets on this machine, where it serves their district. Raises CommandError."""
    site = Stack.of_settings().site()
    listed = [each for each in check(_SHIPPED_STREETS).streets if each.district == site.settings.district]
    async with configurator() as client:
        await publish_places(client, street_messages(listed))


async def publish_notice(client: OfficeClient, notice: catalogue.HolidayNotice) -> str:
    """Publishes the holidays of a year; the version of the calendar from then on. Raises CallFailed."""
    request = catalogue_pb.PublishCalendarRequest(request_id=_once(), notice=notice)
    answer = await client.call(STAFF, client.catalogue.PublishCalendar, request)
    return str(answer.calendar_version)


async def items_in_force(client: OfficeClient) -> dict[str, catalogue.Item]:
    """Every item in force today, by its code. Raises CallFailed."""
    found: dict[str, catalogue.Item] = {}
    token = ""
    while True:
        answer = await client.call(STAFF, client.catalogue.ListItems, catalogue_pb.ListItemsRequest(page_token=token))
        found.update({item.code: item for item in answer.items})
        if not (token := answer.next_page_token):
            return found


async def holidays(client: OfficeClient, year: int) -> tuple[catalogue.HolidayNotice | None, str]:
    """The holidays of a year as they are in force, None while it has no notice; and the calendar's version.

    Raises CallFailed.
    """
    answer = await client.call(STAFF, client.catalogue.GetCalendar, catalogue_pb.GetCalendarRequest(year=year))
    return answer.notice if answer.HasField("notice") else None, answer.calendar_version


def _local() -> OfficeClient:
    site = Stack.of_settings().site()
    return local_client(site, {STAFF: (("CONFIGURATOR",), site.settings.district)})


async def _street(client: OfficeClient, street: catalogue.Street) -> str:
    request = catalogue_pb.PublishStreetRequest(request_id=_once(), street=street)
    answer = await client.call(STAFF, client.catalogue.PublishStreet, request)
    return f"{street.name}：{_outcome(answer.changed)}"


async def _destination(client: OfficeClient, destination: catalogue.Destination) -> str:
    request = catalogue_pb.PublishDestinationRequest(request_id=_once(), destination=destination)
    answer = await client.call(STAFF, client.catalogue.PublishDestination, request)
    return f"上报去向{destination.name}：{_outcome(answer.changed)}"


def _outcome(changed: bool) -> str:
    return "已发布" if changed else "与现行相同"


async def _window(client: OfficeClient, window: catalogue.Window) -> str:
    request = catalogue_pb.PublishWindowRequest(request_id=_once(), window=window)
    answer = await client.call(STAFF, client.catalogue.PublishWindow, request)
    return f"{window.name}：{_outcome(answer.changed)}"


async def _hall(client: OfficeClient, name: str, hall: catalogue.Hall) -> str:
    request = catalogue_pb.PublishHallRequest(request_id=_once(), hall=hall)
    answer = await client.call(STAFF, client.catalogue.PublishHall, request)
    return f"{name}办公时间：{_outcome(answer.changed)}"


async def _item(client: OfficeClient, item: catalogue.Item) -> str:
    request = catalogue_pb.PublishItemRequest(request_id=_once(), item=item)
    answer = await client.call(STAFF, client.catalogue.PublishItem, request)
    remarks = (f"  提示：{each.sentence}[{each.rule}]" for each in answer.findings)
    return "\n".join([f"{item.name}：{_outcome(answer.changed)}，第{answer.version}版", *remarks])


def _once() -> str:
    """A request id for this publication alone.

    It does not depend on the content: an earlier content that is published once more is no repeat of its first
    publication, and only the catalogue knows whether a content is in force already.
    """
    return f"publish-{uuid4().hex}"
