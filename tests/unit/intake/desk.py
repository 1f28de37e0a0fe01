"""Intake's servicers over the office in memory, and the callers that reach them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.rpc.identity.caller import Caller, level_of, set_caller
from law.desk import Machine, Post
from services.intake.adapters.application.rpc import IntakeServicer
from services.intake.adapters.catalogue.rpc import CatalogueServicer
from services.intake.adapters.ticket.rpc import HallServicer
from tests.unit.intake.hall import PERSON, PROMISED, STREET
from tests.unit.intake.office import InMemory

UPLOAD_BYTES = 64
OTHER_STREET, OFFICE = "440105009", "440105000"


def member(*posts: Post, street: str = STREET) -> Caller:
    """A member of staff."""
    names = frozenset(post.name for post in posts)
    return Caller("10001", False, names, "440105", street, level_of(street), "综合受理组")


def system(machine: Machine, street: str = "*") -> Caller:
    """A system of the district."""
    return Caller(machine.lower(), True, frozenset(), "440105", street, level_of(street), system=machine.name)


CLERK, CONFIGURATOR = member(Post.CLERK), member(Post.CONFIGURATOR, street=OFFICE)
PORTAL, PROBE = system(Machine.PORTAL), system(Machine.PROBE)

SUBMISSION: dict[str, Any] = {
    "place": {"district": "440105", "street": STREET},
    "item_code": PROMISED.code,
    "channel": "CHANNEL_WINDOW",
    "window": "W1",
    "applicant": {"kind": "APPLICANT_KIND_PERSON", "name": "张三丰", "identity_number": PERSON},
    "materials": [{"material_code": code, "form": "MATERIAL_FORM_ORIGINAL", "copies": 1} for code in ("M01", "M02")],
}


def submission(**change: Any) -> submission_pb.Submission:
    """A whole submission at the first window, with these fields in the place of its own."""
    return ParseDict(SUBMISSION | change, submission_pb.Submission())


class Desks:
    """The servicers of one office, called one call after the other."""

    def __init__(self, folder: Path) -> None:
        self.office = office = InMemory(folder)
        self.intake = IntakeServicer(
            office.submissions, office.answers, office.acts, office.lookups, office.gate, UPLOAD_BYTES
        )
        self.catalogue = CatalogueServicer(office.publication, office.gate)
        self.hall = HallServicer(office.tickets)
        self._calls = 0

    async def call(self, method: Any, caller: Caller, request: Any) -> Any:
        """The answer of a method to a caller, by a process that remembers nothing."""
        self.office.forget()
        set_caller(caller)
        try:
            return await method(request, None)
        finally:
            set_caller(None)

    async def submit(self, caller: Caller = CLERK, **change: Any) -> Any:
        """The answer to a submission under a request id of its own."""
        self._calls += 1
        request = submission_pb.SubmitRequest(request_id=f"submit-{self._calls:04}", submission=submission(**change))
        return await self.call(self.intake.Submit, caller, request)

    async def upload(self, *requests: submission_pb.UploadMaterialRequest, caller: Caller = CLERK) -> Any:
        """The answer to a stream of these requests."""
        return await self.call(self.intake.UploadMaterial, caller, _stream(*requests))


async def _stream(*requests: submission_pb.UploadMaterialRequest) -> AsyncIterator[submission_pb.UploadMaterialRequest]:
    for request in requests:
        yield request
