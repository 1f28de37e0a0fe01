"""Self-test: one synthetic matter through all four services at the reserved place, and back. `helm test` runs it.

No figure counts it, no message goes out, nothing is handed over to the district. It is withdrawn in any case.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import case_pb2
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import intake_event_pb2 as fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from onewindow.notify.v1 import notify_service_pb2 as notify

from chassis.process.health import READY
from chassis.rpc.identity.rotating_certificates import Pems
from client.channels import mutual_tls, open_channel
from client.office import CallFailed, OfficeClient, Request, Response
from client.retries import RetryPolicy, answered
from law.desk import RESERVED
from operations.errors import CommandError

Report = Callable[[str], None]

_CALL_SECONDS = 15.0
_POLICY = RetryPolicy(attempts=8, first_pause=0.25, longest_pause=3.0)
_PROBE = "probe"
_IDENTITY_NUMBER = "440105184912310027"
"""An identity number with a birth date in 1849, which no living person has."""


@dataclass(frozen=True, slots=True)
class ServiceAddresses:
    """Addresses of one service, HOST:PORT."""

    rpc: str
    health: str


@dataclass(frozen=True, slots=True)
class Probe:
    """The caller of the test: a certificate of the cluster's own test, or a token of the embedded stack."""

    district: str
    pems: Pems | None = None
    token: str = ""

    @property
    def place(self) -> Place:
        """The place of synthetic matters."""
        return Place(district=self.district, street=f"{self.district}{RESERVED}")

    def client(self, addresses: Mapping[str, ServiceAddresses]) -> OfficeClient:
        """A client of the four services."""
        return OfficeClient(
            {name: address.rpc for name, address in addresses.items()},
            {_PROBE: self.token} if self.token else {},
            mutual_tls(self.pems) if self.pems else None,
            policy=_POLICY,
            call_seconds=_CALL_SECONDS,
        )


async def selftest(
    addresses: Mapping[str, ServiceAddresses], probe: Probe, report: Report, item_code: str = ""
) -> None:
    """Takes every step and reports it. Raises CommandError with the step that failed."""
    for name, address in addresses.items():
        await _step(f"{name}：健康检查", _healthy(address.health), report)
    async with probe.client(addresses) as client:
        await _SyntheticMatter(client, probe.place, report).run(item_code)


