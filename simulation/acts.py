"""What a resident and the desks do with one matter on one day, act by act, by the services' own calls."""

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

from simulation.desks import Desks
from simulation.residents import Resident, resident
from simulation.schedule import Matter
from simulation.timeline import Answer, Ending

CLERKS = {"W1": "NHX-001", "W2": "NHX-002", "W3": "NHX-003", "W4": "NHX-004"}
"""Who sits at each window."""
REVIEWERS = ("NHX-101", "NHX-102")
"""科室 staff; a check by two needs both."""
HEAD = "NHX-201"
"""The head of the street office."""
_QUEUES = 8
"""One visitor in so many finds others waiting and takes a ticket; the rest go straight to a free window."""
_LOOKS = 4
"""One review in so many needs the applicant's details, beside what stands in the case."""
_REFUSAL = "家庭人均居住面积超过规定标准,不符合申请条件。"
_OPINION = "材料齐全,情况属实,建议转报。"


@dataclass(slots=True)
class Open:
    """What the windows remember of a matter between its days."""

    application_id: str = ""
    case_id: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Hall:
    """One street's hall: its desks, its place, the items on offer."""

    desks: Desks
    place: desk.Place
    items: Mapping[str, catalogue.Item]
    seed: int


class Play:
    """One matter, from the ticket to the rating."""

    def __init__(self, hall: Hall, matter: Matter) -> None:
        self._hall = hall
        self._matter = matter
        self._item = hall.items[matter.item_code]
        self._open = Open()

    async def act(self, on: date) -> None:
        """Everything that is due on the day, in order."""
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
        clerk, desks = self._clerk(), self._hall.desks
        taken = await desks.call(
            clerk,
            desks.hall.TakeTicket,
            hall_pb.TakeTicketRequest(request_id=self._id("take"), place=self._hall.place, line=self._item.line),
        )
        called = hall_pb.CallTicketRequest(
            request_id=self._id("call"), ticket_id=taken.ticket_id, window=self._matter.window
        )
        await desks.call(clerk, desks.hall.CallTicket, called)
        return str(taken.ticket_id)

    async def _complete(self, ticket: str) -> None:
        desks = self._hall.desks
        request = submission_pb.CompleteOnTheSpotRequest(
            request_id=self._id("complete"), submission=self._submission(ticket, self._materials())
        )
        done = await desks.call(self._clerk(), desks.intake.CompleteOnTheSpot, request)
        self._open.application_id, self._open.position = done.application_id, done.position

    async def _submit(self, ticket: str) -> None:
        desks, materials = self._hall.desks, self._materials()
        if self._matter.course.answer is Answer.CORRECTED:
            materials = [each for each in materials if each.material_code != self._missing().code]
        request = submission_pb.SubmitRequest(
            request_id=self._id("submit"), submission=self._submission(ticket, materials)
        )
        taken = await desks.call(self._clerk(), desks.intake.Submit, request)
        self._open.application_id, self._open.position = taken.application_id, taken.position
        self._open.case_id = str(uuid5(UUID(taken.application_id), "street"))

    async def _request_correction(self) -> None:
        desks, missing = self._hall.desks, self._missing()
        request = intake.RequestCorrectionRequest(
            request_id=self._id("correct"),
            application_id=self._open.application_id,
            shortfalls=[intake.ShortfallInput(material_code=missing.code, defect=f"未提交{missing.name}")],
        )
        await desks.call(self._clerk(), desks.intake.RequestCorrection, request)

    async def _supply(self) -> None:
        desks = self._hall.desks
        request = intake.SupplyCorrectionRequest(
            request_id=self._id("supply"),
            application_id=self._open.application_id,
            materials=[_paper(self._missing().code)],
        )
        await desks.call(self._clerk(), desks.intake.SupplyCorrection, request)

    async def _withdraw(self) -> None:
        desks = self._hall.desks
        request = intake.WithdrawRequest(
            request_id=self._id("withdraw"), application_id=self._open.application_id, reason="申请人改变主意"
        )
        await desks.call(self._clerk(), desks.intake.Withdraw, request)

    async def _accept(self) -> None:
        if self._matter.course.answer is Answer.DEEMED:
            return  # nobody answered; the law has
        desks = self._hall.desks
        request = intake.AcceptRequest(request_id=self._id("accept"), application_id=self._open.application_id)
        accepted = await desks.call(self._clerk(), desks.intake.Accept, request)
        self._open.position = accepted.position

    async def _review(self) -> None:
        for step in self._item.route:
            if step.kind != catalogue.STEP_KIND_REVIEW:
                continue
            takers = (HEAD,) if step.post == catalogue.STEP_POST_HEAD else REVIEWERS
            first = self._matter.number % len(takers)
            for nth in range(step.staff):
                await self._opine(step.code, takers[(first + nth) % len(takers)])

    async def _opine(self, step: str, reviewer: str) -> None:
        desks, name = self._hall.desks, f"{step}.{reviewer}"
        claim = approval.ClaimRequest(
            request_id=self._id(f"claim.{name}"), case_id=self._open.case_id, after=self._open.position
        )
        claimed = await desks.call(reviewer, desks.approval.Claim, claim)
        if self._matter.number % _LOOKS == 0:
            reading = application_pb.GetApplicantRequest(
                read_pass=claimed.read_pass, application_id=self._open.application_id
            )
            await desks.call(reviewer, desks.intake.GetApplicant, reading)
        agrees = not self._matter.refused
        opinion = approval.CompleteStepRequest(
            request_id=self._id(f"step.{name}"),
            case_id=self._open.case_id,
            opinion=approval_fact.OPINION_AGREE if agrees else approval_fact.OPINION_DISAGREE,
            remark="同意" if agrees else _REFUSAL,
        )
        await desks.call(reviewer, desks.approval.CompleteStep, opinion)

    async def _close(self) -> None:
        if self._matter.course.ending is Ending.DECISION:
            await self._decide()
            return
        desks, last = self._hall.desks, self._item.route[-1]
        request = approval.ReferRequest(request_id=self._id("refer"), case_id=self._open.case_id, opinion=_OPINION)
        by = HEAD if last.post == catalogue.STEP_POST_HEAD else REVIEWERS[0]
        referred = await desks.call(by, desks.approval.Refer, request)
        self._open.position = referred.position

    async def _decide(self) -> None:
        desks, refused = self._hall.desks, self._matter.refused
        request = approval.DecideRequest(
            request_id=self._id("decide"),
            case_id=self._open.case_id,
            outcome=approval_fact.OUTCOME_REFUSED if refused else approval_fact.OUTCOME_GRANTED,
            reasons=_REFUSAL if refused else "",
        )
        decided = await desks.call(HEAD, desks.approval.Decide, request)
        self._open.position = decided.position

    async def _collect(self) -> None:
        if self._matter.course.ending is not Ending.REFERRAL:
            desks = self._hall.desks
            request = notify.RecordCollectionRequest(
                request_id=self._id("collect"),
                application_id=self._open.application_id,
                receiver_identity_number=self._resident().identity_number,
                in_person=True,
                window=self._matter.window,
                after=self._open.position,
            )
            await desks.call(self._clerk(), desks.notify.RecordCollection, request)
        await self._rate()

    async def _rate(self) -> None:
        desks = self._hall.desks
        request = intake.RateRequest(
            request_id=self._id("rate"),
            application_id=self._open.application_id,
            grade=self._matter.grade,
            after=self._open.position,
        )
        await desks.call(self._clerk(), desks.intake.Rate, request)

    def _submission(self, ticket: str, materials: list[submission_pb.MaterialInput]) -> submission_pb.Submission:
        who = self._resident()
        return submission_pb.Submission(
            place=self._hall.place,
            item_code=self._item.code,
            channel=intake_fact.CHANNEL_WINDOW,
            window=self._matter.window,
            ticket_id=ticket,
            applicant=submission_pb.Applicant(
                kind=intake_fact.APPLICANT_KIND_PERSON,
                name=who.name,
                identity_number=who.identity_number,
                phone=who.phone,
                address=who.address,
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
