"""IntakeService over the office in memory: places of callers, paths of refused fields, answers of each call."""

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_event_pb2 as event_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.refusals import Invalid, NotFound, TooLarge
from law.desk import Machine, Post, WrongPlace
from law.not_allowed import NotAllowed, WrongDesk
from protocol.identifiers import street_leg_id
from services.intake.domain.application.facts import ApplicationSubmitted
from services.intake.domain.catalogue.offer import NoHallHere, UnknownStreet
from tests.support.ledger import cached
from tests.unit.intake.desk import (
    CLERK,
    OFFICE,
    OTHER_STREET,
    PORTAL,
    PROBE,
    UPLOAD_BYTES,
    Desks,
    member,
    submission,
    system,
)
from tests.unit.intake.hall import INSTANT, PROMISED, STREET

CONTENT = b"%PDF-1.7 a paper"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    """An office of its own, on Wednesday 14 September 2016."""
    return Desks(tmp_path)


async def test_a_receipt_answers_with_its_number_its_code_and_its_day(desks: Desks) -> None:
    answer = await desks.submit()
    assert (answer.serial_number[-10:], answer.answer_due_on, answer.provisional) == ("1609140001", "2016-09-22", False)
    assert (list(answer.missing), answer.revision) == ([], 1)
    assert answer.position == f"intake/440105/{STREET}/{answer.application_id}/1"
    assert len(answer.query_code) == 8


async def test_a_receipt_without_papers_names_those_that_are_missing(desks: Desks) -> None:
    assert list((await desks.submit(materials=[])).missing) == ["M01", "M02"]


PLACES: list[Any] = [
    pytest.param(CLERK, STREET, None, id="a clerk at the own street"),
    pytest.param(CLERK, OTHER_STREET, WrongDesk, id="a clerk at another street"),
    pytest.param(member(Post.CLERK, street=OFFICE), OFFICE, NoHallHere, id="a clerk of the district at the district"),
    pytest.param(member(Post.CLERK, street=OFFICE), STREET, WrongDesk, id="a clerk of the district at a street"),
    pytest.param(PORTAL, STREET, None, id="the portal at any street"),
    pytest.param(PORTAL, OTHER_STREET, None, id="the portal at another street"),
    pytest.param(system(Machine.PORTAL, STREET), OTHER_STREET, WrongDesk, id="a portal of one street at another"),
    pytest.param(PORTAL, "440105888", UnknownStreet, id="a street that nobody published"),
    pytest.param(PORTAL, OFFICE, NoHallHere, id="the portal at the district itself"),
    pytest.param(PORTAL, "440105999", WrongDesk, id="the portal at the reserved place"),
    pytest.param(PROBE, "440105999", None, id="the probe at the reserved place"),
    pytest.param(PROBE, STREET, WrongDesk, id="the probe at a street"),
    pytest.param(PORTAL, "440106001", WrongPlace, id="a street of another district"),
]


@pytest.mark.parametrize(("caller", "street", "refusal"), PLACES)
async def test_a_caller_names_a_place_that_it_serves(
    desks: Desks, caller: Any, street: str, refusal: type[NotAllowed] | None
) -> None:
    place = {"district": "440105", "street": street}
    change = {"place": place, "channel": "CHANNEL_ONLINE", "window": ""}
    if refusal is None:
        answer = await desks.submit(caller, **change)
        assert answer.position.split("/")[2] == street
        return
    with pytest.raises(refusal) as refused:
        await desks.submit(caller, **change)
    assert refused.value.field.startswith("submission.place")


FIELDS: list[Any] = [
    pytest.param({"window": ""}, "submission.window", id="no window"),
    pytest.param({"window": "W9"}, "submission.window", id="an unknown window"),
    pytest.param({"channel": "CHANNEL_ONLINE"}, "submission.window", id="a window outside the hall"),
    pytest.param({"channel": "CHANNEL_KIOSK", "window": ""}, "submission.channel", id="a channel without the item"),
    pytest.param(
        {"materials": [{"material_code": "M77", "form": "MATERIAL_FORM_COPY", "copies": 1}]},
        "submission.materials[0].material_code",
        id="a paper that the item does not demand",
    ),
    pytest.param(
        {"materials": [{"material_code": "M01", "form": "MATERIAL_FORM_ELECTRONIC", "copies": 1}]},
        "submission.materials[0].sha256",
        id="an electronic paper without its digest",
    ),
    pytest.param(
        {"applicant": {"kind": "APPLICANT_KIND_PERSON", "name": "张三", "identity_number": "110105194912310021"}},
        "submission.applicant.identity_number",
        id="a wrong number of the applicant",
    ),
    pytest.param(
        {"agent": {"name": "李四", "identity_number": "1"}},
        "submission.agent.identity_number",
        id="a wrong number of the agent",
    ),
]


