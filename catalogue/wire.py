"""A checked document of the catalogue as the message that the district publishes."""

from collections.abc import Iterable
from datetime import date, time

from onewindow.catalogue.v1 import catalogue_pb2 as catalogue

from catalogue.check import CalendarDocument, HallDocument, ItemDocument, RouteStep, StreetsDocument
from law.items import PublicExtension, PublicLimit, PublicPart
from law.terms import Unit

_UNITS = {Unit.WORKING: catalogue.LIMIT_UNIT_WORKING_DAYS, Unit.CALENDAR: catalogue.LIMIT_UNIT_CALENDAR_DAYS}
_ON_THE_SPOT = catalogue.Limit(days=0, unit=catalogue.LIMIT_UNIT_WORKING_DAYS, article="当场办结")


def item_message(item: ItemDocument) -> catalogue.Item:
    """The item as PublishItem takes it; its version is given by the catalogue."""
    return catalogue.Item(
        code=item.code,
        name=item.name,
        line=catalogue.Line.Value(f"LINE_{item.line.upper()}"),
        kind=catalogue.ItemKind.Value(f"ITEM_KIND_{item.kind.upper()}"),
        nature=item.nature,
        decided_by=item.decided_by,
        closes_on=catalogue.ClosesOn.Value(f"CLOSES_ON_{item.closes_on.upper()}"),
        legal_limit=_limit(item.legal_limit),
        promised_limit=_limit(item.promised_limit),
        materials=(
            catalogue.Material(code=each.code, name=each.name, required=each.required, deferrable=each.deferrable)
            for each in item.materials
        ),
        accept_points=(catalogue.AcceptPoint.Value(f"ACCEPT_POINT_{point.upper()}") for point in item.accept_points),
        route=map(_step, item.route),
        seasons=(
            catalogue.Season(open_from=each.open_from.isoformat(), open_to=each.open_to.isoformat())
            for each in item.seasons
        ),
        effective_from=item.effective_from.isoformat(),
        effective_to=item.effective_to.isoformat() if item.effective_to else "",
        status=catalogue.ItemStatus.Value(f"ITEM_STATUS_{item.status.upper()}"),
        receipt=item.receipt,
        sms=item.sms,
        sensitive=item.sensitive,
        result_name=item.result_name,
        refers_to=item.refers_to,
        street_part=_part(item.street_part),
        district_part=_part(item.district_part),
        whole=_part(item.whole),
        procedures=(
            catalogue.ProcedureKind(code=each.code, name=each.name, article=each.article) for each in item.procedures
        ),
        extension=_extension(item.extension) if item.extension else None,
    )


def street_messages(streets: Iterable[StreetsDocument]) -> list[catalogue.Street]:
    """The streets of these lists as PublishStreet takes them: no other file makes a street."""
    named = {code: name for each in streets for code, name in each.streets.items()}
    return [catalogue.Street(code=code, name=name) for code, name in sorted(named.items())]


def destination_messages(items: Iterable[ItemDocument]) -> list[catalogue.Destination]:
    """The departments that routes of these items end at, as PublishDestination takes them."""
    offices = {step.to.code: step.to.name for item in items for step in item.route if step.to}
    return [catalogue.Destination(code=code, name=name) for code, name in sorted(offices.items())]


def window_messages(hall: HallDocument) -> list[catalogue.Window]:
    """The windows of a hall as PublishWindow takes them."""
    return [
        catalogue.Window(
            code=window.code,
            name=window.name,
            street=hall.hall["street"],
            general=window.general,
            lines=(catalogue.Line.Value(f"LINE_{line.upper()}") for line in window.lines),
            open_from=window.served.first.isoformat(),
            open_to="" if window.served.last == date.max else window.served.last.isoformat(),
        )
        for window in hall.windows
    ]


def hall_message(hall: HallDocument) -> catalogue.Hall:
    """The hours and closures of a hall as PublishHall takes them."""
    return catalogue.Hall(
        street=hall.street,
        hours=(
            catalogue.OpeningHours(
                day=catalogue.ServiceDay.ValueType(each.day.value),
                opens_at=_clock(each.opens_at),
                closes_at=_clock(each.closes_at),
                effective_from=_day(each.effective_from),
                effective_to=_day(each.effective_to),
            )
            for each in hall.served.hours
        ),
        closures=(
            catalogue.HallClosure(
                says=each.says,
                weekday=each.weekday,
                begins_at=_clock(each.begins_at),
                ends_at=_clock(each.ends_at),
                effective_from=_day(each.effective_from),
                effective_to=_day(each.effective_to),
            )
            for each in hall.served.closures
        ),
    )


def notice_message(calendar: CalendarDocument) -> catalogue.HolidayNotice:
    """The holidays of a year as PublishCalendar takes them."""
    return catalogue.HolidayNotice(
        year=calendar.year,
        number=calendar.number,
        days_off=(day.isoformat() for day in calendar.off),
        makeup_days=(day.isoformat() for day in calendar.makeup),
    )


def _part(stated: PublicPart | None) -> catalogue.PartLimits | None:
    if stated is None:
        return None
    return catalogue.PartLimits(legal=_stated(stated.legal), promised=_stated(stated.promised))


def _extension(stated: PublicExtension) -> catalogue.Extension:
    return catalogue.Extension(days=stated.days, unit=_UNITS[stated.unit], article=stated.article, joint=stated.joint)


def _limit(stated: PublicLimit | None) -> catalogue.Limit:
    return _stated(stated) or _ON_THE_SPOT


def _stated(stated: PublicLimit | None) -> catalogue.Limit | None:
    if stated is None:
        return None
    return catalogue.Limit(days=stated.days, unit=_UNITS[stated.unit], article=stated.article, assumed=stated.assumed)


def _step(step: RouteStep) -> catalogue.Step:
    return catalogue.Step(
        code=step.code,
        name=step.name,
        kind=catalogue.StepKind.Value(f"STEP_KIND_{step.kind.upper()}"),
        post=catalogue.StepPost.Value(f"STEP_POST_{step.post}"),
        staff=step.staff,
        days=step.days,
    )


def _clock(at: time | None) -> str:
    return "" if at is None else at.isoformat("minutes")


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
