"""Callers of the windows: every act asks for the line of the matter, and a number alone names nobody."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.message_factory import GetMessageClass
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_event_pb2 as event_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.refusals import NotFound, StaleRevision, TooManyCalls
from law.desk import LineOfAnotherDesk, Post
from law.workdays import state_council
from protocol.query_codes import QueryCodeMissing, WrongQueryCode
from services.intake.domain.application.submit import PortalAtNoWindow
from services.intake.domain.catalogue.item import AcceptPoint
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry
from tests.unit.intake.desk import CLERK, OTHER_STREET, PORTAL, Desks, member, submission
from tests.unit.intake.hall import GENERAL, PROMISED, STREET

CONTENT = b"%PDF-1.7 a paper"
LINE: Any = PROMISED.line.value
Deed = Callable[[Any], Awaitable[Any]]

LINES: list[Any] = [
    pytest.param(None, True, id="a token that names no lines"),
    pytest.param((PROMISED.line.name, "FIRE_SAFETY"), True, id="the line beside an unknown one"),
    pytest.param((), False, id="an empty list"),
    pytest.param(("FIRE_SAFETY",), False, id="an unknown line alone"),
    pytest.param(("RETIREES",), False, id="another line"),
]


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    """An office of its own, on Wednesday 14 September 2016."""
    return Desks(tmp_path)


def take(request_id: str) -> hall_pb.TakeTicketRequest:
    """The next number of the line."""
    return hall_pb.TakeTicketRequest(request_id=request_id, line=LINE, place=Place(district="440105", street=STREET))


def deeds(desks: Desks, ticket: str, taken: Any) -> dict[str, tuple[str, Deed]]:
    """Every act of a clerk on the same matter or its ticket, with the field that a refusal for its line names."""
    on_file: dict[str, Any] = {"request_id": "request-0001", "application_id": taken.application_id}
    paper = submission_pb.MaterialInput(material_code="M01", form=event_pb.MATERIAL_FORM_COPY, copies=1)
    shortfall = pb.ShortfallInput(material_code="M01", defect="不清楚")
    ground = event_pb.DECLINE_GROUND_NOT_NEEDED
    requests: dict[str, Any] = {
        "CorrectOnTheSpot": pb.CorrectOnTheSpotRequest(
            **on_file, materials=[paper], change="补正", applicant_consents=True
        ),
        "Accept": pb.AcceptRequest(**on_file),
        "Decline": pb.DeclineRequest(**on_file, ground=ground, reason="不需要许可"),
        "RequestCorrection": pb.RequestCorrectionRequest(**on_file, shortfalls=[shortfall]),
        "SupplyCorrection": pb.SupplyCorrectionRequest(**on_file, materials=[paper]),
        "CompleteOnTheSpot": submission_pb.CompleteOnTheSpotRequest(**on_file),
        "Withdraw": pb.WithdrawRequest(**on_file),
        "Rate": pb.RateRequest(**on_file, grade=1),
    }
    header = submission_pb.MaterialHeader(
        **on_file, material_code="M02", media_type="application/pdf", sha256=sha256(CONTENT).hexdigest()
    )
    upload = [submission_pb.UploadMaterialRequest(header=header), submission_pb.UploadMaterialRequest(chunk=CONTENT)]
    call = hall_pb.CallTicketRequest(request_id="call-0001", ticket_id=ticket, window="W1")
    whole = submission_pb.CompleteOnTheSpotRequest(request_id="whole-001", submission=submission())
    on_matter: dict[str, tuple[str, Deed]] = {
        name: ("application_id", lambda caller, name=name, request=request: _call(desks, name, caller, request))  # type: ignore[misc] # bound now
        for name, request in requests.items()
    }
    return on_matter | {
        "Submit": ("submission.item_code", desks.submit),
        "CompleteOnTheSpot of a submission": (
            "submission.item_code",
            lambda caller: desks.call(desks.intake.CompleteOnTheSpot, caller, whole),
        ),
        "UploadMaterial": ("header.application_id", lambda caller: desks.upload(*upload, caller=caller)),
        "TakeTicket": ("line", lambda caller: desks.call(desks.hall.TakeTicket, caller, take("ticket-02"))),
        "CallTicket": ("ticket_id", lambda caller: desks.call(desks.hall.CallTicket, caller, call)),
    }


async def _call(desks: Desks, name: str, caller: Any, request: Any) -> Any:
    return await desks.call(getattr(desks.intake, name), caller, request)


@pytest.mark.parametrize(("lines", "serves"), LINES)
async def test_every_act_of_a_clerk_asks_for_the_line_of_the_matter(
    desks: Desks, lines: tuple[str, ...] | None, serves: bool
) -> None:
    caller = replace(CLERK, lines=lines)
    ticket = (await desks.call(desks.hall.TakeTicket, CLERK, take("ticket-01"))).ticket_id
    acts = deeds(desks, ticket, await desks.submit())
    assert len(acts) == 13
    for name, (field, deed) in acts.items():
        refused: Any = None
        try:
            await deed(caller)
        except Exception as error:  # acts that follow on another are refused for their stage
            refused = error
        assert isinstance(refused, LineOfAnotherDesk) is not serves, name
        assert serves or refused.field == field, name


async def test_the_same_request_id_of_two_namesakes_is_two_requests(desks: Desks) -> None:
    elsewhere = {"district": "440105", "street": OTHER_STREET}
    request = submission_pb.SubmitRequest(request_id="submit-0001", submission=submission())
    other = submission_pb.SubmitRequest(
        request_id="submit-0001", submission=submission(place=elsewhere, channel="CHANNEL_ONLINE", window="")
    )
    first = await desks.call(desks.intake.Submit, CLERK, request)
    second = await desks.call(desks.intake.Submit, member(Post.CLERK, street=OTHER_STREET), other)
    assert first.application_id != second.application_id
    assert await desks.call(desks.intake.Submit, CLERK, request) == first


PLACE = Place(district="440105", street=STREET)
ONLINE: dict[str, Any] = {"channel": "CHANNEL_ONLINE", "window": ""}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "CHANNEL_WINDOW", "window": "W1"}, "submission.window"),
        ({"channel": "CHANNEL_ONLINE", "window": "W1"}, "submission.window"),
        ({"channel": "CHANNEL_WINDOW", "window": ""}, "submission.channel"),
        ({"channel": "CHANNEL_KIOSK", "window": ""}, "submission.channel"),
        ({"channel": "CHANNEL_COMMUNITY", "window": ""}, "submission.channel"),
    ],
)
async def test_the_portal_stands_at_no_window(desks: Desks, change: dict[str, str], field: str) -> None:
    everywhere = replace(PROMISED, accept_points=tuple(AcceptPoint))
    entries = [CatalogueEntry(items=(everywhere,)), CatalogueEntry(window=GENERAL)]
    desks.office.catalogue.published = Catalogue.of(state_council(), entries)
    with pytest.raises(PortalAtNoWindow) as refused:
        await desks.submit(PORTAL, **change)
    assert refused.value.field == field


def of_residents(desks: Desks, taken: Any, code: str) -> dict[str, Deed]:
    """Every call by which a portal reads or changes a matter, with this code."""
    on_file: dict[str, Any] = {"request_id": "request-0001", "application_id": taken.application_id}
    on_file |= {"place": PLACE, "query_code": code}
    paper = submission_pb.MaterialInput(material_code="M01", form=event_pb.MATERIAL_FORM_COPY, copies=1)
    header = submission_pb.MaterialHeader(
        **on_file, material_code="M02", media_type="application/pdf", sha256=sha256(CONTENT).hexdigest()
    )
    upload = [submission_pb.UploadMaterialRequest(header=header), submission_pb.UploadMaterialRequest(chunk=CONTENT)]
    requests: dict[str, Any] = {
        "GetApplication": application_pb.GetApplicationRequest(
            application_id=taken.application_id, place=PLACE, query_code=code
        ),
        "GetTermProof": application_pb.GetTermProofRequest(
            application_id=taken.application_id, place=PLACE, query_code=code
        ),
        "SupplyCorrection": pb.SupplyCorrectionRequest(**on_file, materials=[paper]),
        "Rate": pb.RateRequest(**on_file, grade=1),
        "Withdraw": pb.WithdrawRequest(**on_file),
    }
    deeds: dict[str, Deed] = {
        name: lambda caller, name=name, request=request: _call(desks, name, caller, request)  # type: ignore[misc] # bound now
        for name, request in requests.items()
    }
    return deeds | {"UploadMaterial": lambda caller: desks.upload(*upload, caller=caller)}


@pytest.mark.parametrize(("code", "refusal"), [("", QueryCodeMissing), ("AAAA2222", WrongQueryCode)])
async def test_a_portal_proves_each_matter_by_its_query_code(desks: Desks, code: str, refusal: type[Exception]) -> None:
    taken = await desks.submit(PORTAL, **ONLINE)
    for name, deed in of_residents(desks, taken, code).items():
        with pytest.raises(refusal) as refused:
            await deed(PORTAL)
        fields = [fault.field for fault in getattr(refused.value, "fields", ())]
        assert fields == [("header." if name == "UploadMaterial" else "") + "query_code"], name
    assert [record.kind for _, record, _ in desks.office.store.published] == ["application_submitted"]


def at_revision(desks: Desks, application_id: str, revision: int, code: str | None = None) -> dict[str, Deed]:
    """Every act of the contract that names a revision, at this one; with a code as a portal shows it."""
    found: dict[str, Deed] = {}
    for name, method in pb.DESCRIPTOR.services_by_name["IntakeService"].methods_by_name.items():
        fields = method.input_type.fields_by_name
        if "revision" in fields:
            given: dict[str, Any] = {"request_id": "request-0001", "application_id": application_id}
            given |= {"revision": revision}
            if code is not None and "query_code" in fields:
                given |= {"query_code": code, "place": PLACE}
            given |= {each.name: 1 for each in fields.values() if each.enum_type}
            request = GetMessageClass(method.input_type)(**given)
            found[name] = lambda caller, name=name, request=request: _call(desks, name, caller, request)  # type: ignore[misc] # bound now
    assert len(found) >= 7
    return found


@pytest.mark.parametrize("revision", [0, 1, 2, 77])
async def test_no_revision_is_told_to_callers_who_may_not_act_on_the_matter(desks: Desks, revision: int) -> None:
    taken = await desks.submit(PORTAL, **ONLINE)
    unknown = str(uuid4())
    strangers = {
        (CLERK, unknown): NotFound,
        (member(Post.CLERK, street=OTHER_STREET), taken.application_id): NotFound,
        (replace(CLERK, lines=("RETIREES",)), taken.application_id): LineOfAnotherDesk,
    }
    for (caller, application_id), refusal in strangers.items():
        for name, deed in at_revision(desks, application_id, revision).items():
            with pytest.raises(refusal):
                await deed(caller)
                pytest.fail(name)
    for code, refusal in {"": QueryCodeMissing, "AAAA2222": WrongQueryCode}.items():
        for name in ("Withdraw", "SupplyCorrection"):
            with pytest.raises(refusal):
                await at_revision(desks, taken.application_id, revision, code)[name](PORTAL)
    with pytest.raises(WrongQueryCode):
        await at_revision(desks, unknown, revision, "AAAA2222")["Withdraw"](PORTAL)


async def test_a_revision_that_has_moved_on_is_told_to_every_caller_who_may_act(desks: Desks) -> None:
    taken = await desks.submit(PORTAL, **ONLINE)
    for deed in at_revision(desks, taken.application_id, 2).values():
        with pytest.raises(StaleRevision):
            await deed(CLERK)
    with pytest.raises(StaleRevision):
        await at_revision(desks, taken.application_id, 2, taken.query_code)["Withdraw"](PORTAL)


@pytest.mark.parametrize("revision", [0, 7])
async def test_a_wrong_code_counts_once_whatever_intake_remembers(desks: Desks, revision: int) -> None:
    taken = await desks.submit(PORTAL, **ONLINE)
    desks.office.forget = lambda: None  # type: ignore[method-assign] # each call is decided on the file as it is cached
    await desks.call(desks.intake.CorrectOnTheSpot, CLERK, corrected(taken))
    for _ in range(10):
        with pytest.raises(WrongQueryCode):
            await at_revision(desks, taken.application_id, revision, "AAAA2222")["Withdraw"](PORTAL)
    with pytest.raises(TooManyCalls):
        await at_revision(desks, taken.application_id, revision, taken.query_code)["Withdraw"](PORTAL)


def corrected(taken: Any) -> pb.CorrectOnTheSpotRequest:
    """A correction at the window."""
    return pb.CorrectOnTheSpotRequest(request_id="request-0009", application_id=taken.application_id, change="补正")


async def test_a_portal_acts_with_the_code_in_capitals_or_not_and_staff_without(desks: Desks) -> None:
    taken = await desks.submit(PORTAL, **ONLINE)
    assert (await of_residents(desks, taken, taken.query_code.lower())["UploadMaterial"](PORTAL)).revision == 2
    assert (await of_residents(desks, taken, "")["Withdraw"](CLERK)).revision == 3


async def test_many_wrong_codes_close_the_matter_for_a_while(desks: Desks) -> None:
    taken = await desks.submit(PORTAL, **ONLINE)
    for _ in range(10):
        with pytest.raises(WrongQueryCode):
            await of_residents(desks, taken, "AAAA2222")["Withdraw"](PORTAL)
    with pytest.raises(TooManyCalls):
        await of_residents(desks, taken, taken.query_code)["Withdraw"](PORTAL)
    other = await desks.submit(PORTAL, **ONLINE)
    assert (await of_residents(desks, other, other.query_code)["UploadMaterial"](PORTAL)).revision == 2
