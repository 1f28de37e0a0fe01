"""Offer of an item: the days, the channels and the windows at which an application is taken. (行政许可法 30)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from law import desk
from law.desk import Level, Place
from law.not_allowed import Malformed, NotAllowed
from services.intake.domain.catalogue.item import AcceptPoint, CatalogueItem, Channel, ItemStatus, Line
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry

_INACTIVE: Mapping[ItemStatus, str] = {ItemStatus.SUSPENDED: "暂停", ItemStatus.CANCELLED: "取消"}
_ACCEPT_POINTS: Mapping[Channel, AcceptPoint] = {
    Channel.WINDOW: AcceptPoint.WINDOW,
    Channel.ONLINE: AcceptPoint.ONLINE,
    Channel.APP: AcceptPoint.ONLINE,
    Channel.MINI_PROGRAM: AcceptPoint.ONLINE,
    Channel.KIOSK: AcceptPoint.KIOSK,
    Channel.COMMUNITY: AcceptPoint.COMMUNITY,
    Channel.HOME_VISIT: AcceptPoint.HOME_VISIT,
}


class NotYetEffective(NotAllowed):
    """No version of the item is in force yet."""

    article = "行政许可法 30"
    sentence = "事项自{effective_from}起施行，现在不能收件。"


class NoLongerEffective(NotAllowed):
    """The item was in force, and is not any more."""

    article = "行政许可法 30"
    sentence = "事项已于{effective_to}停止施行，不能收件。"


class ItemNotActive(NotAllowed):
    """The item is suspended or was cancelled."""

    article = "行政许可法 30"
    sentence = "事项已{status}，不能收件。"


class OutOfSeason(NotAllowed):
    """The item takes applications in its opening periods alone."""

    article = "行政许可法 30"
    sentence = "事项不在受理时段内，{next_season}。"


class WrongAcceptPoint(NotAllowed):
    """The item cannot be handed in through this channel."""

    article = "行政许可法 30"
    sentence = "该事项不能通过此渠道申办。"


class UnknownStreet(Malformed):
    """A street exists because the district published it."""

    sentence = "本区没有公布街道{street}。"


class NoHallHere(NotAllowed):
    """The district itself has no hall: it takes no numbers and no applications, and has no windows."""

    sentence = "区本级不设窗口，不取号、不收件，请填写街道。"


class UnknownDestination(Malformed):
    """An item refers to a department that the district published as a destination."""

    sentence = "本区没有公布上报去向{destination}。"


@dataclass(frozen=True, slots=True)
class HallWindow:
    """A window by the street of its hall and its code there."""

    street: str
    code: str


def offered(entry: CatalogueEntry, channel: Channel, on: date) -> CatalogueItem:
    """The version of the item that can be applied for on a day through a channel.

    Raises NotYetEffective, NoLongerEffective, ItemNotActive, OutOfSeason, WrongAcceptPoint.
    """
    item = entry.on(on)
    if item is None:
        raise NotYetEffective("item_code", effective_from=min(each.effective_from for each in entry.items))
    if item.effective_to is not None and item.effective_to < on:
        raise NoLongerEffective("item_code", effective_to=item.effective_to)
    if item.status is not ItemStatus.ACTIVE:
        raise ItemNotActive("item_code", status=_INACTIVE[item.status])
    if item.seasons and not any(on in season for season in item.seasons):
        raise OutOfSeason("item_code", next_season=_next_season(item, on))
    if accept_point(channel) not in item.accept_points:
        raise WrongAcceptPoint("channel")
    return item


def accept_point(channel: Channel) -> AcceptPoint:
    """The accept point to which a channel leads."""
    return _ACCEPT_POINTS[channel]


def require_street(place: Place, field: str, *, exists: bool) -> None:
    """Passes a street that exists and the reserved place; raises UnknownStreet, NoHallHere."""
    if place.level is Level.DISTRICT:
        raise NoHallHere(field)
    if not (place.synthetic or exists):
        raise UnknownStreet(field, street=place.street)


def require_destination(catalogue: Catalogue, item: CatalogueItem) -> None:
    """Passes an item that refers nowhere or to a known destination; raises UnknownDestination."""
    if item.refers_to and item.refers_to not in catalogue.destinations:
        raise UnknownDestination("refers_to", destination=item.refers_to)


def require_service(catalogue: Catalogue, place: HallWindow, line: Line, on: date) -> None:
    """Passes when the window takes matters of the line on the day.

    Raises UnknownWindow, WindowClosed, WindowDoesNotServe.
    """
    window = catalogue.windows.get((place.street, place.code))
    desk.require_service(window.service if window else None, place.code, line.name, on)


def _next_season(item: CatalogueItem, on: date) -> str:
    coming = sorted(season.open_from for season in item.seasons if season.open_from > on)
    return f"下次开放时间为{coming[0]}" if coming else "目前没有公布下次开放时间"
