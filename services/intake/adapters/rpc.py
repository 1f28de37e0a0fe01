"""IntakeService: request to act, file to answer. Every answer follows from the file at the revision the act left."""

from collections.abc import AsyncIterator
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.intake.v1.intake_service_pb2_grpc import IntakeServiceServicer

from chassis.event_store import Scope
from chassis.rpc.identity.caller import current_caller
from services.intake.adapters import answers
from services.intake.adapters.asking import asked, last_seen, named_place, own_place, readable, reading, token_after
from services.intake.adapters.commands import handed_in, people_of, submission_of
from services.intake.adapters.uploads import Upload
from services.intake.domain.application import Stage
from services.intake.domain.facts import DeclineGround
from services.intake.ports import Page
from services.intake.usecases.answering import Answering, Declining
from services.intake.usecases.following import Following
from services.intake.usecases.office import Asked
from services.intake.usecases.reading import Reading
from services.intake.usecases.submitting import Submitting

Context: TypeAlias = Any  # the acts never touch it
_DEFAULT_PAGE = 50


class IntakeServicer(IntakeServiceServicer):
    """Answers windows, the online hall and desks."""

    def __init__(
        self, submitting: Submitting, answering: Answering, following: Following, reading: Reading, upload_bytes: int
    ) -> None:
        self._submitting = submitting
        self._answering = answering
        self._following = following
        self._reading = reading
        self._upload_bytes = upload_bytes

    async def Submit(self, request: submission_pb.SubmitRequest, _context: Context) -> submission_pb.SubmitResponse:
        """Takes what is handed in."""
        told = request.submission
        wish = asked("Submit", request, named_place(told.place, "submission.place"))
        await self._reading.until_reached(request.after)
        changed = await self._submitting.submit(wish, submission_of(told), people_of(told))
        return answers.submitted(changed, self._submitting.query_code(changed.key))

    async def UploadMaterial(
        self, requests: AsyncIterator[submission_pb.UploadMaterialRequest], _context: Context
    ) -> submission_pb.UploadMaterialResponse:
        """Takes one electronic paper."""
        upload = await Upload.of(requests, self._upload_bytes)
        header, arrival = upload.header, upload.arrival
        wish = asked("UploadMaterial", header, _place(header, "header.place"))
        changed = await self._following.receive(wish, UUID(header.application_id), arrival, upload.content)
        return answers.placed(submission_pb.UploadMaterialResponse(sha256=arrival.sha256, size=arrival.size), changed)

    async def CorrectOnTheSpot(
        self, request: pb.CorrectOnTheSpotRequest, _context: Context
    ) -> pb.CorrectOnTheSpotResponse:
        """Puts an error right at the window."""
        wish, application_id = _of_own_place("CorrectOnTheSpot", request)
        changed = await self._answering.correct(wish, application_id, handed_in(request.materials), request.change)
        return answers.placed(pb.CorrectOnTheSpotResponse(missing=changed.state.missing), changed)

    async def Accept(self, request: pb.AcceptRequest, _context: Context) -> pb.AcceptResponse:
        """Accepts a complete application."""
        return answers.accepted(await self._answering.accept(*_of_own_place("Accept", request)))

    async def Decline(self, request: pb.DeclineRequest, _context: Context) -> pb.DeclineResponse:
        """Does not take it."""
        wish, application_id = _of_own_place("Decline", request)
        declining = Declining(DeclineGround(request.ground), request.reason, request.proper_organ)
        return answers.declined(await self._answering.decline(wish, application_id, declining))

    async def RequestCorrection(
        self, request: pb.RequestCorrectionRequest, _context: Context
    ) -> pb.RequestCorrectionResponse:
        """Tells once everything that is missing."""
        wish, application_id = _of_own_place("RequestCorrection", request)
        defects = [(shortfall.material_code, shortfall.defect) for shortfall in request.shortfalls]
        return answers.correction_requested(await self._answering.request_correction(wish, application_id, defects))

    async def SupplyCorrection(
        self, request: pb.SupplyCorrectionRequest, _context: Context
    ) -> pb.SupplyCorrectionResponse:
        """Takes what the applicant supplies."""
        wish = asked("SupplyCorrection", request, _place(request), request.revision)
        application_id, materials = UUID(request.application_id), handed_in(request.materials)
        return answers.correction_supplied(await self._answering.supply(wish, application_id, materials))

    async def CompleteOnTheSpot(
        self, request: submission_pb.CompleteOnTheSpotRequest, _context: Context
    ) -> submission_pb.CompleteOnTheSpotResponse:
        """Completes an instant matter."""
        await self._reading.until_reached(request.after)
        if request.HasField("application_id"):
            return answers.completed(await self._submitting.complete(*_of_own_place("CompleteOnTheSpot", request)))
        told = request.submission
        wish = asked("CompleteOnTheSpot", request, named_place(told.place, "submission.place"))
        changed = await self._submitting.complete_at_once(wish, submission_of(told), people_of(told))
        return answers.completed(changed, self._submitting.query_code(changed.key))

    async def Withdraw(self, request: pb.WithdrawRequest, _context: Context) -> pb.WithdrawResponse:
        """Stops the matter for the applicant."""
        wish = asked("Withdraw", request, _place(request), request.revision)
        changed = await self._following.withdraw(wish, UUID(request.application_id), request.reason)
        return answers.placed(pb.WithdrawResponse(), changed)

    async def Rate(self, request: pb.RateRequest, _context: Context) -> pb.RateResponse:
        """Takes the one rating."""
        wish = asked("Rate", request, _place(request))
        await self._reading.until_reached(request.after)
        application_id = UUID(request.application_id)
        changed = await self._following.rate(wish, application_id, request.grade, request.remark)
        return answers.placed(pb.RateResponse(), changed)

    async def GetApplication(
        self, request: application_pb.GetApplicationRequest, _context: Context
    ) -> application_pb.GetApplicationResponse:
        """Reads one application."""
        scope = readable(request.place if request.HasField("place") else None)
        application_id = UUID(request.application_id) if request.application_id else None
        found = await self._reading.one(scope, application_id, request.number, request.after)
        return application_pb.GetApplicationResponse(
            application=answers.application(found), position=answers.position(found)
        )

    async def ListApplications(
        self, request: application_pb.ListApplicationsRequest, _context: Context
    ) -> application_pb.ListApplicationsResponse:
        """Lists applications, newest first."""
        size = request.page_size or _DEFAULT_PAGE
        page = Page(size, last_seen(request.page_token), Stage(request.stage), request.item_code)
        found, total = await self._reading.page(readable(None), page, request.after)
        return application_pb.ListApplicationsResponse(
            applications=[answers.application(listed) for listed in found],
            next_page_token=token_after(str(found[-1].key.file_id)) if len(found) == size else "",
            total=total,
        )

    async def GetApplicant(
        self, request: application_pb.GetApplicantRequest, _context: Context
    ) -> application_pb.GetApplicantResponse:
        """Reads the applicant's details against a pass."""
        application_id, reader = UUID(request.application_id), current_caller().subject
        people = await self._following.read_applicant(reading(), application_id, request.read_pass, reader)
        return answers.applicant(people)


class _Placed(Protocol):
    """A request that may name a place."""

    @property
    def place(self) -> Place:
        """The place it names; an empty one when it names none."""

    def HasField(self, field_name: Any) -> bool:  # noqa: ANN401 each message lists its own fields
        """Whether it does."""


class _OfOwnPlace(Protocol):
    """A request that concerns a file of the caller's own place."""

    request_id: str
    application_id: str
    revision: int


def _place(request: _Placed, field: str = "place") -> Scope:
    return named_place(request.place if request.HasField("place") else None, field)


def _of_own_place(method: str, request: _OfOwnPlace) -> tuple[Asked, UUID]:
    return asked(method, request, own_place(), request.revision), UUID(request.application_id)
