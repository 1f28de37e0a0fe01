"""Publication by the district: the next version of an item, the holidays of a year, a hall with its windows.

Publishing what is equal to the last publication changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from law import items as law_items
from law.hall_hours import hall_breaches
from law.items import (
    Breach,
    ItemFinding,
    PublicExtension,
    PublicItem,
    PublicLimit,
    PublicPart,
    PublicStep,
    dotted,
    item_breaches,
    item_findings,
)
from law.items.item import StepPost as PublicPost
from law.not_allowed import Malformed, NotAllowed
from law.notices import Holiday, Notice, normal_number, require_own_number
from law.public_places import (
    PublicWindow,
    destination_breaches,
    destination_decides,
    street_breaches,
    street_is_of_the_district,
    window_breaches,
)
from services.intake.domain.catalogue.item import (
    CatalogueItem,
    ClosesOn,
    Destination,
    Extension,
    Hall,
    HolidayNotice,
    ItemKind,
    ItemStatus,
    Limit,
    PartLimits,
    StepKind,
    StepPost,
    Street,
    Window,
)
from services.intake.domain.catalogue.state import (
    CalendarPublished,
    Catalogue,
    CatalogueEntry,
    DestinationPublished,
    HallPublished,
    ItemPublished,
    StreetPublished,
    WindowPublished,
)

_STATUSES: Mapping[ItemStatus, law_items.Offering] = {
    ItemStatus.ACTIVE: "active",
    ItemStatus.SUSPENDED: "suspended",
    ItemStatus.CANCELLED: "cancelled",
}
_KINDS: Mapping[ItemKind, law_items.Kind] = {
    ItemKind.INSTANT: "instant",
    ItemKind.PROMISED: "promised",
    ItemKind.FORWARDED: "forwarded",
}
_CLOSINGS: Mapping[ClosesOn, law_items.ClosesOn] = {
    ClosesOn.DECISION: "decision",
    ClosesOn.REFERRAL: "referral",
    ClosesOn.DISTRICT_DECISION: "district_decision",
}
_STEPS: Mapping[StepKind, law_items.StepKind] = {
    StepKind.REVIEW: "review",
    StepKind.DECIDE: "decide",
    StepKind.REFER: "refer",
}
_POSTS: Mapping[StepPost, PublicPost] = {StepPost.REVIEWER: "REVIEWER", StepPost.HEAD: "HEAD"}


class VersionNotNext(NotAllowed):
    """Versions of an item are counted by the catalogue, one after the other."""

    sentence = "版本号由目录编排，应填0或{expected}，现为{given}。"


class WrongPublication(Malformed):
    """What is published breaks a rule, which names its field, its sentence and, where it has one, its article."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(dotted(breach.field), sentence=breach.sentence)
        self.rule, self.article = breach.rule, breach.article


class WrongItem(WrongPublication):
    """An item breaks a rule of the law, or contradicts itself."""

    sentence = "事项内容有误：{sentence}"


class WrongWindow(WrongPublication):
    """A window contradicts itself, or stands in another district."""

    sentence = "窗口内容有误：{sentence}"


class WrongHall(WrongPublication):
    """Hours of a hall contradict themselves, or the hall lies in another district."""

    sentence = "大厅内容有误：{sentence}"


class WrongStreet(WrongPublication):
    """A street lies in another district, has a code that is not a street's, or a name that nobody can read."""

    sentence = "街道内容有误：{sentence}"


class WrongDestination(WrongPublication):
    """The name of a destination is no text that the public can read."""

    sentence = "上报去向内容有误：{sentence}"


def publish_item(entry: CatalogueEntry, item: CatalogueItem, today: date) -> list[ItemPublished]:
    """The next version; nothing when it equals the latest one. Raises VersionNotNext, WrongItem.

    The rules are those of law.items. What is in force already stays in force, also where it breaks a rule that came
    later.
    """
    latest = entry.latest
    current = latest.version if latest else 0
    if latest is not None and item.version in (0, current) and replace(item, version=current) == latest:
        return []
    for breach in item_breaches(_terms(item), new=latest is None):
        raise WrongItem(breach)
    if item.version not in (0, current + 1):
        raise VersionNotNext("version", expected=current + 1, given=item.version)
    return [ItemPublished(today, replace(item, version=current + 1))]


