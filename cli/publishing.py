"""Publishing to the catalogue of an office, as the district's configurator."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import uuid4

import grpc
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from pydantic import Field

from chassis.settings.servers import MountedFile
from chassis.settings.service import Address, EnvironmentSettings
from cli.refused import refusal_of
from embedded.keys import staff_token
from embedded.settings import StackSettings
from embedded.stack import Stack
from operations.errors import CommandError
from protocol.streams import SERVICES
from simulation.desks import CallFailed, Desks, Staff

STAFF = "CATALOGUE"
"""The number under which the configurator's token is kept here."""


class PublishSettings(EnvironmentSettings):
    """Where the catalogue is published, and as whom; without a target, the stack on this machine."""

    catalogue_target: Address | None = Field(default=None, description="HOST:PORT of intake.")
    catalogue_token_file: MountedFile | None = Field(default=None, description="File with a configurator's token.")
    catalogue_authority_file: MountedFile | None = Field(default=None, description="PEM authorities of intake.")
    catalogue_certificate_file: MountedFile | None = Field(default=None, description="PEM certificate of the client.")
    catalogue_key_file: MountedFile | None = Field(default=None, description="PEM key of that certificate.")

    def desks(self) -> Desks:
        """The configurator's desk there. Raises CommandError when a target is named without its files."""
        files = (self.catalogue_authority_file, self.catalogue_key_file, self.catalogue_certificate_file)
        if self.catalogue_target is None:
            return _desks_here()
        if self.catalogue_token_file is None or None in files:
            raise CommandError("ONEWINDOW_CATALOGUE_TARGET 之外还须指明令牌、CA、证书和私钥文件")
        credentials = grpc.ssl_channel_credentials(*(file.read_bytes() for file in files if file is not None))
        staff = Staff({STAFF: self.catalogue_token_file.read_text(encoding="ascii").strip()})
        return Desks(dict.fromkeys(SERVICES, self.catalogue_target), staff, credentials)


@asynccontextmanager
async def configurator() -> AsyncIterator[Desks]:
    """The desk that publishes, here or where the settings say. Raises CommandError, also for a refused call."""
    desks = PublishSettings.load().desks()
    try:
        yield desks
    except CallFailed as failed:
        raise CommandError(f"没有发布：{refusal_of(failed.__cause__)}") from failed
    finally:
        await desks.close()


async def publish_all(items: Iterable[catalogue.Item], windows: Iterable[catalogue.Window]) -> list[str]:
    """Publishes windows, then items; a line for each, in Chinese. Raises CommandError."""
    async with configurator() as desks:
        told = [await _window(desks, window) for window in windows]
        return told + [await _item(desks, item) for item in items]


async def publish_notice(desks: Desks, notice: catalogue.HolidayNotice) -> str:
    """Publishes the holidays of a year; the version of the calendar from then on. Raises CallFailed."""
    request = catalogue_pb.PublishCalendarRequest(request_id=_once(), notice=notice)
    answer = await desks.call(STAFF, desks.catalogue.PublishCalendar, request)
    return str(answer.calendar_version)


async def items_in_force(desks: Desks) -> dict[str, catalogue.Item]:
    """Every item in force today, by its code. Raises CallFailed."""
    found: dict[str, catalogue.Item] = {}
    token = ""
    while True:
        answer = await desks.call(STAFF, desks.catalogue.ListItems, catalogue_pb.ListItemsRequest(page_token=token))
        found.update({item.code: item for item in answer.items})
        if not (token := answer.next_page_token):
            return found


async def holidays(desks: Desks, year: int) -> catalogue.HolidayNotice | None:
    """The holidays of a year as they are in force; None while it has no notice. Raises CallFailed."""
    answer = await desks.call(STAFF, desks.catalogue.GetCalendar, catalogue_pb.GetCalendarRequest(year=year))
    return answer.notice if answer.HasField("notice") else None


def _desks_here() -> Desks:
    settings = StackSettings.load()
    stack = Stack(settings.data_dir(), settings)
    services = stack.status()["services"]
    token = staff_token(stack.data_dir, STAFF, ("CONFIGURATOR",), settings.district)
    return Desks({name: str(doors["rpc"]) for name, doors in services.items()}, Staff({STAFF: token}))


async def _window(desks: Desks, window: catalogue.Window) -> str:
    request = catalogue_pb.PublishWindowRequest(request_id=_once(), window=window)
    answer = await desks.call(STAFF, desks.catalogue.PublishWindow, request)
    return f"{window.name}：{'已发布' if answer.changed else '与现行相同'}"


async def _item(desks: Desks, item: catalogue.Item) -> str:
    request = catalogue_pb.PublishItemRequest(request_id=_once(), item=item)
    answer = await desks.call(STAFF, desks.catalogue.PublishItem, request)
    return f"{item.name}：{'已发布' if answer.changed else '与现行相同'}，第{answer.version}版"


def _once() -> str:
    """The id of this publication alone: a call that is repeated is known by it. Whether the content is in force already
    is the catalogue's to say: an earlier content published once more is no repeat of its first publication."""
    return f"publish-{uuid4().hex}"
