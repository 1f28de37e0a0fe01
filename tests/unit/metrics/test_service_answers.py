"""MetricsService over figures in memory: reports with every indicator, pages of matters, progress, the board."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from onewindow.metrics.v1 import metrics_service_pb2 as pb

from chassis.refusals import Invalid
from chassis.rpc.identity.caller import set_caller
from chassis.rpc.limits import RateLimit
from chassis.scope import EVERY_STREET, Scope
from chassis.vault import code_digest
from law.not_allowed import WrongDesk
from protocol.query_codes import WrongCodes
from services.metrics.adapters.rpc import MetricsServicer
from services.metrics.domain.indicator.indicators import INDICATORS, UnknownIndicator
from services.metrics.domain.period import NotAPeriod, Period
from services.metrics.ports import Board, Figures, MattersQuery, Row, Side
from services.metrics.usecases import BoardPace, Progress, Supervision, UnknownReportStreet
from tests.support.ledger import StillClock
from tests.unit.metrics.test_progress_stages import matter
from tests.unit.metrics.test_usecases import CODE, DISTRICT, PEPPER, STREET, caller

ITEM: Row = {"item_code": "I1", "item_name": "事项", "applied": 3, "accepted": 3, "closed": 2}
WINDOW: Row = {"window": "W1", "accepted": 3}
TOTALS: dict[str, int] = {"volume": 8, "applied": 9, "closed": 8} | {
    f"{each.code}_{side}": count for each in INDICATORS for side, count in (("numerator", 1), ("denominator", 8))
}


def behind(number: str, application_id: UUID | None = None, **change: Any) -> dict[str, Any]:
    """A matter behind a figure."""
    return {
        "application_id": application_id or uuid4(),
        "shown_number": number,
        "district": DISTRICT,
        "street": STREET,
        "item_name": "事项",
        "accepted_on": date(2016, 3, 1),
        "promised_due_on": date(2016, 3, 15),
        "closed_on": None,
        "outcome": None,
        "provisional": False,
    } | change


class Reader:
    """Figures that are always the same, and the queries that were made."""

    def __init__(self, rows: Sequence[Row] = (), matters: dict[str, Row] | None = None) -> None:
        self.queries: list[tuple[Scope, MattersQuery]] = []
        self.scopes: list[Scope] = []
        self._rows = rows
        self._matters = matters or {}

    async def until_reached(self, position: str) -> None:
        """Every position is reached."""

    async def figures(self, scope: Scope, period: Period) -> Figures:
        """The totals above, one item and one window."""
        self.scopes.append(scope)
        cards, facts = {"warning": 3, "yellow": 2, "red": 1}, {"intake": 20, "approval": 30, "notify": 4}
        return Figures(period, TOTALS, [ITEM], [WINDOW], _known(pb.CardFigures, cards), _known(pb.FactCounts, facts))

    async def matters(self, scope: Scope, wanted: MattersQuery) -> tuple[Sequence[Row], int]:
        """The rows behind the place of the page."""
        self.queries.append((scope, wanted))
        numbers = [row["shown_number"] for row in self._rows]
        start = numbers.index(wanted.after[0]) + 1 if wanted.after else 0
        return self._rows[start : start + wanted.size], len(self._rows)

    async def matter(self, scope: Scope, number: str) -> Row | None:
        """The matter of a number."""
        return self._matters.get(number)

    async def board(self, scope: Scope, today: date) -> Board:
        """A board of one lamp."""
        return Board(today, {"normal": 5}, [WINDOW])

    current = board


def _known(kind: Any, counts: dict[str, int]) -> dict[str, int]:
    """Those of the counts that the message has."""
    return {name: count for name, count in counts.items() if name in kind.DESCRIPTOR.fields_by_name}


def servicer(reader: Reader) -> MetricsServicer:
    """The servicer over these figures, its boards without a pause."""
    supervision = Supervision(reader, reader, reader, StillClock(), BoardPace(0, 60))
    progress = Progress(reader, reader, DISTRICT, lambda: PEPPER, WrongCodes(RateLimit(6, 10), RateLimit(60, 100)))
    return MetricsServicer(supervision, progress, street_exists)


async def street_exists(code: str) -> bool:
    """True for every street but one."""
    return code != "440105888"


@pytest.fixture(autouse=True)
def supervisor() -> Any:
    """Every call is made by a supervisor of the district."""
    set_caller(caller("440105000"))
    yield
    set_caller(None)


MARCH: dict[str, Any] = {"kind": pb.PERIOD_KIND_MONTH, "period": "2016-03"}


async def test_a_report_has_the_days_of_its_period_and_every_indicator() -> None:
    reader = Reader()
    report = await servicer(reader).GetReport(pb.GetReportRequest(**MARCH), None)
    assert (getattr(report, "from"), report.to) == ("2016-03-01", "2016-03-31")
    assert (report.volume, report.applied, report.closed) == (8, 9, 8)
    assert [each.code for each in report.indicators] == [each.code for each in INDICATORS]
    assert {(each.numerator, each.denominator, each.percent) for each in report.indicators} == {(1, 8, 12.5)}
    assert all(each.name and each.definition and each.source for each in report.indicators)
    assert (report.items[0].item_name, report.windows[0].window) == ("事项", "W1")
    assert reader.scopes == [Scope(DISTRICT, EVERY_STREET)]


async def test_figures_of_a_street_that_nobody_published_are_refused_by_their_field() -> None:
    unknown: dict[str, Any] = {"street": "440105888"}
    desk = servicer(Reader())
    indicator: dict[str, Any] = {"indicator": "on_time", "side": pb.SIDE_NUMERATOR}
    for asked in (
        desk.GetReport(pb.GetReportRequest(**MARCH, **unknown), None),
        desk.ListCasesBehind(pb.ListCasesBehindRequest(**MARCH, **unknown, **indicator), None),
        anext(desk.WatchBoard(pb.WatchBoardRequest(**unknown), None)),
    ):
        with pytest.raises(UnknownReportStreet) as refused:
            await asked
        assert refused.value.field == "street"


async def test_the_position_of_a_publication_is_reached_before_its_street_is_asked_for() -> None:
    steps: list[str] = []

    async def exists(code: str) -> bool:
        steps.append(code)
        return True

    async def reached(position: str) -> None:
        steps.append(position)

    reader = Reader()
    reader.until_reached = reached  # type: ignore[method-assign] # notes what is awaited
    desk = servicer(reader)
    desk._street_exists = exists
    named: dict[str, Any] = {"street": "440105008", "after": "p-7"}
    await desk.GetReport(pb.GetReportRequest(**MARCH, **named), None)
    await desk.ListCasesBehind(
        pb.ListCasesBehindRequest(**MARCH, **named, indicator="on_time", side=pb.SIDE_NUMERATOR), None
    )
    assert steps == ["p-7", "440105008"] * 2


@pytest.mark.parametrize("rows_there", [False, True])
async def test_figures_of_the_reserved_place_have_one_answer_whatever_is_there(rows_there: bool) -> None:
    async def exists(_: str) -> bool:
        return rows_there

    desk, reserved = servicer(Reader()), pb.GetReportRequest(**MARCH, street="440105999")
    desk._street_exists = exists
    with pytest.raises(WrongDesk) as refused:
        await desk.GetReport(reserved, None)
    assert refused.value.field == "street"
    set_caller(replace(caller("440105999"), machine=True, system="PROBE"))
    assert (await desk.GetReport(reserved, None)).volume == 8


async def test_a_report_of_one_street_reads_that_street_alone() -> None:
    reader = Reader()
    await servicer(reader).GetReport(pb.GetReportRequest(**MARCH, street=STREET), None)
    assert reader.scopes == [Scope(DISTRICT, STREET)]


@pytest.mark.parametrize(
    ("kind", "period"),
    [(pb.PERIOD_KIND_MONTH, "2016"), (pb.PERIOD_KIND_DAY, "2016-02-30"), (pb.PERIOD_KIND_WEEK, "2016-03")],
)
async def test_a_period_in_another_form_than_its_kind_is_refused(kind: Any, period: str) -> None:
    with pytest.raises(NotAPeriod) as refused:
        await servicer(Reader()).GetReport(pb.GetReportRequest(kind=kind, period=period), None)
    assert refused.value.field == "period"


def cases(**change: Any) -> pb.ListCasesBehindRequest:
    """The matters behind the rate of punctuality in March."""
    fields: dict[str, Any] = {"indicator": "on_time", "side": pb.SIDE_REST} | MARCH | change
    return pb.ListCasesBehindRequest(**fields)


async def test_the_matters_behind_a_figure_are_led_through_by_tokens() -> None:
    rows = [behind(f"N{number}") for number in range(5)]
    reader = Reader(rows)
    shown: list[str] = []
    token, pages = "", 0
    while pages < 3:
        page = await servicer(reader).ListCasesBehind(cases(page_size=2, page_token=token), None)
        shown += [each.number for each in page.matters]
        assert page.total == 5
        token, pages = page.next_page_token, pages + 1
        if not token:
            break
    assert shown == ["N0", "N1", "N2", "N3", "N4"]
    assert pages == 3
    last = reader.queries[-1][1]
    assert (last.side, last.indicator.code, last.size) == (Side.REST, "on_time", 2)
    assert last.after == ("N3", rows[3]["application_id"])


async def test_a_page_that_is_not_full_is_the_last_one_and_a_page_without_a_size_has_fifty() -> None:
    reader = Reader([behind("N0")])
    page = await servicer(reader).ListCasesBehind(cases(), None)
    assert (len(page.matters), page.next_page_token) == (1, "")
    assert reader.queries[0][1].size == 50


async def test_a_matter_behind_a_figure_has_its_days_and_its_end() -> None:
    closed = behind("N0", closed_on=date(2016, 3, 16), outcome="granted")
    answer = await servicer(Reader([closed, behind("N1", accepted_on=None)])).ListCasesBehind(cases(), None)
    first, second = answer.matters
    assert (first.accepted_on, first.due_on, first.closed_on, first.outcome) == (
        "2016-03-01",
        "2016-03-15",
        "2016-03-16",
        "granted",
    )
    assert (first.place.street, first.application_id) == (STREET, str(closed["application_id"]))
    assert (second.accepted_on, second.closed_on, second.outcome) == ("", "", "")


@pytest.mark.parametrize("token", ["%", "eA==", "AAAAAAAAAAAAAAAAAAAAAP8="])
async def test_a_page_token_that_no_answer_gave_is_refused_by_its_field(token: str) -> None:
    with pytest.raises(Invalid) as refused:
        await servicer(Reader()).ListCasesBehind(cases(page_token=token), None)
    assert [fault.field for fault in refused.value.fields] == ["page_token"]


async def test_an_unknown_indicator_is_refused_by_its_field() -> None:
    with pytest.raises(UnknownIndicator) as refused:
        await servicer(Reader()).ListCasesBehind(cases(indicator="speed"), None)
    assert refused.value.field == "indicator"


@pytest.mark.parametrize(("due_on", "shown"), [(date(2016, 3, 15), "2016-03-15"), (None, "")])
async def test_progress_shows_the_stages_with_their_days_and_no_name(due_on: date | None, shown: str) -> None:
    application_id = uuid4()
    row = matter(submitted_on=date(2016, 3, 1), accepted_on=date(2016, 3, 2), ground=1) | {
        "application_id": application_id,
        "query_code_digest": code_digest(PEPPER, application_id, CODE).hex(),
        "item_name": "事项",
        "promised_due_on": due_on,
        "provisional": False,
    }
    request = pb.GetProgressRequest(number="N1", query_code=CODE)
    answer = await servicer(Reader(matters={"N1": row})).GetProgress(request, None)
    assert [(stage.name, stage.on) for stage in answer.stages] == [("已收件", "2016-03-01"), ("已受理", "2016-03-02")]
    assert (answer.item_name, answer.promised_due_on, answer.outcome) == ("事项", shown, "")


@pytest.mark.parametrize(("sensitive", "shown"), [(True, "事项"), (False, "低保申请"), (None, "低保申请")])
async def test_progress_names_no_sensitive_item(sensitive: bool | None, shown: str) -> None:
    application_id = uuid4()
    row = matter(submitted_on=date(2016, 3, 1)) | {
        "application_id": application_id,
        "query_code_digest": code_digest(PEPPER, application_id, CODE).hex(),
        "item_name": "低保申请",
        "sensitive": sensitive,
        "promised_due_on": None,
        "provisional": False,
    }
    request = pb.GetProgressRequest(number="N1", query_code=CODE)
    assert (await servicer(Reader(matters={"N1": row})).GetProgress(request, None)).item_name == shown


async def test_the_board_shows_lamps_and_windows_of_the_day() -> None:
    boards = servicer(Reader()).WatchBoard(pb.WatchBoardRequest(street=STREET), None)
    board = await anext(boards)
    assert (board.on, board.normal, board.windows[0].window) == ("2016-03-01", 5, "W1")
    await boards.aclose()  # type: ignore[attr-defined] # it is a generator
