"""Self-test against services within this process: its steps in order, and the step that names each fault."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import approval_service_pb2_grpc as approval_grpc
from onewindow.approval.v1 import case_pb2
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import catalogue_service_pb2_grpc as catalogue_grpc
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import intake_service_pb2_grpc as intake_grpc
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from onewindow.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from onewindow.notify.v1 import notify_service_pb2 as notify
from onewindow.notify.v1 import notify_service_pb2_grpc as notify_grpc

from chassis.rpc.validation import check
from operations import selftest as tested
from operations.errors import CommandError
from operations.selftest import Probe, ServiceAddresses, selftest
from protocol.streams import SERVICES

CASE, APPLICATION = "01957a3e-7c00-7000-8000-000000000002", "01957a3e-7c00-7000-8000-000000000001"
NUMBER = "11440105K3160578855442106001001201603010001"


def item(code: str = "I1", **change: Any) -> catalogue.Item:
    """An item that can be applied for online."""
    found = catalogue.Item(
        code="11440105K31605788554421060010" + code,
        name="合成事项",
        kind=catalogue.ITEM_KIND_PROMISED,
        status=catalogue.ITEM_STATUS_ACTIVE,
        accept_points=[catalogue.ACCEPT_POINT_ONLINE],
        materials=[catalogue.Material(code="M01", required=True), catalogue.Material(code="M02")],
    )
    for name, value in change.items():
        setattr(found, name, value)
    return found


@dataclass
class Office(  # type: ignore[misc] # three services have a call GetTermProof; none is made here
    intake_grpc.IntakeServiceServicer,
    catalogue_grpc.CatalogueServiceServicer,
    approval_grpc.ApprovalServiceServicer,
    notify_grpc.NotifyServiceServicer,
    metrics_grpc.MetricsServiceServicer,
    health_pb2_grpc.HealthServicer,  # type: ignore[misc] # the library brings no types
):
    """The services as a test wants them, and the requests that came."""

    items: Iterable[catalogue.Item] = field(default_factory=lambda: [item()])
    number: str = NUMBER
    notices: int = 0
    stages: int = 1
    closed: bool = True
    refuses: str = ""
    """The method that refuses its call."""
    healthy: bool = True
    requests: list[Any] = field(default_factory=list)

    async def answered(self, request: Any, context: Any, answer: Any) -> Any:
        """The answer, unless the method is the one that refuses."""
        check(request)
        self.requests.append(request)
        if type(request).__name__ == f"{self.refuses}Request":
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "现在不能办理。")
        return answer

    async def Check(self, request: Any, context: Any) -> Any:
        if not self.healthy:
            await context.abort(grpc.StatusCode.NOT_FOUND, "没有此服务。")
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)

    async def ListItems(self, request: Any, context: Any) -> Any:
        """One item a page."""
        items = list(self.items)
        place = int(request.page_token or 0)
        page = items[place : place + 1]
        token = str(place + 1) if place + 1 < len(items) else ""
        return await self.answered(request, context, catalogue_pb.ListItemsResponse(items=page, next_page_token=token))

    async def Submit(self, request: Any, context: Any) -> Any:
        answer = submission_pb.SubmitResponse(application_id=APPLICATION, query_code="ABCD2345", position="p-1")
        return await self.answered(request, context, answer)

    async def Accept(self, request: Any, context: Any) -> Any:
        return await self.answered(request, context, intake.AcceptResponse(number=NUMBER, case_id=CASE, position="p-2"))

    async def Withdraw(self, request: Any, context: Any) -> Any:
        return await self.answered(request, context, intake.WithdrawResponse(position="p-3"))

    async def GetCase(self, request: Any, context: Any) -> Any:
        withdrawn = any(isinstance(each, intake.WithdrawRequest) for each in self.requests)
        stage = case_pb2.CASE_STAGE_CLOSED if withdrawn and self.closed else case_pb2.CASE_STAGE_REVIEW
        case = case_pb2.Case(number=self.number, stage=stage)
        return await self.answered(request, context, approval.GetCaseResponse(case=case))

    async def ListNotices(self, request: Any, context: Any) -> Any:
        answer = notify.ListNoticesResponse(notices=[notify.Notice()] * self.notices)
        return await self.answered(request, context, answer)

    async def GetProgress(self, request: Any, context: Any) -> Any:
        answer = metrics.GetProgressResponse(stages=[metrics.ProgressStage()] * self.stages)
        return await self.answered(request, context, answer)

    @property
    def called(self) -> list[str]:
        """The methods that were called, in order."""
        return [type(request).__name__.removesuffix("Request") for request in self.requests]


@pytest.fixture
async def office() -> Office:
    """An office in which everything works."""
    return Office()


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    """The address at which the office answers."""
    server = grpc.aio.server()
    intake_grpc.add_IntakeServiceServicer_to_server(office, server)
    catalogue_grpc.add_CatalogueServiceServicer_to_server(office, server)
    approval_grpc.add_ApprovalServiceServicer_to_server(office, server)
    notify_grpc.add_NotifyServiceServicer_to_server(office, server)
    metrics_grpc.add_MetricsServiceServicer_to_server(office, server)
    health_pb2_grpc.add_HealthServicer_to_server(office, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield f"127.0.0.1:{port}"
    await server.stop(None)


async def run(address: str, item_code: str = "") -> list[str]:
    """The steps that were reported."""
    reported: list[str] = []
    addresses = dict.fromkeys(SERVICES, ServiceAddresses(address, address))
    await selftest(addresses, Probe("440105", token="token"), reported.append, item_code)
    return reported


async def failure(address: str, item_code: str = "") -> str:
    """The sentence with which the self-test ends."""
    with pytest.raises(CommandError) as failed:
        await run(address, item_code)
    return str(failed.value)


async def test_every_step_is_reported_in_its_order(office: Office, address: str) -> None:
    steps = await run(address)
    assert [step for step in steps if "健康检查" in step] == [f"✓ {name}：健康检查" for name in SERVICES]
    assert [step.removeprefix("✓ ") for step in steps[4:]] == [
        "intake：选取事项",
        "intake：在保留地点提交合成办件（合成事项）",
        "intake：受理",
        "approval：已见案卷",
        "notify：已见办件，未发任何消息",
        "metrics：已见进度",
        "intake：撤回合成办件",
        "approval：案卷已随撤回终止",
    ]
    assert office.called[-2:] == ["Withdraw", "GetCase"]


async def test_the_matter_is_submitted_at_the_reserved_place_with_the_papers_it_needs(
    office: Office, address: str
) -> None:
    await run(address)
    (submit,) = [request for request in office.requests if isinstance(request, submission_pb.SubmitRequest)]
    assert submit.submission.place.street == "440105999"
    assert [paper.material_code for paper in submit.submission.materials] == ["M01"]
    assert submit.submission.item_code.endswith("I1")


async def test_each_reading_waits_for_the_position_of_the_step_before(office: Office, address: str) -> None:
    await run(address)
    assert [request.after for request in office.requests if "Get" in type(request).__name__] == ["p-2", "p-2", "p-3"]


FAULTS: list[Any] = [
    pytest.param({"number": "N9"}, "approval：已见案卷", f"approval 的办件编号是 N9，应为 {NUMBER}", id="number"),
    pytest.param({"notices": 2}, "notify：已见办件，未发任何消息", "为合成办件登记了 2 条消息，不应有", id="messages"),
    pytest.param({"stages": 0}, "metrics：已见进度", "查询进度没有任何环节", id="progress"),
    pytest.param({"closed": False}, "approval：案卷已随撤回终止", "案卷仍处于 CASE_STAGE_REVIEW", id="still open"),
    pytest.param({"refuses": "Accept"}, "intake：受理", "现在不能办理。（FAILED_PRECONDITION）", id="acceptance"),
    pytest.param({"refuses": "ListItems"}, "intake：选取事项", "现在不能办理。", id="items"),
    pytest.param({"items": []}, "intake：选取事项", "目录中没有可网上提交的承诺件", id="no item"),
]


@pytest.mark.parametrize(("fault", "step", "sentence"), FAULTS)
async def test_a_fault_is_named_with_its_step(
    office: Office, address: str, fault: dict[str, Any], step: str, sentence: str
) -> None:
    for name, value in fault.items():
        setattr(office, name, value)
    found = await failure(address)
    assert found.startswith(f"✗ {step}：")
    assert sentence in found


@pytest.mark.parametrize("fault", [{"number": "N9"}, {"notices": 1}, {"stages": 0}, {"refuses": "Accept"}])
async def test_the_matter_is_withdrawn_whatever_went_wrong(office: Office, address: str, fault: dict[str, Any]) -> None:
    for name, value in fault.items():
        setattr(office, name, value)
    await failure(address)
    assert office.called[-1] == "Withdraw"


async def test_a_matter_that_was_not_taken_is_not_withdrawn(office: Office, address: str) -> None:
    office.refuses = "Submit"
    assert "在保留地点提交" in await failure(address)
    assert "Withdraw" not in office.called


async def test_a_service_that_is_not_ready_ends_the_test_before_a_matter_is_made(office: Office, address: str) -> None:
    office.healthy = False
    assert (await failure(address)).startswith(f"✗ {SERVICES[0]}：健康检查")
    assert office.requests == []


UNFIT: list[dict[str, Any]] = [
    {"kind": catalogue.ITEM_KIND_INSTANT},
    {"status": catalogue.ITEM_STATUS_SUSPENDED},
    {"effective_to": "2030-12-31"},
]


@pytest.mark.parametrize("change", UNFIT, ids=lambda change: next(iter(change)))
async def test_the_first_item_that_fits_is_taken_page_after_page(
    office: Office, address: str, change: dict[str, Any]
) -> None:
    office.items = [item("I0", **change), item("I1")]
    await run(address)
    assert office.called.count("ListItems") == 2


async def test_a_named_item_is_taken_whatever_its_kind_and_an_unknown_one_is_refused(
    office: Office, address: str
) -> None:
    office.items = [item("I0"), item("I1", kind=catalogue.ITEM_KIND_INSTANT)]
    steps = await run(address, item("I1").code)
    assert len(steps) == 12
    assert "目录中没有事项 I9" in await failure(address, "I9")


def test_the_matter_names_no_living_person() -> None:
    assert tested._IDENTITY_NUMBER[6:10] == "1849"
