"""Calls about a recount, the same at every service: the files that a notice would change, and those that it changed."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice
from onewindow.recount.v1 import recount_pb2
from onewindow.recount.v1 import recount_service_pb2 as pb
from onewindow.recount.v1.recount_service_pb2_grpc import (
    RecountServiceServicer,
    add_RecountServiceServicer_to_server,
)

from chassis.event_store.dataclass_proto import to_dataclass, to_message
from chassis.postgres.database import away_as_refusal
from chassis.process.parts import Endpoint, Parts
from law.notices import Holiday, Notice, normal_number
from law.recount import MovedDate, RecountCause
from law.workdays import Calendar
from protocol.recount import Calendars, Recounter
from protocol.recount_table import BEGINNING, PagePlace
from protocol.requests import UUID_FORM, civil_day, decode_page_token, encode_page_token, invalid_page_token

Context: TypeAlias = Any  # no method uses it
WithNotice = Callable[[HolidayNotice], Awaitable[Calendar]]
"""The calendar after a notice, which is not published; raises its refusals."""

_DEFAULT_PAGE = 500
_PREVIEW_TOKEN = rf"[^|]*\|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\|[0-9]*\|{UUID_FORM}"
_CHANGED_TOKEN = r"recounted/[0-9]{1,18}"


class RecountServicer(RecountServiceServicer):
    """Answers the district, for the files of one service."""

    def __init__(self, recounter: Recounter[Any, Any], with_notice: WithNotice) -> None:
        self._recounter = recounter
        self._with_notice = with_notice

    async def PreviewCalendar(
        self, request: pb.PreviewCalendarRequest, _context: Context
    ) -> pb.PreviewCalendarResponse:
        """One page of the files that a notice would change. Raises the notice's refusals, Invalid, Away."""
        calendar = await self._with_notice(request.notice)
        cause = RecountCause((normal_number(request.notice.number),), calendar.version)
        size = request.page_size or _DEFAULT_PAGE
        reached, place = _preview_place(request.page_token)
        with away_as_refusal():
            versions = [each for each in await self._recounter.preview_versions(calendar) if each.version >= reached]
            if not versions:
                return pb.PreviewCalendarResponse()
            stale = versions[0]
            behind = place if stale.version == reached else BEGINNING
            found, looked_at, last = await self._recounter.preview_page(calendar, cause, stale, behind, size)
        then = (stale.version, last) if last else (versions[1].version, BEGINNING) if len(versions) > 1 else None
        return pb.PreviewCalendarResponse(
            files=[self._recounter.listed(key, fact) for key, fact in found],
            looked_at=looked_at,
            next_page_token=_preview_token(*then) if then else "",
        )

    async def GetRecount(self, request: pb.GetRecountRequest, _context: Context) -> pb.GetRecountResponse:
        """The progress of a recount, and one page of what it changed. Raises Invalid, Away."""
        version, behind = request.calendar_version, _changed_behind(request.page_token)
        with away_as_refusal():
            finished = await self._recounter.finished(version)
            progress = await self._recounter.progress(version)
            rows = await self._recounter.changed(progress, behind, request.page_size) if request.page_size else []
        return pb.GetRecountResponse(
            finished=finished,
            looked_at=progress.looked_at,
            changed=progress.changed,
            seconds=progress.seconds,
            files=[
                self._recounter.listed(key, fact) for _, key, fact in rows if fact.cause.calendar_version == version
            ],
            next_page_token=_changed_token(rows[-1][0]) if rows and len(rows) == request.page_size else "",
        )


def recount_parts(recounter: Recounter[Any, Any], servicer: RecountServicer) -> Parts:
    """The loop and the calls of a recount, for the parts of a service."""
    contract = pb.DESCRIPTOR.services_by_name["RecountService"]
    return Parts([Endpoint(contract, add_RecountServiceServicer_to_server, servicer)], loops={"recount": recounter.run})


def moved_messages(moved: tuple[MovedDate, ...]) -> list[recount_pb2.MovedDate]:
    """Moved dates as lists show them."""
    return [to_message(each, recount_pb2.MovedDate) for each in moved]


def dates_of(moved: Iterable[recount_pb2.MovedDate]) -> list[MovedDate]:
    """Moved dates of a received fact."""
    return [to_dataclass(each, MovedDate) for each in moved]


def with_notice_of(calendars: Calendars) -> WithNotice:
    """The calendar that a service has received, after a notice that is not published."""

    async def with_notice(notice: HolidayNotice) -> Calendar:
        return _calendar_with(await calendars.current(), notice)

    return with_notice


def _calendar_with(calendar: Calendar, notice: HolidayNotice) -> Calendar:
    days = Holiday("", _days(notice.days_off, "days_off"), _days(notice.makeup_days, "makeup_days"))
    version = f"{calendar.version}+{notice.year}.preview"
    return calendar.with_notice(Notice(notice.year, normal_number(notice.number), (days,)), version)


def _days(written: Any, field: str) -> tuple[date, ...]:  # noqa: ANN401 # a repeated field
    return tuple(civil_day(day, f"notice.{field}[{index}]") for index, day in enumerate(written))


def _preview_place(token: str) -> tuple[str, PagePlace]:
    if not token:
        return "", BEGINNING
    version, last_on, street, file_id = decode_page_token(token, _PREVIEW_TOKEN).decode().split("|")
    try:
        return version, PagePlace(date.fromisoformat(last_on), street, UUID(file_id))
    except ValueError as error:
        raise invalid_page_token() from error


def _preview_token(version: str, place: PagePlace) -> str:
    return encode_page_token(f"{version}|{place.last_on}|{place.street}|{place.file_id}".encode())


def _changed_behind(token: str) -> int:
    return int(decode_page_token(token, _CHANGED_TOKEN).decode().partition("/")[2]) if token else 0


def _changed_token(seq: int) -> str:
    return encode_page_token(f"recounted/{seq}".encode())