@pytest.mark.parametrize(("change", "field"), FIELDS)
async def test_a_refused_submission_names_the_path_of_the_request(
    desks: Desks, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        await desks.submit(**change)
    assert refused.value.field == field
    assert desks.office.store.published == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item_code": "9" * 31}, "submission.item_code"),
        ({"ticket_id": str(uuid4())}, "submission.ticket_id"),
    ],
)
async def test_what_is_not_found_names_the_path_of_the_request(
    desks: Desks, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotFound) as refused:
        await desks.submit(**change)
    assert [fault.field for fault in refused.value.fields] == [field]


@pytest.mark.parametrize(("street", "refusal"), [("440105888", UnknownStreet), (OFFICE, NoHallHere)])
async def test_numbers_are_given_at_halls_that_exist(desks: Desks, street: str, refusal: type[NotAllowed]) -> None:
    take = hall_pb.TakeTicketRequest(request_id="ticket-01", line=PROMISED.line.value)  # type: ignore[arg-type] # a request of any method
    take.place.CopyFrom(Place(district="440105", street=street))
    with pytest.raises(refusal) as refused:
        await desks.call(desks.hall.TakeTicket, member(Post.CLERK, street=street), take)
    assert refused.value.field == "place.street"


async def test_a_ticket_of_the_hall_may_be_named(desks: Desks) -> None:
    take = hall_pb.TakeTicketRequest(request_id="ticket-01", line=PROMISED.line.value)  # type: ignore[arg-type] # a request of any method
    take.place.CopyFrom(Place(district="440105", street=STREET))
    ticket = await desks.call(desks.hall.TakeTicket, CLERK, take)
    call = hall_pb.CallTicketRequest(request_id="call-0001", ticket_id=ticket.ticket_id, window="W1")
    assert (await desks.call(desks.hall.CallTicket, CLERK, call)).revision == 2
    answer = await desks.submit(ticket_id=ticket.ticket_id)
    fact = cached(desks.office.files, await key_of(desks, answer))
    assert fact is not None and isinstance(fact.submission, ApplicationSubmitted)
    assert fact.submission.ticket_id == ticket.ticket_id


async def key_of(desks: Desks, answer: Any) -> Any:
    """The key of an application by the answer that named it."""
    return next(key for key, _, _ in desks.office.store.published if str(key.file_id) == answer.application_id)


def on_file(answer: Any, **fields: Any) -> dict[str, Any]:
    """The fields of a request on an application."""
    return {"request_id": "request-0001", "application_id": answer.application_id, **fields}


async def test_an_acceptance_answers_with_its_number_its_case_and_both_last_days(desks: Desks) -> None:
    taken = await desks.submit()
    answer = await desks.call(desks.intake.Accept, CLERK, pb.AcceptRequest(**on_file(taken)))
    assert answer.number == PROMISED.code + "20160914" + "0001"
    assert answer.case_id == str(street_leg_id(UUID(taken.application_id)))
    assert (answer.accepted_on, answer.promised_due_on, answer.legal_due_on) == (
        "2016-09-14",
        "2016-09-29",
        "2016-10-18",
    )


async def test_a_correction_is_demanded_supplied_and_answered_with_its_days(desks: Desks) -> None:
    taken = await desks.submit(materials=[])
    shortfalls = [pb.ShortfallInput(material_code=code, defect="未提交") for code in ("M01", "M02")]
    notice = await desks.call(
        desks.intake.RequestCorrection, CLERK, pb.RequestCorrectionRequest(**on_file(taken, shortfalls=shortfalls))
    )
    assert (notice.notice_number, notice.supply_by) == (f"{STREET}补告〔2016〕0001号", "2016-10-14")
    first = await desks.call(desks.intake.SupplyCorrection, CLERK, supply(taken, "supply-01", "M01"))
    assert (list(first.still_missing), first.answer_due_on) == (["M02"], "")
    last = await desks.call(desks.intake.SupplyCorrection, CLERK, supply(taken, "supply-02", "M02"))
    assert (list(last.still_missing), last.answer_due_on) == ([], "2016-09-22")


def supply(taken: Any, request_id: str, code: str) -> pb.SupplyCorrectionRequest:
    """One paper of a correction."""
    paper = submission_pb.MaterialInput(material_code=code, form=event_pb.MATERIAL_FORM_COPY, copies=1)
    fields = {"request_id": request_id, "application_id": taken.application_id}
    return pb.SupplyCorrectionRequest(**fields, materials=[paper])


