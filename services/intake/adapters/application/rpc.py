"""IntakeService: request to act, file to answer. Every answer follows from the file at the revision the act left."""

from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID

from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.intake.v1.intake_service_pb2_grpc import IntakeServiceServicer

from chassis.refusals import RequestIdReused
from chassis.rpc.identity.caller import current_caller
from law.desk import Place
from protocol.query_codes import shown_code
from protocol.stored_days import proof_messages
from services.intake.adapters.application import answers
from services.intake.adapters.application.requests import Upload, handed_in, people_in, query_of, submission_of
from services.intake.adapters.calls import (
    GrpcContext,
    command,
    fields_below,
    named_place,
    own_place,
    place_of,
    positioned,
    readable,
    reading,
)
from services.intake.domain.application.applicant import STAFF, Reader
from services.intake.domain.application.facts import DeclineGround
from services.intake.ports import ListedApplication
from services.intake.usecases.answers import Answers, NonAcceptance
from services.intake.usecases.application import ApplicationActs, ApplicationLookups
from services.intake.usecases.office import CommandContext, PositionGate
from services.intake.usecases.submission import Submissions


class IntakeServicer(IntakeServiceServicer):
    """Answers windows, the online hall and desks."""

    def __init__(
        self,
        submissions: Submissions,
        office_answers: Answers,
        acts: ApplicationActs,
        lookups: ApplicationLookups,
        gate: PositionGate,
        upload_bytes: int,
    ) -> None:
        self._submissions = submissions
        self._answers = office_answers
        self._acts = acts
        self._lookups = lookups
        self._gate = gate
        self._upload_bytes = upload_bytes

    async def Submit(self, request: submission_pb.SubmitRequest, _context: GrpcContext) -> submission_pb.SubmitResponse:
        """Takes what is handed in."""
        given = request.submission
        context = command("Submit", request, named_place(given.place, "submission.place"))
        await self._gate.until_reached(request.after)
        with fields_below("submission"):
            changed = await self._submissions.submit(context, submission_of(given), people_in(given))
        return answers.submitted(changed, self._submissions.query_code(changed.key))

    async def UploadMaterial(
        self, requests: AsyncIterator[submission_pb.UploadMaterialRequest], _context: GrpcContext
    ) -> submission_pb.UploadMaterialResponse:
        """Takes one electronic paper."""
        upload = await Upload.of(requests, self._upload_bytes)
        header, arrived = upload.header, upload.arrived
        place = place_of(header, "header.place")
        with fields_below("header", RequestIdReused):
            context = command("UploadMaterial", header, place)
            changed = await self._acts.receive_material(context, UUID(header.application_id), arrived, upload.content)
        return positioned(submission_pb.UploadMaterialResponse(sha256=arrived.sha256, size=arrived.size), changed)

    async def CorrectOnTheSpot(
        self, request: pb.CorrectOnTheSpotRequest, _context: GrpcContext
    ) -> pb.CorrectOnTheSpotResponse:
        """Puts an error right at the window."""
        context, application_id = _at_own_place("CorrectOnTheSpot", request)
        changed = await self._answers.correct(context, application_id, handed_in(request.materials), request.change)
        return positioned(pb.CorrectOnTheSpotResponse(missing=changed.state.missing), changed)

    async def Accept(self, request: pb.AcceptRequest, _context: GrpcContext) -> pb.AcceptResponse:
        """Accepts a complete application."""
        return answers.accepted(await self._answers.accept(*_at_own_place("Accept", request)))

    async def Decline(self, request: pb.DeclineRequest, _context: GrpcContext) -> pb.DeclineResponse:
        """Does not take it."""
        context, application_id = _at_own_place("Decline", request)
        letter = NonAcceptance(DeclineGround(request.ground), request.reason, request.proper_organ)
        return answers.declined(await self._answers.decline(context, application_id, letter))

    async def RequestCorrection(
        self, request: pb.RequestCorrectionRequest, _context: GrpcContext
    ) -> pb.RequestCorrectionResponse:
        """Demands everything that is missing, once."""
        context, application_id = _at_own_place("RequestCorrection", request)
        defects = [(shortfall.material_code, shortfall.defect) for shortfall in request.shortfalls]
        return answers.correction_requested(await self._answers.request_correction(context, application_id, defects))

    async def SupplyCorrection(
        self, request: pb.SupplyCorrectionRequest, _context: GrpcContext
    ) -> pb.SupplyCorrectionResponse:
        """Takes the papers that the applicant supplies."""
        context = command("SupplyCorrection", request, place_of(request), request.revision)
        application_id, materials = UUID(request.application_id), handed_in(request.materials)
        return answers.correction_supplied(await self._answers.supply_correction(context, application_id, materials))

    async def CompleteOnTheSpot(
        self, request: submission_pb.CompleteOnTheSpotRequest, _context: GrpcContext
    ) -> submission_pb.CompleteOnTheSpotResponse:
        """Completes an instant matter."""
        await self._gate.until_reached(request.after)
        if request.HasField("application_id"):
            return answers.completed(await self._answers.complete(*_at_own_place("CompleteOnTheSpot", request)))
        given = request.submission
        context = command("CompleteOnTheSpot", request, named_place(given.place, "submission.place"))
        with fields_below("submission"):
            changed = await self._submissions.complete_at_once(context, submission_of(given), people_in(given))
        return answers.completed(changed, self._submissions.query_code(changed.key))

    async def Withdraw(self, request: pb.WithdrawRequest, _context: GrpcContext) -> pb.WithdrawResponse:
        """Stops the matter for the applicant."""
        context = command("Withdraw", request, place_of(request), request.revision)
        await self._gate.until_reached(request.after)
        changed = await self._acts.withdraw(context, UUID(request.application_id), request.reason)
        return answers.withdrawn(changed)

    async def Rate(self, request: pb.RateRequest, _context: GrpcContext) -> pb.RateResponse:
        """Takes the one rating."""
        context = command("Rate", request, place_of(request))
        await self._gate.until_reached(request.after)
        changed = await self._acts.rate(context, UUID(request.application_id), request.grade, request.remark)
        return positioned(pb.RateResponse(), changed)

    async def GetApplication(
        self, request: application_pb.GetApplicationRequest, _context: GrpcContext
    ) -> application_pb.GetApplicationResponse:
        """Reads one application."""
        return answers.application(await self._found(request))

    async def GetTermProof(
        self, request: application_pb.GetTermProofRequest, _context: GrpcContext
    ) -> application_pb.GetTermProofResponse:
        """Proves the last days to answer and to supply, day by day."""
        proofs, position = await self._lookups.prove((await self._found(request)).key)
        return application_pb.GetTermProofResponse(proofs=proof_messages(proofs), position=position)

    async def ListApplications(
        self, request: application_pb.ListApplicationsRequest, _context: GrpcContext
    ) -> application_pb.ListApplicationsResponse:
        """Lists applications, newest first."""
        query = query_of(request)
        found, total = await self._lookups.page(readable(None), query, request.after)
        return answers.applications(found, total, query.size)

    async def GetApplicant(
        self, request: application_pb.GetApplicantRequest, _context: GrpcContext
    ) -> application_pb.GetApplicantResponse:
        """Reads the applicant's details against a pass."""
        await self._gate.until_reached(request.after)
        application_id, caller = UUID(request.application_id), current_caller()
        own = Place.of_district(caller.district) if caller.machine else Place(caller.district, caller.street)
        reader = Reader("machine" if caller.machine else STAFF, own, caller.subject)
        return answers.applicant(await self._acts.read_applicant(reading(), application_id, request.read_pass, reader))

    async def _found(
        self, request: application_pb.GetApplicationRequest | application_pb.GetTermProofRequest
    ) -> ListedApplication:
        scope = readable(request.place if request.HasField("place") else None)
        application_id = UUID(request.application_id) if request.application_id else None
        shown = shown_code(current_caller(), request)
        return await self._lookups.one(scope, application_id, request.number, request.after, shown=shown)


class _AtOwnPlace(Protocol):
    """A request that concerns a file of the caller's own place."""

    request_id: str
    application_id: str
    revision: int


def _at_own_place(method: str, request: _AtOwnPlace) -> tuple[CommandContext, UUID]:
    return command(method, request, own_place(), request.revision), UUID(request.application_id)
