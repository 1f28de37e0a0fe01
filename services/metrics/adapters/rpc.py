"""MetricsService: requests to queries, rows to answers."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from onewindow.desk.v1.desk_pb2 import Place as PlaceMessage
from onewindow.metrics.v1 import metrics_service_pb2 as pb
from onewindow.metrics.v1.metrics_service_pb2_grpc import MetricsServiceServicer

from chassis.rpc.identity.caller import DISTRICT, current_caller, level_of
from chassis.scope import Scope
from law.desk import Place
from protocol.known_places import StreetExists
from protocol.requests import decode_page_token, page_that_fits
from services.metrics.domain import progress
from services.metrics.domain.indicator.indicators import INDICATORS, Indicator, indicator, percent
from services.metrics.domain.period import PeriodKind, read_period
from services.metrics.ports import Board, Figures, MattersQuery, Row, Side
from services.metrics.usecases import Progress, Supervision, UnknownReportStreet, reach

Context: TypeAlias = Any  # the acts never touch it

_PAGE = 50
_UUID_BYTES = 16
_KEY = r".{8}[^\x00-\x7f\xc0-\xff].{7}[0-9A-Z]{1,50}"
"""Key of a page: the bytes of a UUID, whose ninth byte (the variant) no text has, and the number of the matter."""


class MetricsServicer(MetricsServiceServicer):
    """Answers onewindow.metrics.v1.MetricsService."""

    def __init__(self, supervision: Supervision, progress_of: Progress, street_exists: StreetExists) -> None:
        self._supervision = supervision
        self._progress = progress_of
        self._street_exists = street_exists

    async def GetProgress(self, request: pb.GetProgressRequest, _context: Context) -> pb.GetProgressResponse:
        """Progress of a matter."""
        matter = await self._progress.of(request.number, request.query_code, request.after)
        return pb.GetProgressResponse(
            item_name=progress.item_name(matter),
            stages=[pb.ProgressStage(name=stage.name, on=stage.on.isoformat()) for stage in progress.stages(matter)],
            promised_due_on=_day(matter["promised_due_on"]),
            provisional=matter["provisional"],
            outcome=progress.outcome(matter),
        )

    async def GetReport(self, request: pb.GetReportRequest, _context: Context) -> pb.GetReportResponse:
        """The figures of a period."""
        scope = await self._reach(request.street, request.after)
        period = read_period(PeriodKind(request.kind), request.period)
        return _report(await self._supervision.report(scope, period))

    async def ListCasesBehind(
        self, request: pb.ListCasesBehindRequest, _context: Context
    ) -> pb.ListCasesBehindResponse:
        """The matters behind a number."""
        wanted = MattersQuery(
            indicator=indicator(request.indicator),
            side=Side(request.side),
            period=read_period(PeriodKind(request.kind), request.period),
            size=request.page_size or _PAGE,
            after=_last_of_page(request.page_token),
        )
        scope = await self._reach(request.street, request.after)
        rows, total = await self._supervision.matters(scope, wanted)
        matters, token = page_that_fits(rows, wanted.size, _matter, _key_of)
        return pb.ListCasesBehindResponse(matters=matters, next_page_token=token, total=total)

    async def WatchBoard(
        self, request: pb.WatchBoardRequest, _context: Context
    ) -> AsyncIterator[pb.WatchBoardResponse]:
        """The board, whenever it changes."""
        async for board in self._supervision.watch(await self._reach(request.street)):
            yield _board(board)

    async def _reach(self, street: str, after: str = "") -> Scope:
        """What the caller may read of a street, of all where none is named, once its positions are reached.

        One of them may be that of the street's publication. Raises WrongDesk, UnknownReportStreet, NotYetHere.
        """
        scope = reach(current_caller(), street)
        await self._supervision.reached(after)
        published = street and level_of(street) != DISTRICT and not Place.of_street(street).synthetic
        if published and not await self._street_exists(street):
            raise UnknownReportStreet("street", street=street)
        return scope


def _report(figures: Figures) -> pb.GetReportResponse:
    totals = figures.totals
    answer = pb.GetReportResponse(
        to=figures.period.last.isoformat(),
        volume=totals["volume"],
        applied=totals["applied"],
        closed=totals["closed"],
        indicators=[_indicator(each, totals) for each in INDICATORS],
        items=[pb.ItemFigures(**row) for row in figures.items],
        windows=[pb.WindowFigures(**row) for row in figures.windows],
        cards=pb.CardFigures(**figures.cards),
        facts=pb.FactCounts(**figures.facts),
    )
    setattr(answer, "from", figures.period.first.isoformat())
    return answer


def _indicator(of: Indicator, totals: Row) -> pb.Indicator:
    numerator, denominator = totals[f"{of.code}_numerator"], totals[f"{of.code}_denominator"]
    return pb.Indicator(
        code=of.code,
        name=of.name,
        numerator=numerator,
        denominator=denominator,
        percent=percent(numerator, denominator),
        definition=of.definition,
        source=of.source,
    )


def _matter(row: Row) -> pb.MatterBehind:
    return pb.MatterBehind(
        application_id=str(row["application_id"]),
        number=row["shown_number"],
        place=PlaceMessage(district=row["district"], street=row["street"]),
        item_name=row["item_name"],
        accepted_on=_day(row["accepted_on"]),
        due_on=_day(row["promised_due_on"]),
        closed_on=_day(row["closed_on"]),
        outcome=row["outcome"] or "",
        provisional=row["provisional"],
    )


def _board(board: Board) -> pb.WatchBoardResponse:
    windows = [pb.WindowFigures(**row) for row in board.windows]
    return pb.WatchBoardResponse(on=board.on.isoformat(), windows=windows, **board.lamps)


def _key_of(row: Row) -> bytes:
    """Key of a page that ends with the row."""
    key: bytes = row["application_id"].bytes + row["shown_number"].encode()
    return key


def _last_of_page(token: str) -> tuple[str, UUID] | None:
    """Number and application of the last matter of the page before; None for the first page. Raises Invalid."""
    if not token:
        return None
    key = decode_page_token(token, _KEY)
    return key[_UUID_BYTES:].decode(), UUID(bytes=key[:_UUID_BYTES])


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