@pytest.mark.parametrize(("organ", "letters"), [("区人社局", 1), (" \u3000", 0)])
async def test_a_non_acceptance_has_its_number_and_its_organ(desks: Desks, organ: str, letters: int) -> None:
    taken = await desks.submit()
    ground = event_pb.DECLINE_GROUND_NOT_OURS if letters else event_pb.DECLINE_GROUND_NOT_NEEDED
    request = pb.DeclineRequest(**on_file(taken, ground=ground, reason="不属于本机关职权", proper_organ=organ))
    answer = await desks.call(desks.intake.Decline, CLERK, request)
    assert answer.notice_number == f"{STREET}不受〔2016〕0001号"
    texts = await desks.office.texts(await key_of(desks, taken))
    assert ("decline.proper_organ" in texts) is bool(letters)


async def test_an_instant_matter_is_completed_in_one_call_or_after_its_receipt(desks: Desks) -> None:
    whole = submission_pb.CompleteOnTheSpotRequest(
        request_id="complete-01", submission=submission(item_code=INSTANT.code)
    )
    at_once = await desks.call(desks.intake.CompleteOnTheSpot, CLERK, whole)
    assert (at_once.closed_on, at_once.revision, len(at_once.query_code)) == ("2016-09-14", 3, 8)
    taken = await desks.submit(item_code=INSTANT.code)
    later = submission_pb.CompleteOnTheSpotRequest(request_id="complete-02", application_id=taken.application_id)
    answer = await desks.call(desks.intake.CompleteOnTheSpot, CLERK, later)
    assert (answer.serial_number, answer.query_code) == (taken.serial_number, "")
    assert answer.number.endswith("0002")


def paper(taken: Any, **change: Any) -> submission_pb.UploadMaterialRequest:
    """The header of an electronic paper."""
    header = {
        "request_id": "upload-01",
        "application_id": taken.application_id,
        "material_code": "M02",
        "media_type": "application/pdf",
        "sha256": DIGEST,
    }
    return submission_pb.UploadMaterialRequest(header=submission_pb.MaterialHeader(**(header | change)))


def chunk(content: bytes) -> submission_pb.UploadMaterialRequest:
    """Some bytes of a paper."""
    return submission_pb.UploadMaterialRequest(chunk=content)


async def test_a_paper_arrives_in_pieces(desks: Desks) -> None:
    taken = await desks.submit()
    answer = await desks.upload(paper(taken), chunk(CONTENT[:5]), chunk(CONTENT[5:]))
    assert (answer.sha256, answer.size, answer.revision) == (DIGEST, len(CONTENT), 2)


async def test_a_paper_in_a_wrong_order_or_with_other_bytes_is_refused_by_its_field(desks: Desks) -> None:
    taken = await desks.submit()
    streams: list[tuple[list[Any], str]] = [
        ([], "header"),
        ([chunk(CONTENT), paper(taken)], "header"),
        ([paper(taken), paper(taken), chunk(CONTENT)], "header"),
        ([paper(taken)], "chunk"),
        ([paper(taken), chunk(CONTENT + b".")], "header.sha256"),
    ]
    for requests, field in streams:
        with pytest.raises(Invalid) as refused:
            await desks.upload(*requests)
        assert [fault.field for fault in refused.value.fields] == [field]


async def test_a_paper_beyond_the_limit_is_refused_when_it_has_come_to_its_end(desks: Desks) -> None:
    taken = await desks.submit()
    pieces = [chunk(b"x" * 30) for _ in range(4)]
    with pytest.raises(TooLarge) as refused:
        await desks.upload(paper(taken), *pieces)
    assert [fault.field for fault in refused.value.fields] == ["chunk"]
    assert str(UPLOAD_BYTES) in refused.value.fields[0].sentence


async def test_a_paper_that_the_item_does_not_demand_is_refused_below_the_header(desks: Desks) -> None:
    taken = await desks.submit()
    with pytest.raises(NotAllowed) as refused:
        await desks.upload(paper(taken, material_code="M77"), chunk(CONTENT))
    assert refused.value.field == "header.material_code"


async def test_a_system_names_the_street_of_a_matter(desks: Desks) -> None:
    taken = await desks.submit()
    withdrawal = on_file(taken, reason="不再需要", query_code=taken.query_code)
    with pytest.raises(Invalid) as refused:
        await desks.call(desks.intake.Withdraw, PORTAL, pb.WithdrawRequest(**withdrawal))
    assert [fault.field for fault in refused.value.fields] == ["place"]
    there = pb.WithdrawRequest(**withdrawal, place=Place(district="440105", street=STREET))
    assert (await desks.call(desks.intake.Withdraw, PORTAL, there)).revision == 2


@pytest.mark.parametrize("token", ["%%%", "eA==", "_____w=="])
async def test_a_page_token_that_no_answer_gave_is_refused_by_its_field(desks: Desks, token: str) -> None:
    request = application_pb.ListApplicationsRequest(page_token=token)
    with pytest.raises(Invalid) as refused:
        await desks.call(desks.intake.ListApplications, CLERK, request)
    assert [fault.field for fault in refused.value.fields] == ["page_token"]
