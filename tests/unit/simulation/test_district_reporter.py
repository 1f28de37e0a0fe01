"""Reporter of the reference system: an end is reported until it is acknowledged or refused for good."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import error_details_pb2, status_pb2
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway

from chassis.clock import SHANGHAI
from simulation.district.register import DistrictRegister, RegisteredCase
from simulation.district.reporter import Reporter

TODAY = date(2016, 3, 4)


class StandingClock:
    """A clock that stands on the fourth of March."""

    def today(self) -> date:
        """The civil date."""
        return TODAY

    def now(self) -> datetime:
        """The instant."""
        return datetime(2016, 3, 4, 9, tzinfo=SHANGHAI)

    async def wait_change(self, seconds: float) -> bool:
        """It never moves."""
        return False


class FakeGateway:
    """Onewindow's gateway: answers each report as the test wants it."""

    def __init__(self, answer: Callable[[], None] = lambda: None) -> None:
        self.answer = answer
        self.reports: list[Any] = []
        self.metadata: list[Any] = []

    async def ReportDecision(self, request: Any, metadata: Any, timeout: float) -> object:
        """A decision."""
        return self._take(request, metadata)

    async def ReturnCase(self, request: Any, metadata: Any, timeout: float) -> object:
        """A return."""
        return self._take(request, metadata)

    def _take(self, request: Any, metadata: Any) -> object:
        self.reports.append(request)
        self.metadata.append(metadata)
        self.answer()
        return object()


def error(code: grpc.StatusCode, reason: str = "") -> grpc.aio.AioRpcError:
    """An answer of the gateway that is an error, with the reason in its details."""
    trailing = grpc.aio.Metadata()
    if reason:
        detail = AnyMessage()
        detail.Pack(error_details_pb2.ErrorInfo(reason=reason, domain="onewindow"))
        status = status_pb2.Status(code=code.value[0], message="no", details=[detail])
        trailing = grpc.aio.Metadata(("grpc-status-details-bin", status.SerializeToString()))
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), trailing, "no", "")


def refusing(code: grpc.StatusCode, reason: str = "") -> Callable[[], None]:
    """Refuses every report in that way."""

    def refuse() -> None:
        raise error(code, reason)

    return refuse


@pytest.fixture
def register() -> DistrictRegister:
    """A register with one case that is to be decided today."""
    made = DistrictRegister(None)
    made.receive(RegisteredCase("leg-1", "leg-1", "4401", "Q1", "2016-03-01", TODAY.isoformat()))
    return made


async def days(register: DistrictRegister, gateway: FakeGateway, attempts: int = 1, **settings: Any) -> Reporter:
    """A reporter after so many attempts at its day."""
    reporter = Reporter(register, StandingClock(), "nowhere:1", **settings)
    for _ in range(attempts):
        await reporter._finish_day(gateway)  # type: ignore[arg-type] # the two calls that it makes
    return reporter


async def test_a_decision_is_made_on_its_day_and_reported_once(register: DistrictRegister) -> None:
    fake = FakeGateway()
    reporter = await days(register, fake, attempts=2)
    (report,) = fake.reports
    assert (report.report_key, report.outcome, report.decided_on) == (
        "decided:leg-1",
        approval.OUTCOME_GRANTED,
        "2016-03-04",
    )
    assert reporter.day == "2016-03-04"


async def test_a_day_on_which_the_system_was_away_is_the_day_of_its_decisions(register: DistrictRegister) -> None:
    register.receive(RegisteredCase("leg-2", "leg-2", "4402", "Q2", "2016-03-01", "2016-03-02"))
    fake = FakeGateway()
    await days(register, fake)
    assert {report.case_id: report.decided_on for report in fake.reports} == {
        "leg-1": "2016-03-04",
        "leg-2": "2016-03-02",
    }


async def test_a_return_is_reported_with_its_reasons(register: DistrictRegister) -> None:
    register.close("leg-1", "returned", "", "", "材料不一致")
    fake = FakeGateway()
    await days(register, fake)
    assert fake.reports == [
        gateway.ReturnCaseRequest(report_key="returned:leg-1", case_id="leg-1", reasons="材料不一致")
    ]


@pytest.mark.parametrize(
    "code",
    [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.ABORTED, grpc.StatusCode.INTERNAL],
)
async def test_a_report_without_an_answer_is_tried_again(register: DistrictRegister, code: grpc.StatusCode) -> None:
    fake = FakeGateway(refusing(code))
    reporter = await days(register, fake, attempts=3)
    assert (len(fake.reports), len(register.unreported()), reporter.day) == (3, 1, "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (grpc.StatusCode.FAILED_PRECONDITION, "ALREADY_RETURNED"),
        (grpc.StatusCode.FAILED_PRECONDITION, "ALREADY_WITHDRAWN"),
        (grpc.StatusCode.FAILED_PRECONDITION, "RETURNED_OTHERWISE"),
        (grpc.StatusCode.NOT_FOUND, "NOT_FOUND"),
        (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED"),
    ],
)
async def test_a_report_refused_for_good_is_settled_and_visible(
    register: DistrictRegister, code: grpc.StatusCode, reason: str
) -> None:
    fake = FakeGateway(refusing(code, reason))
    reporter = await days(register, fake, attempts=2)
    assert len(fake.reports) == 1, "it is not repeated"
    assert (register.unreported(), reporter.day) == ([], "2016-03-04")
    assert [each.refusal for each in register.refused()] == [reason]


async def test_a_refusal_without_details_is_shown_by_its_code(register: DistrictRegister) -> None:
    await days(register, FakeGateway(refusing(grpc.StatusCode.FAILED_PRECONDITION)))
    assert [each.refusal for each in register.refused()] == ["FAILED_PRECONDITION"]


async def test_a_date_is_tried_again_for_a_while_because_clocks_differ(register: DistrictRegister) -> None:
    fake = FakeGateway(refusing(grpc.StatusCode.INVALID_ARGUMENT, "DECISION_DATE_IMPOSSIBLE"))
    await days(register, fake, attempts=5)
    assert (len(register.unreported()), register.refused()) == (1, [])
    await days(register, fake, attempts=50)
    assert [each.refusal for each in register.refused()] == ["DECISION_DATE_IMPOSSIBLE"]


async def test_reports_show_the_token_of_the_system(register: DistrictRegister, tmp_path: Path) -> None:
    token = tmp_path / "token"
    fake = FakeGateway()
    await days(register, fake, token_file=token)
    assert (fake.reports, len(register.unreported())) == ([], 1), "without its token nothing is lost"
    token.write_text("abc\n")
    await days(register, fake, token_file=token)
    assert fake.metadata == [(("authorization", "Bearer abc"),)]
    assert register.unreported() == []
