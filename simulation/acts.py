"""Acts of a resident and the desks on one matter, day by day, by the services' own calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.desk.v1 import desk_pb2 as desk
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_event_pb2 as intake_fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.notify.v1 import notify_service_pb2 as notify

from client.office import OfficeClient
from simulation.schedule import PlannedMatter, Resident, resident
from simulation.timeline import MatterEnding, WindowAnswer

CLERKS = {"W1": "NHX-001", "W2": "NHX-002", "W3": "NHX-003", "W4": "NHX-004"}
"""The clerk at each window."""
REVIEWERS = ("NHX-101", "NHX-102")
"""Staff of the 科室; a check by two needs both."""
HEAD = "NHX-201"
"""The head of the street office."""
_QUEUES = 8
"""One visitor in so many has to queue and takes a ticket; the rest go straight to a free window."""
_LOOKS = 4
"""One review in so many reads the applicant's details, in addition to the case."""
_REFUSAL = "家庭人均居住面积超过规定标准,不符合申请条件。"
_OPINION = "材料齐全,情况属实,建议转报。(收件第{number}号)"
"""With the matter's place in the year, the only thing in a package that is the same each time the year is played."""


@dataclass(slots=True)
class OpenMatter:
    """The ids of a matter between its days."""

    application_id: str = ""
    case_id: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class SimulatedHall:
    """One street's hall: the client of its desks, its place, the items on offer."""

    client: OfficeClient
    place: desk.Place
    items: Mapping[str, catalogue.Item]
    seed: int


