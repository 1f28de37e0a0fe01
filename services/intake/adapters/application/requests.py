"""Requests of IntakeService as the acts know them, and an electronic paper as it streams in."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from uuid import UUID

from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.refusals import Invalid, TooLarge
from protocol.requests import UUID_FORM, decode_page_token
from services.intake.domain.application.applicant import Agent, Applicant, People
from services.intake.domain.application.facts import ApplicantKind, HandedIn, MaterialForm
from services.intake.domain.application.receive_material import ArrivedPaper
from services.intake.domain.application.state import ApplicationStage
from services.intake.domain.application.submit import Submission
from services.intake.domain.catalogue.item import Channel
from services.intake.ports import ApplicationQuery

_DEFAULT_PAGE = 50


def submission_of(message: submission_pb.Submission) -> Submission:
    """The submission without what a fact may not hold."""
    return Submission(
        message.item_code,
        Channel(message.channel),
        message.window,
        message.ticket_id,
        ApplicantKind(message.applicant.kind),
        handed_in(message.materials),
    )


def people_in(message: submission_pb.Submission) -> People:
    """The applicant, and the agent if one stands at the window."""
    given = message.applicant
    applicant = Applicant(ApplicantKind(given.kind), given.name, given.identity_number, given.phone, given.address)
    if not message.HasField("agent"):
        return People(applicant)
    return People(applicant, Agent(message.agent.name, message.agent.identity_number, message.agent.phone))


def handed_in(materials: Iterable[submission_pb.MaterialInput]) -> tuple[HandedIn, ...]:
    """The papers as the caller names them."""
    return tuple(
        [HandedIn(paper.material_code, MaterialForm(paper.form), paper.copies, paper.sha256) for paper in materials]
    )


def query_of(request: application_pb.ListApplicationsRequest) -> ApplicationQuery:
    """Filters and place of a page; raises Invalid for a token that no answer gave."""
    size, stage = request.page_size or _DEFAULT_PAGE, ApplicationStage(request.stage)
    return ApplicationQuery(size, _after_id(request.page_token), stage, request.item_code)


@dataclass(frozen=True, slots=True)
class Upload:
    """A paper that arrived whole: the header comes first, then the bytes, which must be those the header names."""

    header: submission_pb.MaterialHeader
    content: bytes

    @classmethod
    async def of(cls, requests: AsyncIterator[submission_pb.UploadMaterialRequest], most: int) -> "Upload":
        """The paper of a stream; raises Invalid for a wrong order or other bytes than announced, TooLarge.

        A refused stream is read to its end as well: a client that is still writing would not receive the refusal.
        """
        header: submission_pb.MaterialHeader | None = None
        in_order, content, digest = True, bytearray(), hashlib.sha256()
        async for request in requests:
            in_order &= request.HasField("header") == (header is None)
            if header is None:
                header = request.header
            elif len(content) <= most:
                content += request.chunk
                digest.update(request.chunk)
        if header is None or not in_order:
            raise Invalid(fields=[("header", "应先发送一次材料说明，再按顺序发送内容。")])
        if not content:
            raise Invalid(fields=[("chunk", "没有收到材料内容。")])
        if len(content) > most:
            raise TooLarge(fields=[("chunk", f"材料不得超过{most}字节。")])
        if digest.hexdigest() != header.sha256:
            raise Invalid(fields=[("header.sha256", "与收到的内容不一致。")])
        return cls(header, bytes(content))

    @property
    def arrived(self) -> ArrivedPaper:
        """The paper as a fact may know it."""
        header = self.header
        return ArrivedPaper(header.material_code, header.sha256, len(self.content), header.media_type)


def _after_id(token: str) -> UUID | None:
    return UUID(decode_page_token(token, UUID_FORM).decode()) if token else None
