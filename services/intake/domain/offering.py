"""Whether an item takes applications on a day, through a channel. (行政许可法 30)"""

from collections.abc import Mapping
from datetime import date

from law.not_allowed import NotAllowed
from services.intake.domain.catalogue import Entry
from services.intake.domain.facts import Channel
from services.intake.domain.item import AcceptPoint, Item, ItemStatus


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
    sentence = "事项已{told}，不能收件。"


class OutOfSeason(NotAllowed):
    """The item takes applications in its opening periods alone."""

    article = "行政许可法 30"
    sentence = "事项不在受理时段内，{opening}。"


class WrongAcceptPoint(NotAllowed):
    """The item cannot be handed in this way."""

    article = "行政许可法 30"
    sentence = "该事项不能通过此渠道申办。"


def offered(entry: Entry, channel: Channel, on: date) -> Item:
    """The version of the item that can be applied for on the day through the channel; raises what forbids it."""
    item = entry.on(on)
    if item is None:
        raise NotYetEffective("submission.item_code", effective_from=min(each.effective_from for each in entry.items))
    if item.effective_to is not None and item.effective_to < on:
        raise NoLongerEffective("submission.item_code", effective_to=item.effective_to)
    if item.status is not ItemStatus.ACTIVE:
        raise ItemNotActive("submission.item_code", told=_NOT_ACTIVE[item.status])
    if item.seasons and not any(on in season for season in item.seasons):
        raise OutOfSeason("submission.item_code", opening=_next_opening(item, on))
    if point_of(channel) not in item.accept_points:
        raise WrongAcceptPoint("submission.channel")
    return item


def point_of(channel: Channel) -> AcceptPoint:
    """The accept point that a channel leads to."""
    return _POINTS[channel]


def _next_opening(item: Item, on: date) -> str:
    coming = sorted(season.open_from for season in item.seasons if season.open_from > on)
    return f"下次开放时间为{coming[0]}" if coming else "目前没有公布下次开放时间"


_NOT_ACTIVE: Mapping[ItemStatus, str] = {ItemStatus.SUSPENDED: "暂停", ItemStatus.CANCELLED: "取消"}
_POINTS: Mapping[Channel, AcceptPoint] = {
    Channel.WINDOW: AcceptPoint.WINDOW,
    Channel.ONLINE: AcceptPoint.ONLINE,
    Channel.APP: AcceptPoint.ONLINE,
    Channel.MINI_PROGRAM: AcceptPoint.ONLINE,
    Channel.KIOSK: AcceptPoint.KIOSK,
    Channel.COMMUNITY: AcceptPoint.COMMUNITY,
    Channel.HOME_VISIT: AcceptPoint.HOME_VISIT,
}