class MatterPlay:
    """One matter, from the ticket to the rating."""

    def __init__(self, hall: SimulatedHall, matter: PlannedMatter) -> None:
        self._hall = hall
        self._matter = matter
        self._item = hall.items[matter.item_code]
        self._ids = OpenMatter()

    async def act(self, on: date) -> None:
        """Takes every act that is due on the day, in order."""
        matter, days = self._matter, self._matter.days
        if on == matter.received_on:
            await self._arrive()
        if matter.lapses and on == matter.received_on:
            await self._request_correction()
        if on == matter.withdrawn_on:
            await self._withdraw()
        if days is None:
            return
        if on == days.requested_on:
            await self._request_correction()
        if on == days.supplied_on:
            await self._supply()
        if on == days.answered_on:
            await self._accept()
        if on == days.reviewed_on:
            await self._review()
        if on == days.closed_on:
            await self._close()
        if on == days.collected_on:
            await self._collect()

    async def _arrive(self) -> None:
        ticket = "" if self._matter.number % _QUEUES else await self._ticket()
        if self._item.kind == catalogue.ITEM_KIND_INSTANT:
            await self._complete(ticket)
            await self._rate()
        else:
            await self._submit(ticket)

    async def _ticket(self) -> str:
        clerk, client = self._clerk(), self._hall.client
        taken = await client.call(
            clerk,
            client.hall.TakeTicket,
            hall_pb.TakeTicketRequest(request_id=self._id("take"), place=self._hall.place, line=self._item.line),
        )
        called = hall_pb.CallTicketRequest(
            request_id=self._id("call"), ticket_id=taken.ticket_id, window=self._matter.window
        )
        await client.call(clerk, client.hall.CallTicket, called)
        return str(taken.ticket_id)

    async def _complete(self, ticket: str) -> None:
        client = self._hall.client
        request = submission_pb.CompleteOnTheSpotRequest(
            request_id=self._id("complete"), submission=self._submission(ticket, self._materials())
        )
        done = await client.call(self._clerk(), client.intake.CompleteOnTheSpot, request)
        self._ids.application_id, self._ids.position = done.application_id, done.position

    async def _submit(self, ticket: str) -> None:
        client, materials = self._hall.client, self._materials()
        if self._matter.course.answer is WindowAnswer.CORRECTED:
            materials = [each for each in materials if each.material_code != self._missing().code]
        request = submission_pb.SubmitRequest(
            request_id=self._id("submit"), submission=self._submission(ticket, materials)
        )
        taken = await client.call(self._clerk(), client.intake.Submit, request)
        self._ids.application_id, self._ids.position = taken.application_id, taken.position
        self._ids.case_id = str(uuid5(UUID(taken.application_id), "street"))

    async def _request_correction(self) -> None:
        client, missing = self._hall.client, self._missing()
        request = intake.RequestCorrectionRequest(
            request_id=self._id("correct"),
            application_id=self._ids.application_id,
            shortfalls=[intake.ShortfallInput(material_code=missing.code, defect=f"未提交{missing.name}")],
        )
        await client.call(self._clerk(), client.intake.RequestCorrection, request)

    async def _supply(self) -> None:
        client = self._hall.client
        request = intake.SupplyCorrectionRequest(
            request_id=self._id("supply"),
            application_id=self._ids.application_id,
            materials=[_paper(self._missing().code)],
        )
        await client.call(self._clerk(), client.intake.SupplyCorrection, request)

    async def _withdraw(self) -> None:
        client = self._hall.client
        request = intake.WithdrawRequest(
            request_id=self._id("withdraw"), application_id=self._ids.application_id, reason="申请人改变主意"
        )
        await client.call(self._clerk(), client.intake.Withdraw, request)

    async def _accept(self) -> None:
        if self._matter.course.answer is WindowAnswer.DEEMED:
            return  # no answer within five days: the matter is deemed accepted
        client = self._hall.client
        request = intake.AcceptRequest(request_id=self._id("accept"), application_id=self._ids.application_id)
        accepted = await client.call(self._clerk(), client.intake.Accept, request)
        self._ids.position = accepted.position

    async def _review(self) -> None:
        for step in self._item.route:
            if step.kind != catalogue.STEP_KIND_REVIEW:
                continue
            takers = (HEAD,) if step.post == catalogue.STEP_POST_HEAD else REVIEWERS
            first = self._matter.number % len(takers)
            for nth in range(step.staff):
                await self._opine(step.code, takers[(first + nth) % len(takers)])

    async def _opine(self, step: str, reviewer: str) -> None:
        client, name = self._hall.client, f"{step}.{reviewer}"
        claim = approval.ClaimRequest(
            request_id=self._id(f"claim.{name}"), case_id=self._ids.case_id, after=self._ids.position
        )
        claimed = await client.call(reviewer, client.approval.Claim, claim)
        if self._matter.number % _LOOKS == 0:
            reading = application_pb.GetApplicantRequest(
                read_pass=claimed.read_pass, application_id=self._ids.application_id
            )
            await client.call(reviewer, client.intake.GetApplicant, reading)
        agrees = not self._matter.refused
        opinion = approval.CompleteStepRequest(
            request_id=self._id(f"step.{name}"),
            case_id=self._ids.case_id,
            opinion=approval_fact.OPINION_AGREE if agrees else approval_fact.OPINION_DISAGREE,
            remark="同意" if agrees else _REFUSAL,
        )
        await client.call(reviewer, client.approval.CompleteStep, opinion)

    async def _close(self) -> None:
        if self._matter.course.ending is MatterEnding.DECISION:
            await self._decide()
            return
        client, last = self._hall.client, self._item.route[-1]
        opinion = _OPINION.format(number=self._matter.number)
        request = approval.ReferRequest(request_id=self._id("refer"), case_id=self._ids.case_id, opinion=opinion)
        by = HEAD if last.post == catalogue.STEP_POST_HEAD else REVIEWERS[0]
        referred = await client.call(by, client.approval.Refer, request)
        self._ids.position = referred.position

    async def _decide(self) -> None:
        client, refused = self._hall.client, self._matter.refused
        request = approval.DecideRequest(
            request_id=self._id("decide"),
            case_id=self._ids.case_id,
            outcome=approval_fact.OUTCOME_REFUSED if refused else approval_fact.OUTCOME_GRANTED,
            reasons=_REFUSAL if refused else "",
        )
        decided = await client.call(HEAD, client.approval.Decide, request)
        self._ids.position = decided.position

    async def _collect(self) -> None:
        if self._matter.course.ending is not MatterEnding.REFERRAL:
            client = self._hall.client
            request = notify.RecordCollectionRequest(
                request_id=self._id("collect"),
                application_id=self._ids.application_id,
                receiver_identity_number=self._resident().identity_number,
                in_person=True,
                window=self._matter.window,
                after=self._ids.position,
            )
            await client.call(self._clerk(), client.notify.RecordCollection, request)
        await self._rate()

    async def _rate(self) -> None:
        client = self._hall.client
        request = intake.RateRequest(
            request_id=self._id("rate"),
            application_id=self._ids.application_id,
            grade=self._matter.grade,
            after=self._ids.position,
        )
        await client.call(self._clerk(), client.intake.Rate, request)

    def _submission(self, ticket: str, materials: list[submission_pb.MaterialInput]) -> submission_pb.Submission:
        person = self._resident()
        return submission_pb.Submission(
            place=self._hall.place,
            item_code=self._item.code,
            channel=intake_fact.CHANNEL_WINDOW,
            window=self._matter.window,
            ticket_id=ticket,
            applicant=submission_pb.Applicant(
                kind=intake_fact.APPLICANT_KIND_PERSON,
                name=person.name,
                identity_number=person.identity_number,
                phone=person.phone,
                address=person.address,
            ),
            materials=materials,
        )

    def _materials(self) -> list[submission_pb.MaterialInput]:
        return [_paper(each.code) for each in self._item.materials if each.required]

    def _missing(self) -> catalogue.Material:
        return next(each for each in self._item.materials if each.required and not each.deferrable)

    def _resident(self) -> Resident:
        return resident(self._hall.seed, self._matter.number)

    def _clerk(self) -> str:
        return CLERKS[self._matter.window]

    def _id(self, act: str) -> str:
        return f"y{self._matter.received_on.year}-{self._hall.seed}-{self._matter.number}-{act}"


def _paper(code: str) -> submission_pb.MaterialInput:
    return submission_pb.MaterialInput(material_code=code, form=intake_fact.MATERIAL_FORM_ORIGINAL, copies=1)
