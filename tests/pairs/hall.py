"""The hall of the pairs: its desks and items, and matters brought to a stage."""

from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import grpc.aio
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb
from onewindow.approval.v1 import district_gateway_service_pb2_grpc as gateway_grpc
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import intake_event_pb2 as intake_fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb

from client.retries import answered
from embedded.keys import system_token
from embedded.local_services import local_client
from embedded.office_clock import ClockDriver
from embedded.quiescence import Quiescence, SettleLimits
from embedded.stack import Stack
from simulation.schedule import Resident, resident
from tests.journeys.office import DISTRICT, STREET
from tests.service.intake import whole_publications as whole

DESKS = {
    "clerk": ("CLERK", STREET),
    "colleague": ("CLERK", STREET),
    "reviewer": ("REVIEWER", STREET),
    "second": ("REVIEWER", STREET),
    "head": ("HEAD", STREET),
    "deputy": ("HEAD", STREET),
    "district-head": ("HEAD", DISTRICT),
    "supervisor": ("SUPERVISOR", DISTRICT),
    "configurator": ("CONFIGURATOR", DISTRICT),
}
PLACE = desk.Place(district=DISTRICT, street=STREET)
CALL_SECONDS = 20.0


@dataclass(slots=True)
class Matter:
    """One matter of a try, by the ids that its acts need."""

    item: catalogue.Item
    person: Resident
    application_id: str = ""
    case_id: str = ""
    leg_id: str = ""
    number: str = ""
    query_code: str = ""
    position: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The request id of an act on this matter; the same for every repeat."""
        return self.keys.setdefault(name, uuid4().hex)


class Hall:
    """Desks, the district's system, the office clock, and databases for what no call shows."""

    def __init__(self, stack: Stack, rest: Quiescence) -> None:
        site = stack.site()
        self.stack = stack
        self.desks = local_client(site, {who: ((post,), place) for who, (post, place) in DESKS.items()})
        self.clock = ClockDriver(stack.data_dir.clock, rest)
        self.rest = rest
        self.postgres_url = stack.status()["postgres"]["url"]
        self.items = {item.name: item for item in _items()}
        self._channel = grpc.aio.insecure_channel(site.address("approval.rpc"))
        self.gateway = gateway_grpc.DistrictGatewayServiceStub(self._channel)
        token = system_token(stack.data_dir, "district-system", "DISTRICT_SYSTEM")
        self._system = (("authorization", f"Bearer {token}"),)
        self._people = 0

    @classmethod
    async def open(cls, stack: Stack) -> Self:
        """The hall of a running stack."""
        status = stack.status()
        urls = status["postgres"]["url"], status["nats"]["url"]
        return cls(stack, await Quiescence.connect(*urls, SettleLimits(within=120.0)))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close(None)
        await self.desks.close()
        await self.rest.close()

    @property
    def today(self) -> str:
        """The day of the office."""
        return f"{self.clock.now():%Y-%m-%d}"

    def headers(self, who: str) -> Any:
        """The headers of a desk, or of the district's system."""
        return self._system if who == "system" else self.desks.metadata(who)

    async def plain(self, who: str, method: Any, request: Any) -> Any:
        """One call without a repeat."""
        return await method(request, metadata=self.headers(who), timeout=CALL_SECONDS)

    async def call(self, who: str, method: Any, request: Any) -> Any:
        """A call that is repeated while a repeat helps."""
        return await answered(lambda: self.plain(who, method, request))

    async def publish(self) -> None:
        """The street, a window, and the items of the pairs."""
        street = catalogue_pb.PublishStreetRequest(
            request_id=uuid4().hex, street=catalogue.Street(code=STREET, name="南华西街道")
        )
        await self.call("configurator", self.desks.catalogue.PublishStreet, street)
        department = catalogue_pb.PublishDestinationRequest(request_id=uuid4().hex, destination=whole.destination())
        await self.call("configurator", self.desks.catalogue.PublishDestination, department)
        window = whole.window()
        window.code = "W1"
        window.lines.extend(line for line in catalogue.Line.values() if line > catalogue.LINE_CIVIL_AFFAIRS)
        request = catalogue_pb.PublishWindowRequest(request_id=uuid4().hex, window=window)
        await self.call("configurator", self.desks.catalogue.PublishWindow, request)
        for item in self.items.values():
            publication = catalogue_pb.PublishItemRequest(request_id=uuid4().hex, item=item)
            await self.call("configurator", self.desks.catalogue.PublishItem, publication)
        await self.clock.settle()

    def submission(self, matter: Matter, *papers: str) -> submission_pb.Submission:
        """A submission at the window with these papers, else with all."""
        person, codes = matter.person, papers or [material.code for material in matter.item.materials]
        original = intake_fact.MATERIAL_FORM_ORIGINAL
        return submission_pb.Submission(
            place=PLACE,
            item_code=matter.item.code,
            channel=intake_fact.CHANNEL_WINDOW,
            window="W1",
            applicant=submission_pb.Applicant(
                kind=intake_fact.APPLICANT_KIND_PERSON,
                name=person.name,
                identity_number=person.identity_number,
                phone=person.phone,
            ),
            materials=[submission_pb.MaterialInput(material_code=code, form=original, copies=1) for code in codes],
        )

    async def submitted(self, item: str, *papers: str, phone: bool = True) -> Matter:
        """A matter that was handed in, by somebody with or without a phone."""
        self._people += 1
        person = resident(77, self._people)
        matter = Matter(self.items[item], person if phone else replace(person, phone=""))
        request = submission_pb.SubmitRequest(request_id=uuid4().hex, submission=self.submission(matter, *papers))
        taken = await self.call("clerk", self.desks.intake.Submit, request)
        matter.application_id, matter.query_code = taken.application_id, taken.query_code
        matter.number, matter.position = taken.serial_number, taken.position
        return matter

    async def corrected(self, item: str) -> Matter:
        """A matter whose second paper is demanded."""
        matter = await self.submitted(item, "M01")
        request = intake.RequestCorrectionRequest(
            request_id=uuid4().hex,
            application_id=matter.application_id,
            shortfalls=[intake.ShortfallInput(material_code="M02", defect="未提交")],
        )
        await self.call("clerk", self.desks.intake.RequestCorrection, request)
        return matter

    async def accepted(self, item: str, *, phone: bool = True) -> Matter:
        """A matter that lies at the reviewers' desk."""
        matter = await self.submitted(item, phone=phone)
        request = intake.AcceptRequest(request_id=uuid4().hex, application_id=matter.application_id)
        answer = await self.call("clerk", self.desks.intake.Accept, request)
        matter.number, matter.case_id, matter.position = answer.number, answer.case_id, answer.position
        return matter

    async def claimed(self, item: str, *, phone: bool = True) -> Matter:
        """A matter whose review is claimed."""
        matter = await self.accepted(item, phone=phone)
        request = approval.ClaimRequest(request_id=uuid4().hex, case_id=matter.case_id, after=matter.position)
        await self.call("reviewer", self.desks.approval.Claim, request)
        return matter

    async def reviewed(self, item: str, *, phone: bool = True) -> Matter:
        """A matter whose last step is open."""
        matter = await self.claimed(item, phone=phone)
        request = approval.CompleteStepRequest(
            request_id=uuid4().hex, case_id=matter.case_id, opinion=approval_fact.OPINION_AGREE, remark="同意"
        )
        await self.call("reviewer", self.desks.approval.CompleteStep, request)
        return matter

    async def paused(self, item: str) -> Matter:
        """A matter in a special procedure."""
        matter = await self.reviewed(item)
        await self.call("head", self.desks.approval.Pause, pause(matter, uuid4().hex))
        return matter

    async def ordered(self, item: str) -> Matter:
        """A matter with a special procedure that waits for the head."""
        matter = await self.reviewed(item)
        await self.call("reviewer", self.desks.approval.Pause, pause(matter, uuid4().hex))
        return matter

    async def referred(self, item: str) -> Matter:
        """A matter that the district's system has."""
        matter = await self.reviewed(item)
        request = approval.ReferRequest(request_id=uuid4().hex, case_id=matter.case_id, opinion="建议准予。")
        matter.leg_id = (await self.call("head", self.desks.approval.Refer, request)).linked_case_id
        return matter

    async def paused_at_district(self, item: str) -> Matter:
        """A matter in a special procedure of the district's."""
        matter = await self.referred(item)
        request = gateway_pb.ReportPauseRequest(
            report_key=uuid4().hex,
            case_id=matter.leg_id,
            procedure=approval_fact.SPECIAL_PROCEDURE_APPRAISAL,
            first_on=self.today,
        )
        await self.call("system", self.gateway.ReportPause, request)
        return matter

    async def decided(self, item: str, *, phone: bool = True) -> Matter:
        """A matter that the head granted, and that intake and notify heard of; without a phone no message offers it."""
        matter = await self.reviewed(item, phone=phone)
        request = approval.DecideRequest(
            request_id=uuid4().hex, case_id=matter.case_id, outcome=approval_fact.OUTCOME_GRANTED
        )
        matter.position = (await self.call("head", self.desks.approval.Decide, request)).position
        return matter


def pause(matter: Matter, key: str) -> approval.PauseRequest:
    """A hearing."""
    return approval.PauseRequest(
        request_id=key,
        case_id=matter.case_id,
        procedure=approval_fact.SPECIAL_PROCEDURE_HEARING,
        expected_days=10,
        reason="依法听证",
    )


def _items() -> list[catalogue.Item]:
    return [
        _named(whole.promised(), "配对承诺件", "5440191002001"),
        _named(whole.forwarded(), "配对上报件", "5440191002002"),
        _named(whole.forwarded(), "配对转报件", "5440191002003", catalogue.CLOSES_ON_REFERRAL),
        _named(whole.instant(), "配对即办件", "5442091002004"),
    ]


def _named(item: catalogue.Item, name: str, code: str, closes_on: Any = None) -> catalogue.Item:
    item.name, item.code = name, whole.BODY + code
    item.closes_on = closes_on or item.closes_on
    for material in item.materials:
        material.deferrable = False
    return item
