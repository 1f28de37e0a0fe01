"""Each way the window says no, as the client sees it: status, reason, article, field; and nothing is changed."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import hall_service_pb2 as hall_pb
from onewindow.intake.v1 import intake_event_pb2 as event_pb2
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from services.intake.domain.catalogue.item import CatalogueItem
from tests.service.intake.intake_service import (
    ELSEWHERE,
    RESERVED,
    STREET,
    RunningIntake,
    SeenRefusal,
    Stubs,
    applicant,
    fresh,
    paper,
    refusal_in,
    submission,
    take_ticket,
)
from tests.unit.intake import hall

Call = Callable[[], Awaitable[Any]]


def _electronic(code: str) -> submission_pb.MaterialInput:
    """An electronic paper without its digest."""
    return submission_pb.MaterialInput(material_code=code, form=event_pb2.MATERIAL_FORM_ELECTRONIC, copies=1)


async def refused(call: Call) -> SeenRefusal:
    """The refusal of a call that must not succeed."""
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call()
    return refusal_in(error.value)


async def submit(caller: Stubs, given: submission_pb.Submission, request_id: str = "") -> submission_pb.SubmitResponse:
    request = submission_pb.SubmitRequest(request_id=request_id or fresh(), submission=given)
    return await caller.windows.Submit(request, metadata=caller.signed)


SUBMISSIONS: list[tuple[submission_pb.Submission, str, str, str]] = [
    (submission(applicant=applicant(identity_number="110105194912310021")), "INVALID_ARGUMENT", "WRONG_CHECK_DIGIT",
     "submission.applicant.identity_number"),
    (submission(applicant=applicant(identity_number="110105190002300029")), "INVALID_ARGUMENT", "IMPOSSIBLE_DATE",
     "submission.applicant.identity_number"),
    (submission(applicant=applicant(identity_number="440105209901010017")), "INVALID_ARGUMENT", "FUTURE_DATE",
     "submission.applicant.identity_number"),
    (submission(applicant=applicant(identity_number=hall.CREDIT_CODE)), "INVALID_ARGUMENT", "WRONG_IDENTITY_NUMBER",
     "submission.applicant.identity_number"),
    (submission(agent=submission_pb.Agent(name="李四", identity_number="1")), "INVALID_ARGUMENT", "WRONG_LENGTH",
     "submission.agent.identity_number"),
    (submission(applicant=applicant(name=" \u3000")), "INVALID_ARGUMENT", "INVALID", "submission.applicant.name"),
    (submission(applicant=applicant(name="\u200b")), "INVALID_ARGUMENT", "INVALID", "submission.applicant.name"),
    (submission(item_code="X" * 31), "NOT_FOUND", "NOT_FOUND", "submission.item_code"),
    (submission(channel=event_pb2.CHANNEL_KIOSK, window=""), "FAILED_PRECONDITION", "WRONG_ACCEPT_POINT",
     "submission.channel"),
    (submission(window=""), "INVALID_ARGUMENT", "WINDOW_NEEDED", "submission.window"),
    (submission(channel=event_pb2.CHANNEL_ONLINE), "INVALID_ARGUMENT", "WINDOW_OUTSIDE_HALL", "submission.window"),
    (submission(window="W9"), "INVALID_ARGUMENT", "UNKNOWN_WINDOW", "submission.window"),
    (submission(item=hall.INSTANT, window="W2"), "FAILED_PRECONDITION", "WINDOW_DOES_NOT_SERVE", "submission.window"),
    (submission("M01", "M99"), "INVALID_ARGUMENT", "UNKNOWN_MATERIAL", "submission.materials[1].material_code"),
    (submission("M01", "M01"), "INVALID_ARGUMENT", "MATERIAL_TWICE", "submission.materials[1].material_code"),
    (submission(materials=[_electronic("M01")]), "INVALID_ARGUMENT", "DIGEST_MISSING",
     "submission.materials[0].sha256"),
    (submission(place=Place(district="440105", street=ELSEWHERE)), "PERMISSION_DENIED", "WRONG_DESK",
     "submission.place"),
    (submission(place=Place(district="440105", street="440104008")), "INVALID_ARGUMENT", "WRONG_PLACE",
     "submission.place.street"),
]  # fmt: skip # one case a row reads best


@pytest.mark.parametrize(("given", "code", "reason", "field"), SUBMISSIONS, ids=[row[2] for row in SUBMISSIONS])
async def test_a_submission_that_is_not_right_says_what_is_wrong(
    intake: RunningIntake, given: submission_pb.Submission, code: str, reason: str, field: str
) -> None:
    said = await refused(lambda: submit(intake.clerk(), given))
    assert (said.code, said.reason, list(said.fields)) == (code, reason, [field])
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said.sentence), "a clerk can read it"


async def test_a_ticket_that_the_hall_did_not_give_brings_no_matter(intake: RunningIntake) -> None:
    clerk, elsewhere = intake.clerk(), intake.clerk("10009", ELSEWHERE)
    for ticket_id in (str(uuid4()), await take_ticket(elsewhere, ELSEWHERE)):
        given = submission("M01", "M02", item=hall.INSTANT, ticket_id=ticket_id)
        at_once = submission_pb.CompleteOnTheSpotRequest(request_id=fresh(), submission=given)
        for call in (
            lambda given=given: submit(clerk, given),
            lambda at_once=at_once: clerk.windows.CompleteOnTheSpot(at_once, metadata=clerk.signed),
        ):
            said = await refused(call)
            assert (said.code, said.reason, list(said.fields)) == ("NOT_FOUND", "NOT_FOUND", ["submission.ticket_id"])


async def test_a_request_id_is_used_for_one_thing(intake: RunningIntake) -> None:
    clerk, request_id = intake.clerk(), fresh()
    await submit(clerk, submission("M01"), request_id)
    said = await refused(lambda: submit(clerk, submission("M02"), request_id))
    assert (said.code, said.reason, list(said.fields)) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED", ["request_id"])


class Acts:
    """One application at the window, and each act that can be tried on it."""

    def __init__(self, caller: Stubs, application_id: str) -> None:
        self._caller = caller
        self._application_id = application_id

    def __getattr__(self, name: str) -> Callable[..., Call]:
        name_of = f"{name}Request"
        message = getattr(pb, name_of, None) or getattr(submission_pb, name_of)

        def act(**given: Any) -> Call:
            request = message(**{"request_id": fresh(), "application_id": self._application_id, **given})
            return lambda: getattr(self._caller.windows, name)(request, metadata=self._caller.signed)

        return act


async def at_window(intake: RunningIntake, *codes: str, item: CatalogueItem = hall.PROMISED) -> Acts:
    taken = await submit(intake.clerk(), submission(*codes, item=item))
    return Acts(intake.clerk(), taken.application_id)


NOTICE = {"shortfalls": [pb.ShortfallInput(material_code=code, defect="未提交") for code in ("M01", "M02")]}
DECLINED = {"ground": event_pb2.DECLINE_GROUND_NOT_OURS, "reason": "不属于街道职权"}


async def test_a_missing_paper_holds_acceptance_up(intake: RunningIntake) -> None:
    said = await refused((await at_window(intake, "M01")).Accept())
    assert (said.code, said.reason, said.article) == ("FAILED_PRECONDITION", "MATERIALS_MISSING", "行政许可法 32")
    assert list(said.fields) == ["materials"]
    assert "M02 居民身份证" in said.sentence


async def test_an_instant_item_is_completed_and_another_is_not(intake: RunningIntake) -> None:
    instant = await at_window(intake, "M01", "M02", item=hall.INSTANT)
    assert (await refused(instant.Accept())).reason == "INSTANT_ITEM"
    at_once = submission_pb.CompleteOnTheSpotRequest(request_id=fresh(), submission=submission("M01", "M02"))
    clerk = intake.clerk()
    said = await refused(lambda: clerk.windows.CompleteOnTheSpot(at_once, metadata=clerk.signed))
    assert (said.reason, list(said.fields)) == ("NOT_INSTANT", ["submission.item_code"])
    promised = await at_window(intake, "M01", "M02")
    assert (await refused(promised.CompleteOnTheSpot())).reason == "NOT_INSTANT"
    incomplete = await at_window(intake, item=hall.INSTANT)
    assert (await refused(incomplete.CompleteOnTheSpot())).reason == "MATERIALS_MISSING"


async def test_a_stale_revision_is_told_before_anything_else(intake: RunningIntake) -> None:
    said = await refused((await at_window(intake, "M01", "M02")).Accept(revision=7))
    assert (said.code, said.reason, list(said.fields)) == ("ABORTED", "STALE_REVISION", ["revision"])


async def test_all_that_is_missing_is_told_once(intake: RunningIntake) -> None:
    acts = await at_window(intake)
    incomplete = {"shortfalls": NOTICE["shortfalls"][:1]}
    assert (await refused(acts.RequestCorrection(**incomplete))).reason == "NOTICE_INCOMPLETE"
    foreign = {"shortfalls": [*NOTICE["shortfalls"], pb.ShortfallInput(material_code="M99", defect="缺")]}
    said = await refused(acts.RequestCorrection(**foreign))
    assert (said.code, said.reason) == ("INVALID_ARGUMENT", "UNKNOWN_MATERIAL")
    notice = await acts.RequestCorrection(**NOTICE)()
    assert (notice.supply_by, notice.notice_number[:16]) == ("2016-10-14", "440105008补告〔2016")
    assert (await refused(acts.RequestCorrection(**NOTICE))).reason == "CORRECTION_REQUESTED_BEFORE"
    assert (await refused(acts.SupplyCorrection(materials=[paper("M04")]))).reason == "NOT_IN_NOTICE"
    said = await refused(acts.Accept())
    assert (said.reason, said.fields) == ("NOT_AT_THIS_STAGE", {"application_id": said.sentence})
    assert "补交材料" in said.sentence
    part = await acts.SupplyCorrection(materials=[paper("M01")])()
    assert (list(part.still_missing), part.answer_due_on) == (["M02"], "")
    assert (await acts.SupplyCorrection(materials=[paper("M02")])()).answer_due_on == "2016-09-22"
    assert (await acts.Accept()()).accepted_on == "2016-09-14"


async def test_what_is_declined_names_the_proper_organ_and_is_over(intake: RunningIntake) -> None:
    acts = await at_window(intake)
    said = await refused(acts.Decline(**DECLINED))
    assert (said.code, said.reason, list(said.fields)) == ("INVALID_ARGUMENT", "PROPER_ORGAN_NEEDED", ["proper_organ"])
    answer = await acts.Decline(**DECLINED, proper_organ="海珠区民政局")()
    assert answer.notice_number.startswith("440105008不受〔2016〕")
    assert (await refused(acts.Withdraw())).reason == "NOT_AT_THIS_STAGE"
    assert (await refused(acts.Decline(**DECLINED, proper_organ="海珠区民政局"))).reason == "NOT_AT_THIS_STAGE"


async def test_a_rating_comes_once_and_after_closing(intake: RunningIntake) -> None:
    acts = await at_window(intake, "M01", "M02", item=hall.INSTANT)
    assert (await refused(acts.Rate(grade=1))).reason == "NOT_AT_THIS_STAGE"
    await acts.CompleteOnTheSpot()()
    await acts.Rate(grade=1, remark="办得很快")()
    said = await refused(acts.Rate(grade=5))
    assert (said.reason, said.article) == ("RATED_BEFORE", "GB/T 39734")
    assert (await refused(acts.Withdraw())).reason == "NOT_AT_THIS_STAGE"


async def test_another_street_does_not_even_see_it(intake: RunningIntake) -> None:
    taken = await submit(intake.clerk(), submission("M01", "M02"))
    elsewhere = intake.clerk("10009", ELSEWHERE)
    acts = Acts(elsewhere, taken.application_id)
    assert (await refused(acts.Accept())).code == "NOT_FOUND"
    request = application_pb.GetApplicationRequest(application_id=taken.application_id)
    said = await refused(lambda: elsewhere.windows.GetApplication(request, metadata=elsewhere.signed))
    assert said.code == "NOT_FOUND"


async def test_what_was_never_handed_in_is_not_found(intake: RunningIntake) -> None:
    acts = Acts(intake.clerk(), str(uuid4()))
    for call in (acts.Accept(), acts.Withdraw(), acts.Rate(grade=1), acts.CompleteOnTheSpot()):
        said = await refused(call)
        assert (said.code, list(said.fields)) == ("NOT_FOUND", ["application_id"])


async def test_who_may_not_call_is_told_that_it_is_who_calls(intake: RunningIntake) -> None:
    acts = Acts(intake.staff("HEAD", STREET), str(uuid4()))
    said = await refused(acts.Accept())
    assert (said.code, said.reason, list(said.fields)) == ("PERMISSION_DENIED", "NOT_PERMITTED", ["authorization"])


async def test_a_contract_broken_is_told_field_by_field(intake: RunningIntake) -> None:
    said = await refused(lambda: submit(intake.clerk(), submission(item_code="short"), "tiny"))
    assert set(said.fields) == {"request_id", "submission.item_code"}


async def test_a_portal_names_the_street_and_the_probe_keeps_to_its_place(intake: RunningIntake) -> None:
    portal, probe = intake.system("PORTAL"), intake.system("PROBE")
    assert (await submit(portal, submission(window="", channel=event_pb2.CHANNEL_ONLINE))).revision == 1
    request = application_pb.GetApplicationRequest(application_id=str(uuid4()))
    said = await refused(lambda: portal.windows.GetApplication(request, metadata=portal.signed))
    assert (said.code, list(said.fields)) == ("INVALID_ARGUMENT", ["place"])
    assert (await refused(lambda: submit(probe, submission()))).reason == "WRONG_DESK"
    reserved = Place(district="440105", street=RESERVED)
    taken = await submit(probe, submission("M01", "M02", place=reserved, window="", channel=event_pb2.CHANNEL_ONLINE))
    acts = Acts(probe, taken.application_id)
    assert (await acts.Accept()()).number
    assert (await acts.Withdraw()()).revision == 3


async def test_a_ticket_is_called_once_by_a_window_of_its_line(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    ticket_id = await take_ticket(clerk)

    def called(window: str) -> Call:
        request = hall_pb.CallTicketRequest(request_id=fresh(), ticket_id=ticket_id, window=window)
        return lambda: clerk.hall.CallTicket(request, metadata=clerk.signed)

    assert (await refused(called("W2"))).reason == "WINDOW_DOES_NOT_SERVE"
    await called("W1")()
    said = await refused(called("W1"))
    assert (said.reason, list(said.fields)) == ("CALLED_BEFORE", ["ticket_id"])