def require_decider(catalogue: Catalogue, item: CatalogueItem) -> None:
    """Passes an item that is decided by the department it is referred to; raises WrongItem.

    A destination that was named before destinations were published has no name to compare.
    """
    if name := catalogue.destinations.get(item.refers_to):
        for breach in destination_decides(item.decided_by, name):
            raise WrongItem(breach)


def published_with(item: CatalogueItem) -> list[ItemFinding]:
    """Remarks on a published item, in the words of `onewindow catalogue check`."""
    return list(item_findings(_terms(item)))


def publish_calendar(
    entry: CatalogueEntry, notice: HolidayNotice, catalogue: Catalogue, today: date
) -> list[CalendarPublished]:
    """The notice with the version of the calendar from now on; nothing when it is equal. Raises WrongNotice."""
    notice = replace(notice, number=normal_number(notice.number))
    if entry.notice == notice:
        return []
    days = Holiday("", notice.days_off, notice.makeup_days)
    require_own_number(Notice(notice.year, notice.number, (days,)), catalogue.calendar.notices)
    calendar = catalogue.calendar_with(notice, entry.revision + 1)
    return [CalendarPublished(today, notice, calendar.version)]


def publish_window(entry: CatalogueEntry, window: Window, district: str, today: date) -> list[WindowPublished]:
    """The window; nothing when it equals the window as it is known. Raises WrongWindow."""
    if entry.window == window:
        return []
    public = PublicWindow(window.street, window.name, window.open_from, window.open_to)
    for breach in window_breaches(public, district):
        raise WrongWindow(breach)
    return [WindowPublished(today, window)]


def publish_hall(entry: CatalogueEntry, hall: Hall, district: str, today: date) -> list[HallPublished]:
    """The hall; nothing when it equals the hall as it is known. Raises WrongHall."""
    if entry.hall == hall:
        return []
    for breach in (*street_is_of_the_district(hall.street, district, "street"), *hall_breaches(hall.hall_hours)):
        raise WrongHall(breach)
    return [HallPublished(today, hall)]


def publish_street(entry: CatalogueEntry, street: Street, district: str, today: date) -> list[StreetPublished]:
    """The street; nothing when it equals the street as it is known. Raises WrongStreet."""
    if entry.street == street:
        return []
    for breach in street_breaches(street.code, street.name, district):
        raise WrongStreet(breach)
    return [StreetPublished(today, street)]


def publish_destination(entry: CatalogueEntry, destination: Destination, today: date) -> list[DestinationPublished]:
    """The destination; nothing when it equals the destination as it is known. Raises WrongDestination."""
    if entry.destination == destination:
        return []
    for breach in destination_breaches(destination.name):
        raise WrongDestination(breach)
    return [DestinationPublished(today, destination)]


def _terms(item: CatalogueItem) -> PublicItem:
    """The item as the rules of the law read it."""
    return PublicItem(
        code=item.code,
        name=item.name,
        status=_STATUSES[item.status],
        effective_from=item.effective_from,
        effective_to=item.effective_to,
        nature=item.nature,
        kind=_KINDS[item.kind],
        decided_by=item.decided_by,
        closes_on=_CLOSINGS[item.closes_on],
        legal_limit=_limit(item.legal_limit),
        promised_limit=_limit(item.promised_limit),
        materials=item.materials,
        route=tuple(
            PublicStep(step.code, step.name, _STEPS[step.kind], _POSTS[step.post], step.staff, step.days)
            for step in item.route
        ),
        seasons=item.seasons,
        receipt=item.receipt,
        sms=item.sms,
        result_name=item.result_name,
        refers_to=item.refers_to,
        street_part=_part(item.street_part),
        district_part=_part(item.district_part),
        whole=_part(item.whole),
        procedures=item.procedures,
        extension=_extension(item.extension) if item.extension else None,
    )


def _extension(given: Extension) -> PublicExtension:
    return PublicExtension(given.days, given.unit.in_law, given.article, given.joint)


def _part(part: PartLimits | None) -> PublicPart | None:
    return PublicPart(_stated(part.legal), _stated(part.promised)) if part else None


def _limit(limit: Limit) -> PublicLimit | None:
    return _stated(limit) if limit.days else None


def _stated(limit: Limit | None) -> PublicLimit | None:
    return PublicLimit(limit.days, limit.in_law.unit, limit.article, limit.assumed) if limit else None
