"""Lifecycles a second: submit, accept, decide, read back, by 32 callers against a running stack."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from uuid import uuid4

from grpc import StatusCode
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import intake_event_pb2 as intake_fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb

from client.office import CallFailed, OfficeClient
from simulation.schedule import resident

CALLERS = 32
"""Lifecycles that run at the same time."""
CLERK, HEAD, CONFIGURATOR = "BENCH-1", "BENCH-2", "BENCH-3"
"""Callers: a window, the head of the street, the district's configurator."""
_WINDOW = "W1"
_PER_MILLE = 1000


@dataclass(slots=True)
class LifecycleMeasurement:
    """The result of a run."""

    lifecycles: int = 0
    seconds: float = 0.0
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def per_second(self) -> float:
        """Lifecycles a second."""
        return self.lifecycles / self.seconds if self.seconds else 0.0

    def milliseconds(self) -> Mapping[str, tuple[float, float]]:
        """p50 and p99 of each call."""
        return {name: _percentiles(times) for name, times in self.took.items()}


@dataclass(frozen=True, slots=True)
class LifecycleLoad:
    """Lifecycles of matters at one street."""

    client: OfficeClient
    place: desk.Place

    async def publish(self) -> None:
        """Publishes the street, the item and the window that the lifecycles need."""
        run, client, code = uuid4().hex[:8], self.client, self.place.street
        street = catalogue_pb.PublishStreetRequest(
            request_id=f"bench-street-{run}", street=catalogue.Street(code=code, name=f"街道{code}")
        )
        try:
            await client.call(CONFIGURATOR, client.catalogue.PublishStreet, street)
        except CallFailed as refused:
            if refused.code is not StatusCode.UNIMPLEMENTED:  # releases up to 0.2 know streets by their windows
                raise
        window = catalogue_pb.PublishWindowRequest(request_id=f"bench-window-{run}", window=_window(self.place.street))
        await client.call(CONFIGURATOR, client.catalogue.PublishWindow, window)
        item = catalogue_pb.PublishItemRequest(request_id=f"bench-item-{run}", item=_item())
        await client.call(CONFIGURATOR, client.catalogue.PublishItem, item)

    async def run(self, seconds: float) -> LifecycleMeasurement:
        """Plays lifecycles for that many seconds."""
        measured, run = LifecycleMeasurement(), uuid4().hex[:8]
        started = time.perf_counter()

        async def caller(number: int) -> None:
            nth = 0
            while time.perf_counter() - started < seconds:
                nth += 1
                await self._lifecycle(measured, f"{run}-{number}-{nth}", number * 1_000_000 + nth)
                measured.lifecycles += 1

        await asyncio.gather(*(caller(number) for number in range(CALLERS)))
        measured.seconds = time.perf_counter() - started
        return measured

    async def _lifecycle(self, measured: LifecycleMeasurement, name: str, applicant: int) -> None:
        client = self.client
        submission = self._submission(applicant)
        submit = submission_pb.SubmitRequest(request_id=f"{name}-submit", submission=submission)
        taken = await self._timed(measured, CLERK, client.intake.Submit, submit)
        accept = intake.AcceptRequest(request_id=f"{name}-accept", application_id=taken.application_id)
        accepted = await self._timed(measured, CLERK, client.intake.Accept, accept)
        decide = approval.DecideRequest(
            request_id=f"{name}-decide",
            case_id=accepted.case_id,
            outcome=approval_fact.OUTCOME_GRANTED,
            after=accepted.position,
        )
        await self._timed(measured, HEAD, client.approval.Decide, decide)
        read = approval.GetCaseRequest(case_id=accepted.case_id)
        found = await self._timed(measured, HEAD, client.approval.GetCase, read)
        if found.case.outcome != "granted":
            raise AssertionError(f"case {accepted.case_id} reads back as {found.case.outcome!r}")

    async def _timed(self, measured: LifecycleMeasurement, staff_no: str, method: Any, request: Any) -> Any:  # noqa: ANN401 - any stub's method
        started = time.perf_counter()
        answer = await self.client.call(staff_no, method, request)
        measured.took[type(request).__name__.removesuffix("Request")].append(time.perf_counter() - started)
        return answer

    def _submission(self, applicant: int) -> submission_pb.Submission:
        person = resident(0, applicant)
        return submission_pb.Submission(
            place=self.place,
            item_code=_item().code,
            channel=intake_fact.CHANNEL_WINDOW,
            window=_WINDOW,
            applicant=submission_pb.Applicant(
                kind=intake_fact.APPLICANT_KIND_PERSON,
                name=person.name,
                identity_number=person.identity_number,
                phone=person.phone,
            ),
            materials=[
                submission_pb.MaterialInput(material_code="M01", form=intake_fact.MATERIAL_FORM_ORIGINAL, copies=1),
            ],
        )


def _item() -> catalogue.Item:
    days = catalogue.Limit(days=10, unit=catalogue.LIMIT_UNIT_WORKING_DAYS, assumed=True)
    return catalogue.Item(
        code="11440105K3160578855442099999999",
        name="性能测量事项",
        line=catalogue.LINE_CIVIL_AFFAIRS,
        kind=catalogue.ITEM_KIND_PROMISED,
        nature="公共服务",
        decided_by="street",
        closes_on=catalogue.CLOSES_ON_DECISION,
        legal_limit=days,
        promised_limit=days,
        materials=[catalogue.Material(code="M01", name="申请表", required=True)],
        accept_points=[catalogue.ACCEPT_POINT_WINDOW],
        route=[
            catalogue.Step(
                code="S1", name="决定", kind=catalogue.STEP_KIND_DECIDE, post=catalogue.STEP_POST_HEAD, staff=1
            )
        ],
        effective_from="2008-01-01",
        status=catalogue.ITEM_STATUS_ACTIVE,
        receipt=True,
        sms=True,
    )


def _window(street: str) -> catalogue.Window:
    return catalogue.Window(
        code=_WINDOW,
        name="综合1号窗",
        street=street,
        general=True,
        lines=[line for line in catalogue.Line.values() if line],
        open_from="2008-01-01",
    )


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [times[0]] * 99
    return cuts[49] * _PER_MILLE, cuts[98] * _PER_MILLE
