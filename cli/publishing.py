"""Publishing to the catalogue of the running stack, as the district's configurator."""

from collections.abc import Iterable
from hashlib import sha256

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import intake_service_pb2 as intake

from cli.embedded.settings import StackSettings
from cli.embedded.stack import Stack
from cli.embedded.tokens import staff_token
from simulation.desks import Desks, Staff

_STAFF = "CATALOGUE"


async def publish_all(items: Iterable[catalogue.Item], windows: Iterable[catalogue.Window]) -> list[str]:
    """Publishes windows, then items; a line for each, in Chinese. Raises StackError, CallFailed."""
    settings = StackSettings()
    stack = Stack(settings.place(), settings)
    services = stack.state()["services"]
    token = staff_token(stack.home, _STAFF, ("CONFIGURATOR",), settings.district)
    desks = Desks({name: str(doors["rpc"]) for name, doors in services.items()}, Staff({_STAFF: token}))
    try:
        told = [await _window(desks, window) for window in windows]
        return told + [await _item(desks, item) for item in items]
    finally:
        await desks.close()


async def _window(desks: Desks, window: catalogue.Window) -> str:
    request = intake.PublishWindowRequest(request_id=_once(window), window=window)
    answer = await desks.call(_STAFF, desks.catalogue.PublishWindow, request)
    return f"{window.name}：{'已发布' if answer.changed else '与现行相同'}"


async def _item(desks: Desks, item: catalogue.Item) -> str:
    request = intake.PublishItemRequest(request_id=_once(item), item=item)
    answer = await desks.call(_STAFF, desks.catalogue.PublishItem, request)
    return f"{item.name}：{'已发布' if answer.changed else '与现行相同'}，第{answer.version}版"


def _once(content: catalogue.Item | catalogue.Window) -> str:
    return f"publish-{sha256(content.SerializeToString(deterministic=True)).hexdigest()[:40]}"
