"""One made-up matter through all four services at the reserved place, and back: what `helm test` runs.

No figure counts it, no message goes out, nothing is handed to the district. It is withdrawn in any case.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import case_pb2
from onewindow.approval.v1.approval_service_pb2_grpc import ApprovalServiceStub
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import intake_event_pb2 as fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.intake.v1.catalogue_service_pb2_grpc import CatalogueServiceStub
from onewindow.intake.v1.intake_service_pb2_grpc import IntakeServiceStub
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from onewindow.metrics.v1.metrics_service_pb2_grpc import MetricsServiceStub
from onewindow.notify.v1 import notify_service_pb2 as notify
from onewindow.notify.v1.notify_service_pb2_grpc import NotifyServiceStub

from chassis.process.health import READY
from chassis.rpc.identity.identity_files import Pems
from operations.errors import CommandError

Say = Callable[[str], None]

_CALL_SECONDS = 15.0
_TRIES = 8
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 3.0
_AGAIN = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
    }
)
_NOBODY = "440105184912310027"
"""An identity number of somebody born in 1849."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where one service answers, HOST:PORT."""

    rpc: str
    health: str


@dataclass(frozen=True, slots=True)
class Probe:
    """As whom the test calls: a certificate of the cluster's own test, or a token of the embedded stack."""

    district: str
    pems: Pems | None = None
    token: str = ""

    @property
    def place(self) -> Place:
        """The place whose matters are made up."""
        return Place(district=self.district, street=f"{self.district}999")


@dataclass(slots=True)
class _Matter:
    application_id: str = ""
    number: str = ""
    case_id: str = ""
    query_code: str = ""
    position: str = ""


async def selftest(doors: Mapping[str, Doors], probe: Probe, say: Say, item_code: str = "") -> None:
    """Walk the whole way and tell each step. Raises CommandError with the step that failed."""
    for name, door in doors.items():
        await _step(f"{name}：健康检查", _healthy(door.health), say)
    channels = {name: _channel(door.rpc, probe) for name, door in doors.items()}
    try:
        await _Walk(channels, probe, say).go(item_code)
    finally:
        for channel in channels.values():
            await channel.close(None)


