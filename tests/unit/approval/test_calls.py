"""ApprovalService over a store in memory: answers, repeats, revisions, texts, numbers and proofs of each call."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import case_pb2

from chassis.refusals import NotFound, RequestIdReused, StaleRevision
from law.desk import Post
from law.not_allowed import WrongDesk
from law.workdays import Calendar
from services.approval.domain.case.decide import ReasonsMissing
from services.approval.domain.case.stages import ClaimedByAnother, NotAtThisStage
from services.approval.ports import DistrictStatus
from tests.unit.approval.matters import ACCEPTED_ON, APPLICATION, CALENDAR, FIELD_CHECK, FORWARDED, PROMISED, REVIEW
from tests.unit.approval.memory_office import (
    CASE_ID,
    HEAD,
    OFFICE,
    OTHER_STREET,
    REVIEWER,
    STREET,
    SUPERVISOR,
    MemoryOffice,
    member,
)

GRANTED, REFUSED = event_pb2.OUTCOME_GRANTED, event_pb2.OUTCOME_REFUSED
AGREE, DISAGREE = event_pb2.OPINION_AGREE, event_pb2.OPINION_DISAGREE
HEARING = event_pb2.SPECIAL_PROCEDURE_HEARING


@pytest.fixture
async def office() -> MemoryOffice:
    """An office with one case in review, on Tuesday 8 March 2016."""
    found = MemoryOffice()
    await found.opened()
    return found


def claim(request_id: str = "claim-01", case_id: UUID = CASE_ID, revision: int = 0, after: str = "") -> pb.ClaimRequest:
    """A claim of the case."""
    return pb.ClaimRequest(request_id=request_id, case_id=str(case_id), revision=revision, after=after)


async def reviewed(office: MemoryOffice, case_id: UUID = CASE_ID) -> None:
    """The review step gets its opinion."""
    await office.call(office.desk.Claim, REVIEWER, claim(f"claim-{case_id}", case_id))
    request = pb.CompleteStepRequest(request_id=f"step-{case_id}", case_id=str(case_id), opinion=AGREE)
    await office.call(office.desk.CompleteStep, REVIEWER, request)


async def test_a_claim_answers_with_the_step_the_pass_and_the_position(office: MemoryOffice) -> None:
    answer = await office.call(office.desk.Claim, REVIEWER, claim())
    assert (answer.step, answer.application_id, answer.revision) == ("S1", str(APPLICATION), 2)
    assert answer.read_pass == f"pass of NH001 for {APPLICATION}"
    assert answer.position == f"approval/440105/{STREET}/{CASE_ID}/2"


async def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(office: MemoryOffice) -> None:
    first = await office.call(office.desk.Claim, REVIEWER, claim())
    await office.call(office.desk.Release, REVIEWER, pb.ReleaseRequest(request_id="release-1", case_id=str(CASE_ID)))
    again = await office.call(office.desk.Claim, REVIEWER, claim())
    assert again == first
    assert office.kinds(office.store.published[0][0]) == ["case_opened", "step_claimed", "step_released"]


async def test_a_request_id_with_another_content_is_refused(office: MemoryOffice) -> None:
    await office.call(office.desk.Claim, REVIEWER, claim("request-1"))
    with pytest.raises(RequestIdReused):
        await office.call(office.desk.Claim, REVIEWER, claim("request-1", revision=1))
    with pytest.raises(RequestIdReused):
        await office.call(
            office.desk.Release, REVIEWER, pb.ReleaseRequest(request_id="request-1", case_id=str(CASE_ID))
        )


async def test_unknown_posts_count_for_nothing_beside_a_known_one(office: MemoryOffice) -> None:
    caller = replace(REVIEWER, posts=frozenset({"REVIEWER", "DEPUTY", "UNSPECIFIED", "PORTAL"}))
    assert (await office.call(office.desk.Claim, caller, claim())).revision == 2


async def test_unknown_lines_open_nothing(office: MemoryOffice) -> None:
    with pytest.raises(WrongDesk):
        await office.call(office.desk.Claim, replace(REVIEWER, lines=("FIRE_SAFETY",)), claim())


async def test_two_callers_may_use_the_same_request_id(office: MemoryOffice) -> None:
    await office.call(office.desk.Claim, REVIEWER, claim("request-1"))
    with pytest.raises(ClaimedByAnother):
        await office.call(office.desk.Claim, member("NH002", Post.REVIEWER), claim("request-1"))


@pytest.mark.parametrize(("revision", "stale"), [(0, False), (1, False), (2, True), (7, True)])
async def test_a_revision_that_is_not_the_last_one_is_stale(office: MemoryOffice, revision: int, stale: bool) -> None:
    if not stale:
        assert (await office.call(office.desk.Claim, REVIEWER, claim(revision=revision))).revision == 2
        return
    with pytest.raises(StaleRevision):
        await office.call(office.desk.Claim, REVIEWER, claim(revision=revision))


@pytest.mark.parametrize("street", [OTHER_STREET, OFFICE])
async def test_a_case_of_another_place_is_not_found(office: MemoryOffice, street: str) -> None:
    with pytest.raises(NotFound):
        await office.call(office.desk.Claim, member("NH001", Post.REVIEWER, street=street), claim())


async def test_an_unknown_case_is_not_found(office: MemoryOffice) -> None:
    with pytest.raises(NotFound):
        await office.call(office.desk.Claim, REVIEWER, claim(case_id=uuid4()))


async def test_a_call_waits_for_the_position_that_its_caller_saw(office: MemoryOffice) -> None:
    await office.call(office.desk.Claim, REVIEWER, claim(after="intake/x/1"))
    assert office.positions.awaited == ["intake/x/1"]


async def test_an_opinion_opens_the_next_step_and_its_remark_lies_in_the_vault(office: MemoryOffice) -> None:
    await office.call(office.desk.Claim, REVIEWER, claim())
    request = pb.CompleteStepRequest(request_id="step-0001", case_id=str(CASE_ID), opinion=DISAGREE, remark="面积不符")
    answer = await office.call(office.desk.CompleteStep, REVIEWER, request)
    assert (answer.step, answer.revision) == ("S9", 3)
    assert await texts(office) == {"step.S1.1": "面积不符"}
    assert "面积不符".encode() not in b"".join(record.body for _, record, _ in office.store.published)


async def texts(office: MemoryOffice) -> dict[str, str]:
    """The typed texts of the one case."""
    found = await office.files.texts(office.store.published[0][0])
    return {name: text.decode() for name, text in found.items()}


async def test_an_opinion_that_does_not_finish_the_step_answers_with_the_same_step() -> None:
    office = MemoryOffice()
    await office.opened(replace(PROMISED, route=(FIELD_CHECK, REVIEW)))
    await office.call(office.desk.Claim, REVIEWER, claim())
    request = pb.CompleteStepRequest(request_id="step-0001", case_id=str(CASE_ID), opinion=AGREE)
    assert (await office.call(office.desk.CompleteStep, REVIEWER, request)).step == "S2"


async def test_a_decision_has_the_next_number_of_the_street_and_the_year(office: MemoryOffice) -> None:
    other = uuid4()
    await office.opened(application=other)
    numbers = []
    for case_id in [CASE_ID, office.store.published[1][0].file_id]:
        await reviewed(office, case_id)
        request = pb.DecideRequest(request_id=f"decide-{case_id}", case_id=str(case_id), outcome=GRANTED)
        answer = await office.call(office.desk.Decide, HEAD, request)
        numbers.append(answer.decision_number)
        assert (answer.closed_on, answer.on_time) == ("2016-03-08", True)
    assert numbers == [f"{STREET}〔2016〕决1号", f"{STREET}〔2016〕决2号"]


async def test_a_late_decision_says_so(office: MemoryOffice) -> None:
    await reviewed(office)
    office.at(date(2016, 3, 16))
    answer = await office.call(
        office.desk.Decide, HEAD, pb.DecideRequest(request_id="decide-1", case_id=str(CASE_ID), outcome=GRANTED)
    )
    assert (answer.closed_on, answer.on_time) == ("2016-03-16", False)


@pytest.mark.parametrize("reasons", ["", " \u3000", "\u200b"])
async def test_blanks_are_no_reasons_of_a_refusal(office: MemoryOffice, reasons: str) -> None:
    await reviewed(office)
    request = pb.DecideRequest(request_id="decide-1", case_id=str(CASE_ID), outcome=REFUSED, reasons=reasons)
    with pytest.raises(ReasonsMissing):
        await office.call(office.desk.Decide, HEAD, request)


async def test_reasons_of_a_refusal_lie_in_the_vault(office: MemoryOffice) -> None:
    await reviewed(office)
    request = pb.DecideRequest(request_id="decide-1", case_id=str(CASE_ID), outcome=REFUSED, reasons="不符合条件")
    await office.call(office.desk.Decide, HEAD, request)
    assert await texts(office) == {"decision.reasons": "不符合条件"}


async def test_a_refused_act_leaves_no_fact_and_its_id_can_be_used_again(office: MemoryOffice) -> None:
    request = pb.ExtendRequest(request_id="extend-1", case_id=str(CASE_ID), days=3, reason="案情复杂")
    with pytest.raises(WrongDesk):
        await office.call(office.desk.Extend, REVIEWER, request)
    answer = await office.call(office.desk.Extend, HEAD, request)
    assert (answer.promised_due_on, answer.legal_due_on, answer.revision) == ("2016-03-18", "2016-04-01", 2)


@pytest.mark.parametrize("published", [True, False])
async def test_every_answer_with_a_last_day_says_whether_a_coming_notice_may_move_it(*, published: bool) -> None:
    notices = [notice for notice in CALENDAR.notices if published or notice.year < ACCEPTED_ON.year]
    office = MemoryOffice(calendar=Calendar("2016.1", tuple(notices)))
    await office.opened()
    (entry,) = (await office.call(office.desk.ListWorklist, REVIEWER, pb.ListWorklistRequest())).entries
    pause = pb.PauseRequest(
        request_id="pause-01", case_id=str(CASE_ID), procedure=HEARING, expected_days=10, reason="依法听证"
    )
    ordered = await office.call(office.desk.Pause, REVIEWER, pause)
    approve = pb.ApprovePauseRequest(request_id="approve1", case_id=str(CASE_ID))
    approved = await office.call(office.desk.ApprovePause, HEAD, approve)
    office.at(date(2016, 3, 10))
    resume = pb.ResumeRequest(request_id="resume-1", case_id=str(CASE_ID))
    resumed = await office.call(office.desk.Resume, REVIEWER, resume)
    extend = pb.ExtendRequest(request_id="extend-1", case_id=str(CASE_ID), days=3, reason="案情复杂")
    extended = await office.call(office.desk.Extend, HEAD, extend)
    told = [each.provisional for each in (entry, ordered, approved, resumed, extended)]
    assert told == [not published] * 5


async def test_pause_and_resumption_answer_with_their_days_and_the_new_dates(office: MemoryOffice) -> None:
    request = pb.PauseRequest(
        request_id="pause-01", case_id=str(CASE_ID), procedure=HEARING, expected_days=10, reason="依法听证"
    )
    ordered = await office.call(office.desk.Pause, REVIEWER, request)
    assert (ordered.waits_for_approval, ordered.paused_on, ordered.expected_end_on) == (True, "", "2016-03-21")
    approved = await office.call(
        office.desk.ApprovePause, HEAD, pb.ApprovePauseRequest(request_id="approve-1", case_id=str(CASE_ID))
    )
    assert (approved.paused_on, approved.expected_end_on) == ("2016-03-08", "2016-03-21")
    office.at(date(2016, 3, 22))
    resumed = await office.call(
        office.desk.Resume, REVIEWER, pb.ResumeRequest(request_id="resume-1", case_id=str(CASE_ID))
    )
    assert (resumed.promised_due_on, resumed.legal_due_on) == ("2016-03-30", "2016-04-14")
    assert await texts(office) == {"pause.1.reason": "依法听证"}


async def test_a_referral_answers_with_the_districts_leg() -> None:
    office = MemoryOffice()
    key = await office.opened(FORWARDED)
    await reviewed(office)
    request = pb.ReferRequest(request_id="refer-01", case_id=str(CASE_ID), opinion="同意转报")
    answer = await office.call(office.desk.Refer, HEAD, request)
    assert UUID(answer.linked_case_id) == (await office.state(key)).referral.case_id
    assert await texts(office) == {"referral.1.opinion": "同意转报"}


async def test_a_case_is_read_with_its_lamp_and_its_dates(office: MemoryOffice) -> None:
    answer = await office.call(office.desk.GetCase, REVIEWER, pb.GetCaseRequest(case_id=str(CASE_ID)))
    case = answer.case
    assert (case.number, case.stage, case.step) == (PROMISED.code + "201603010001", case_pb2.CASE_STAGE_REVIEW, "S1")
    assert (case.term.promised_due_on, case.term.legal_due_on) == ("2016-03-15", "2016-03-29")
    assert (case.lamp, case.place.street, case.revision) == (case_pb2.LAMP_NORMAL, STREET, 1)
    assert answer.position.endswith("/1")


@pytest.mark.parametrize(
    ("on", "lamp"),
    [
        (date(2016, 3, 10), case_pb2.LAMP_NORMAL),
        (date(2016, 3, 11), case_pb2.LAMP_WARNING),
        (date(2016, 3, 15), case_pb2.LAMP_WARNING),
        (date(2016, 3, 16), case_pb2.LAMP_YELLOW),
        (date(2016, 3, 29), case_pb2.LAMP_YELLOW),
        (date(2016, 3, 30), case_pb2.LAMP_RED),
    ],
)
async def test_the_lamp_of_a_case_is_that_of_the_day(office: MemoryOffice, on: date, lamp: int) -> None:
    office.at(on)
    answer = await office.call(office.desk.GetCase, REVIEWER, pb.GetCaseRequest(case_id=str(CASE_ID)))
    assert answer.case.lamp == lamp


async def test_a_paused_case_has_the_lamp_of_the_day_on_which_it_was_paused(office: MemoryOffice) -> None:
    request = pb.PauseRequest(
        request_id="pause-01", case_id=str(CASE_ID), procedure=HEARING, expected_days=10, reason="依法听证"
    )
    await office.call(office.desk.Pause, HEAD, request)
    office.at(date(2016, 5, 3))
    answer = await office.call(office.desk.GetCase, REVIEWER, pb.GetCaseRequest(case_id=str(CASE_ID)))
    assert (answer.case.lamp, answer.case.stage) == (case_pb2.LAMP_NORMAL, case_pb2.CASE_STAGE_PAUSED)


async def test_a_closed_case_has_no_lamp(office: MemoryOffice) -> None:
    await reviewed(office)
    await office.call(
        office.desk.Decide, HEAD, pb.DecideRequest(request_id="decide-1", case_id=str(CASE_ID), outcome=GRANTED)
    )
    case = (await office.call(office.desk.GetCase, HEAD, pb.GetCaseRequest(case_id=str(CASE_ID)))).case
    assert (case.lamp, case.outcome, case.closed_on) == (case_pb2.LAMP_UNSPECIFIED, "granted", "2016-03-08")
    assert (case.on_time, case.early) == (True, True)


async def test_a_supervisor_of_the_district_reads_the_case_of_any_street_by_id_and_number(office: MemoryOffice) -> None:
    by_id = await office.call(office.desk.GetCase, SUPERVISOR, pb.GetCaseRequest(case_id=str(CASE_ID)))
    by_number = await office.call(office.desk.GetCase, SUPERVISOR, pb.GetCaseRequest(number=by_id.case.number))
    assert by_id == by_number


@pytest.mark.parametrize(
    "request_", [pb.GetCaseRequest(number="NO000000000001"), pb.GetCaseRequest(case_id=str(uuid4()))]
)
@pytest.mark.parametrize("caller", [REVIEWER, SUPERVISOR], ids=["street", "district"])
async def test_a_case_that_nobody_has_is_not_found(office: MemoryOffice, caller: object, request_: object) -> None:
    with pytest.raises(NotFound):
        await office.call(office.desk.GetCase, caller, request_)  # type: ignore[arg-type] # a request of any method


@pytest.mark.parametrize(
    ("status", "since", "number"),
    [
        (None, "", ""),
        (DistrictStatus(date(2016, 3, 8), ""), "2016-03-08", ""),
        (DistrictStatus(None, "Q-7"), "", "Q-7"),
    ],
)
async def test_a_referred_case_shows_how_its_hand_off_stands(
    status: DistrictStatus | None, since: str, number: str
) -> None:
    office = MemoryOffice()
    await office.opened(FORWARDED)
    await reviewed(office)
    await office.call(
        office.desk.Refer, HEAD, pb.ReferRequest(request_id="refer-01", case_id=str(CASE_ID), opinion="同意")
    )
    office.lists.status = status
    case = (await office.call(office.desk.GetCase, HEAD, pb.GetCaseRequest(case_id=str(CASE_ID)))).case
    assert (case.waiting_for_district_since, case.district_number) == (since, number)


async def test_the_proof_of_a_term_counts_its_days_and_cites_the_notices(office: MemoryOffice) -> None:
    proof = await office.call(office.desk.GetTermProof, REVIEWER, pb.GetTermProofRequest(case_id=str(CASE_ID)))
    assert [day.number for day in proof.promised if day.counts] == list(range(1, 11))
    assert (proof.promised[-1].on, proof.legal[-1].on) == ("2016-03-15", "2016-03-29")
    assert list(proof.notices) == ["国办发明电〔2015〕18号"]
    assert (proof.promised_days_left, proof.legal_days_left) == (5, 15)
    assert {day.reason for day in proof.promised if not day.counts} == {"休息日"}


@pytest.mark.parametrize(
    ("act", "request_"),
    [
        ("Release", pb.ReleaseRequest(request_id="r-000001", case_id=str(CASE_ID))),
        ("Resume", pb.ResumeRequest(request_id="r-000001", case_id=str(CASE_ID))),
        ("Refer", pb.ReferRequest(request_id="r-000001", case_id=str(CASE_ID), opinion="同意")),
    ],
)
async def test_nothing_is_done_with_a_closed_case(office: MemoryOffice, act: str, request_: object) -> None:
    await reviewed(office)
    await office.call(
        office.desk.Decide, HEAD, pb.DecideRequest(request_id="decide-1", case_id=str(CASE_ID), outcome=GRANTED)
    )
    with pytest.raises(NotAtThisStage):
        await office.call(getattr(office.desk, act), HEAD, request_)