class _SyntheticMatter:
    """The matter on its way through the services."""

    def __init__(self, client: OfficeClient, place: Place, report: Report) -> None:
        self._client = client
        self._place = place
        self._report = report
        self._id = uuid4().hex[:12]
        self._application_id = self._case_id = ""
        self._number = self._query_code = ""
        self._position = ""

    async def run(self, item_code: str) -> None:
        item = await _step("intake：选取事项", self._item(item_code), self._report)
        await _step(f"intake：在保留地点提交合成办件（{item.name}）", self._submit(item), self._report)
        try:
            await _step("intake：受理", self._accept(), self._report)
            await _step("approval：已见案卷", self._case(), self._report)
            await _step("notify：已见办件，未发任何消息", self._unsent(), self._report)
            await _step("metrics：已见进度", self._progress(), self._report)
        finally:
            await _step("intake：撤回合成办件", self._withdraw(), self._report)
        await _step("approval：案卷已随撤回终止", self._ended(), self._report)

    async def _item(self, item_code: str) -> catalogue.Item:
        token = ""
        while True:
            request = catalogue_pb.ListItemsRequest(page_size=200, page_token=token)
            page = await self._call(self._client.catalogue.ListItems, request)
            for item in page.items:
                if item.code == item_code or (not item_code and _suits(item)):
                    return item
            if not (token := page.next_page_token):
                break
        if item_code:
            raise CommandError(f"目录中没有事项 {item_code}")
        raise CommandError(
            "目录中没有可网上提交的承诺件，无法提交合成办件：请先发布目录（onewindow catalogue publish）"
        )

    async def _submit(self, item: catalogue.Item) -> None:
        applicant = submission_pb.Applicant(
            kind=fact.APPLICANT_KIND_PERSON, name="系统自检", identity_number=_IDENTITY_NUMBER, phone="13800000000"
        )
        materials = [
            submission_pb.MaterialInput(material_code=material.code, form=fact.MATERIAL_FORM_COPY, copies=1)
            for material in item.materials
            if material.required
        ]
        submission = submission_pb.Submission(
            place=self._place,
            item_code=item.code,
            channel=fact.CHANNEL_ONLINE,
            applicant=applicant,
            materials=materials,
        )
        request = submission_pb.SubmitRequest(request_id=f"selftest-{self._id}-submit", submission=submission)
        taken = await self._call(self._client.intake.Submit, request)
        self._application_id, self._query_code = taken.application_id, taken.query_code
        self._number, self._position = taken.serial_number, taken.position

    async def _accept(self) -> None:
        request = intake.AcceptRequest(request_id=f"selftest-{self._id}-accept", application_id=self._application_id)
        accepted = await self._call(self._client.intake.Accept, request)
        self._number, self._case_id = accepted.number, accepted.case_id
        self._position = accepted.position

    async def _case(self) -> None:
        found = await self._case_now()
        if found.number != self._number:
            raise CommandError(f"approval 的办件编号是 {found.number}，应为 {self._number}")

    async def _ended(self) -> None:
        found = await self._case_now()
        if found.stage != case_pb2.CASE_STAGE_CLOSED:
            raise CommandError(f"案卷仍处于 {case_pb2.CaseStage.Name(found.stage)}")

    async def _case_now(self) -> case_pb2.Case:
        request = approval.GetCaseRequest(case_id=self._case_id, after=self._position)
        return (await self._call(self._client.approval.GetCase, request)).case

    async def _unsent(self) -> None:
        request = notify.ListNoticesRequest(application_id=self._application_id, after=self._position)
        if notices := (await self._call(self._client.notify.ListNotices, request)).notices:
            raise CommandError(f"为合成办件登记了 {len(notices)} 条消息，不应有")

    async def _progress(self) -> None:
        request = metrics.GetProgressRequest(number=self._number, query_code=self._query_code, after=self._position)
        if not (await self._call(self._client.metrics.GetProgress, request)).stages:
            raise CommandError("查询进度没有任何环节")

    async def _withdraw(self) -> None:
        request = intake.WithdrawRequest(
            request_id=f"selftest-{self._id}-withdraw", application_id=self._application_id
        )
        self._position = (await self._call(self._client.intake.Withdraw, request)).position

    async def _call(self, method: grpc.aio.UnaryUnaryMultiCallable[Request, Response], request: Request) -> Response:
        try:
            return await self._client.call(_PROBE, method, request)
        except CallFailed as failed:
            raise CommandError(f"{failed.refusal}（{failed.code.name}）") from failed


async def _step(name: str, step: Awaitable[Any], report: Report) -> Any:  # noqa: ANN401 - the result of any step
    try:
        result = await step
    except CommandError as error:
        raise CommandError(f"✗ {name}：{error}") from error
    report(f"✓ {name}")
    return result


async def _healthy(address: str) -> None:
    async with open_channel(address) as channel:
        stub, request = health_pb2_grpc.HealthStub(channel), health_pb2.HealthCheckRequest(service=READY)
        try:
            await answered(lambda: stub.Check(request, timeout=_CALL_SECONDS, wait_for_ready=True), _POLICY)
        except grpc.aio.AioRpcError as error:
            raise CommandError(f"{error.details()}（{error.code().name}）") from error


def _suits(item: catalogue.Item) -> bool:
    """True when it can be submitted online on any day, and opens a case."""
    online = catalogue.ACCEPT_POINT_ONLINE in item.accept_points
    in_force = item.status == catalogue.ITEM_STATUS_ACTIVE and not item.effective_to and not item.seasons
    return online and in_force and item.kind == catalogue.ITEM_KIND_PROMISED