class _Walk:
    """The matter on its way."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel], probe: Probe, say: Say) -> None:
        self._intake = IntakeServiceStub(channels["intake"])
        self._catalogue = CatalogueServiceStub(channels["intake"])
        self._approval = ApprovalServiceStub(channels["approval"])
        self._notify = NotifyServiceStub(channels["notify"])
        self._metrics = MetricsServiceStub(channels["metrics"])
        self._probe = probe
        self._say = say
        self._run = uuid4().hex[:12]
        self._matter = _Matter()

    async def go(self, item_code: str) -> None:
        item = await _step("intake：选取事项", self._item(item_code), self._say)
        await _step(f"intake：在保留地点提交合成办件（{item.name}）", self._submit(item), self._say)
        try:
            await _step("intake：受理", self._accept(), self._say)
            await _step("approval：已见案卷", self._case(), self._say)
            await _step("notify：已见办件，未发任何消息", self._unsent(), self._say)
            await _step("metrics：已见进度", self._progress(), self._say)
        finally:
            await _step("intake：撤回合成办件", self._withdraw(), self._say)
        await _step("approval：案卷已随撤回终止", self._ended(), self._say)

    async def _item(self, item_code: str) -> catalogue.Item:
        token = ""
        while True:
            page: catalogue_pb.ListItemsResponse = await self._call(
                self._catalogue.ListItems, catalogue_pb.ListItemsRequest(page_size=200, page_token=token)
            )
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
            kind=fact.APPLICANT_KIND_PERSON, name="系统自检", identity_number=_NOBODY, phone="13800000000"
        )
        materials = [
            submission_pb.MaterialInput(material_code=material.code, form=fact.MATERIAL_FORM_COPY, copies=1)
            for material in item.materials
            if material.required
        ]
        submission = submission_pb.Submission(
            place=self._probe.place,
            item_code=item.code,
            channel=fact.CHANNEL_ONLINE,
            applicant=applicant,
            materials=materials,
        )
        asked = submission_pb.SubmitRequest(request_id=f"selftest-{self._run}-submit", submission=submission)
        taken = await self._call(self._intake.Submit, asked)
        self._matter.application_id, self._matter.query_code = taken.application_id, taken.query_code
        self._matter.number, self._matter.position = taken.serial_number, taken.position

    async def _accept(self) -> None:
        asked = intake.AcceptRequest(
            request_id=f"selftest-{self._run}-accept", application_id=self._matter.application_id
        )
        accepted = await self._call(self._intake.Accept, asked)
        self._matter.number, self._matter.case_id = accepted.number, accepted.case_id
        self._matter.position = accepted.position

    async def _case(self) -> None:
        found = await self._case_now()
        if found.number != self._matter.number:
            raise CommandError(f"approval 的办件编号是 {found.number}，应为 {self._matter.number}")

    async def _ended(self) -> None:
        found = await self._case_now()
        if found.stage != case_pb2.CASE_STAGE_CLOSED:
            raise CommandError(f"案卷仍处于 {case_pb2.CaseStage.Name(found.stage)}")

    async def _case_now(self) -> case_pb2.Case:
        asked = approval.GetCaseRequest(case_id=self._matter.case_id, after=self._matter.position)
        found: approval.GetCaseResponse = await self._call(self._approval.GetCase, asked)
        return found.case

    async def _unsent(self) -> None:
        asked = notify.ListNoticesRequest(application_id=self._matter.application_id, after=self._matter.position)
        if notices := (await self._call(self._notify.ListNotices, asked)).notices:
            raise CommandError(f"为合成办件登记了 {len(notices)} 条消息，不应有")

    async def _progress(self) -> None:
        matter = self._matter
        asked = metrics.GetProgressRequest(number=matter.number, query_code=matter.query_code, after=matter.position)
        if not (await self._call(self._metrics.GetProgress, asked)).stages:
            raise CommandError("查询进度没有任何环节")

    async def _withdraw(self) -> None:
        asked = intake.WithdrawRequest(
            request_id=f"selftest-{self._run}-withdraw", application_id=self._matter.application_id
        )
        self._matter.position = (await self._call(self._intake.Withdraw, asked)).position

    async def _call(self, method: Any, request: Any) -> Any:  # noqa: ANN401 any stub's method
        token = self._probe.token
        headers: Sequence[tuple[str, str]] = (("authorization", f"Bearer {token}"),) if token else ()
        return await _answered(lambda: method(request, metadata=headers, timeout=_CALL_SECONDS))


async def _answered(call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 the answer of any method
    """As every client is asked to: the same request again, with pauses that grow. Raises CommandError."""
    pause = _FIRST_PAUSE
    for attempt in range(1, _TRIES + 1):
        try:
            return await call()
        except grpc.aio.AioRpcError as error:
            if error.code() not in _AGAIN or attempt == _TRIES:
                raise CommandError(f"{error.details()}（{error.code().name}）") from error
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
    raise AssertionError("unreachable: the last try raises")


async def _step(name: str, step: Awaitable[Any], say: Say) -> Any:  # noqa: ANN401 what the step gives
    try:
        given = await step
    except CommandError as error:
        raise CommandError(f"✗ {name}：{error}") from error
    say(f"✓ {name}")
    return given


async def _healthy(address: str) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        stub, asked = health_pb2_grpc.HealthStub(channel), health_pb2.HealthCheckRequest(service=READY)
        await _answered(lambda: stub.Check(asked, timeout=_CALL_SECONDS, wait_for_ready=True))


def _suits(item: catalogue.Item) -> bool:
    """Whether it can be handed in online today, whatever the day, and opens a case."""
    online = catalogue.ACCEPT_POINT_ONLINE in item.accept_points
    in_force = item.status == catalogue.ITEM_STATUS_ACTIVE and not item.effective_to and not item.seasons
    return online and in_force and item.kind == catalogue.ITEM_KIND_PROMISED


def _channel(address: str, probe: Probe) -> grpc.aio.Channel:
    options = [("grpc.enable_http_proxy", 0)]
    if probe.pems is None:
        return grpc.aio.insecure_channel(address, options=options)
    pems = probe.pems
    credentials = grpc.ssl_channel_credentials(pems.authority, pems.key, pems.certificate)
    return grpc.aio.secure_channel(address, credentials, options=options)
