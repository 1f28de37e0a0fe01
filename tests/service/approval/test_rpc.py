"""Desks as they call: tokens, posts, places, worklists, answers and refusals on the wire."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import case_pb2

from chassis.clock import real_seconds
from chassis.rpc.identity import passes
from tests.service.approval.edge import Door, a_key, refused
from tests.service.approval.office import acceptance
from tests.unit.approval.matters import FORWARDED, PROMISED, RESIDENCE
from tests.unit.contracts.requests import awaiting

pytestmark = pytest.mark.integration


async def test_a_case_goes_from_the_worklist_to_the_decision(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    listed = await door.desks.ListWorklist(pb.ListWorklistRequest(), metadata=door.staff())
    assert [(entry.case_id, entry.step_name, entry.lamp) for entry in listed.entries] == [
        (case_id, "科室审核", case_pb2.LAMP_NORMAL)
    ]
    await door.review(case_id)
    decided = await door.desks.Decide(
        pb.DecideRequest(request_id=a_key(), case_id=case_id, outcome=event_pb2.OUTCOME_GRANTED), metadata=head
    )
    assert (decided.decision_number, decided.closed_on, decided.on_time) == (
        "440105008〔2016〕决1号",
        "2016-03-01",
        True,
    )
    read = (await door.desks.GetCase(pb.GetCaseRequest(case_id=case_id), metadata=door.staff("NH100", "CLERK"))).case
    assert (read.stage, read.outcome, read.lamp) == (case_pb2.CASE_STAGE_CLOSED, "granted", case_pb2.LAMP_UNSPECIFIED)
    assert [opinion.staff_no for opinion in read.opinions] == ["NH001"]


async def test_a_claim_gives_a_pass_for_its_bearer_alone(door: Door) -> None:
    case_id = await door.accept()
    claimed = await door.desks.Claim(pb.ClaimRequest(request_id=a_key(), case_id=case_id), metadata=door.staff())
    private = load_pem_private_key(door.world.passes.key_file.read(), None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = passes.verify(claimed.read_pass, public, real_seconds())
    assert (said["bearer"], said["case_id"], said["leg"]) == ("NH001", case_id, "STREET")
    assert (said["application_id"], said["materials"]) == (claimed.application_id, ["ab" * 32])
    assert 29 * 60 < said["exp"] - real_seconds() <= 30 * 60


async def test_a_repeat_gets_exactly_the_first_answer(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    claim = pb.ClaimRequest(request_id=a_key(), case_id=case_id)
    assert await door.desks.Claim(claim, metadata=door.staff()) == await door.desks.Claim(claim, metadata=door.staff())
    release = pb.ReleaseRequest(request_id=a_key(), case_id=case_id)
    first = await door.desks.Release(release, metadata=door.staff())
    assert await door.desks.Release(release, metadata=door.staff()) == first
    await door.review(case_id)
    decide = pb.DecideRequest(request_id=a_key(), case_id=case_id, outcome=event_pb2.OUTCOME_GRANTED)
    assert await door.desks.Decide(decide, metadata=head) == await door.desks.Decide(decide, metadata=head)
    decide.outcome, decide.reasons = event_pb2.OUTCOME_REFUSED, "不符合条件。"
    assert (await refused(lambda: door.desks.Decide(decide, metadata=head))).code == "ALREADY_EXISTS"


async def test_a_refusal_names_reason_and_article(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    await door.review(case_id)
    told = await refused(
        lambda: door.desks.Decide(
            pb.DecideRequest(request_id=a_key(), case_id=case_id, outcome=event_pb2.OUTCOME_REFUSED), metadata=head
        )
    )
    assert (told.code, told.why.reason, told.why.metadata["article"]) == (
        "FAILED_PRECONDITION",
        "REASONS_MISSING",
        "行政许可法 38",
    )


async def test_blanks_are_no_reasons(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    claim = pb.ClaimRequest(request_id=a_key(), case_id=case_id)
    await door.desks.Claim(claim, metadata=door.staff())
    disagree = pb.CompleteStepRequest(
        request_id=a_key(), case_id=case_id, opinion=event_pb2.OPINION_DISAGREE, remark=" \u3000"
    )
    told = await refused(lambda: door.desks.CompleteStep(disagree, metadata=door.staff()))
    assert told.why.reason == "REMARK_MISSING"
    extend = pb.ExtendRequest(request_id=a_key(), case_id=case_id, days=3, reason=" \u3000")
    assert (await refused(lambda: door.desks.Extend(extend, metadata=head))).code == "INVALID_ARGUMENT"
    disagree.remark = "材料不符。"
    await door.desks.CompleteStep(disagree, metadata=door.staff())
    decide = pb.DecideRequest(
        request_id=a_key(), case_id=case_id, outcome=event_pb2.OUTCOME_REFUSED, reasons=" \u3000\n\u200b"
    )
    assert (await refused(lambda: door.desks.Decide(decide, metadata=head))).why.reason == "REASONS_MISSING"


async def test_another_post_is_the_wrong_desk(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    claim = pb.ClaimRequest(request_id=a_key(), case_id=case_id)
    told = await refused(lambda: door.desks.Claim(claim, metadata=head))
    assert (told.code, told.why.reason, told.fields[0].field) == ("PERMISSION_DENIED", "WRONG_DESK", "case_id")


async def test_what_the_stage_forbids_stands_on_the_case(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    decide = pb.DecideRequest(request_id=a_key(), case_id=case_id, outcome=event_pb2.OUTCOME_GRANTED)
    early = await refused(lambda: door.desks.Decide(decide, metadata=head))
    assert (early.why.reason, early.why.metadata["article"]) == ("STEPS_NOT_FINISHED", "行政许可法 34")
    resume = pb.ResumeRequest(request_id=a_key(), case_id=case_id)
    running = await refused(lambda: door.desks.Resume(resume, metadata=head))
    assert running.why.reason == "NOT_AT_THIS_STAGE"
    for told in (early, running):
        assert [(each.field, each.description) for each in told.fields] == [("case_id", told.sentence)]


async def test_a_case_of_another_street_is_not_there(door: Door) -> None:
    case_id = await door.accept()
    elsewhere = door.staff("SY001", place="440105001")
    claim = pb.ClaimRequest(request_id=a_key(), case_id=case_id)
    assert (await refused(lambda: door.desks.Claim(claim, metadata=elsewhere))).code == "NOT_FOUND"
    get = pb.GetCaseRequest(case_id=case_id)
    assert (await refused(lambda: door.desks.GetCase(get, metadata=elsewhere))).code == "NOT_FOUND"
    assert (await door.desks.ListWorklist(pb.ListWorklistRequest(), metadata=elsewhere)).total == 0


async def test_a_stale_revision_is_told_as_such(door: Door) -> None:
    case_id = await door.accept()
    claim = pb.ClaimRequest(request_id=a_key(), case_id=case_id, revision=9)
    told = await refused(lambda: door.desks.Claim(claim, metadata=door.staff()))
    assert (told.code, told.why.reason) == ("ABORTED", "STALE_REVISION")


async def test_a_worklist_is_read_page_by_page_nearest_due_day_first_with_the_exact_count(door: Door) -> None:
    for _ in range(7):
        await door.accept()
    rows = await door.world.worker.fetch("select case_id from case_file order by case_id")
    for days, row in enumerate(rows):
        await door.world.worker.execute(
            "update case_file set promised_due_on = $2 where case_id = $1",
            row["case_id"],
            date(2016, 3, 20 - days // 2),
        )
    seen, token, totals = [], "", set()
    while True:
        page = await door.desks.ListWorklist(
            pb.ListWorklistRequest(page_size=3, page_token=token), metadata=door.staff()
        )
        seen += [(entry.promised_due_on, entry.case_id) for entry in page.entries]
        totals.add(page.total)
        token = page.next_page_token
        if not token:
            break
    assert (len(seen), seen, totals) == (7, sorted(seen), {7})


async def test_a_worklist_shows_the_posts_and_lines_of_the_desk(door: Door) -> None:
    await door.accept(PROMISED)
    await door.accept(FORWARDED)
    everything = pb.ListWorklistRequest()
    of_line = await door.desks.ListWorklist(everything, metadata=door.staff(lines=["FAMILY_PLANNING"]))
    assert [entry.item_name for entry in of_line.entries] == [PROMISED.name]
    assert (await door.desks.ListWorklist(everything, metadata=door.staff("NH900", "HEAD"))).total == 0
    heads = pb.ListWorklistRequest(post=access_pb2.POST_HEAD)
    assert (await door.desks.ListWorklist(heads, metadata=door.staff())).total == 0


async def test_mine_are_the_steps_that_i_have_taken(door: Door) -> None:
    case_id, _ = await door.accept(), await door.accept()
    await door.desks.Claim(pb.ClaimRequest(request_id=a_key(), case_id=case_id), metadata=door.staff())
    mine = await door.desks.ListWorklist(pb.ListWorklistRequest(mine=True), metadata=door.staff())
    assert ([entry.case_id for entry in mine.entries], mine.total) == ([case_id], 1)


async def test_supervisors_of_the_district_see_every_street(door: Door) -> None:
    case_id = await door.accept()
    supervisor = door.staff("QW001", "SUPERVISOR", place="440105000")
    assert (await door.desks.ListWorklist(pb.ListWorklistRequest(), metadata=supervisor)).total == 1
    assert (await door.desks.GetCase(pb.GetCaseRequest(case_id=case_id), metadata=supervisor)).case.case_id == case_id


async def test_a_number_gives_the_leg_of_the_callers_level(door: Door) -> None:
    application = await door.world.refer(RESIDENCE)
    number = (await door.world.street(application)).number
    street = await door.desks.GetCase(pb.GetCaseRequest(number=number), metadata=door.staff())
    head = door.staff("QW900", "HEAD", place="440105000")
    district = await door.desks.GetCase(pb.GetCaseRequest(number=number), metadata=head)
    assert (street.case.leg, district.case.leg) == (event_pb2.LEG_STREET, event_pb2.LEG_DISTRICT)
    assert street.case.linked_case_id == district.case.case_id
    assert street.case.waiting_for_district_since == "2016-03-01"


async def test_a_leg_at_the_districts_own_system_is_on_no_desks_worklist(door: Door) -> None:
    await door.world.refer(FORWARDED)
    native = await door.world.refer(replace(FORWARDED, refers_to=""))
    head = door.staff("QW900", "HEAD", place="440105000")
    listed = await door.desks.ListWorklist(pb.ListWorklistRequest(), metadata=head)
    assert [entry.case_id for entry in listed.entries] == [str(door.world.leg_key(native).file_id)]


async def test_a_decision_waits_for_what_its_caller_has_seen_elsewhere(door: Door) -> None:
    application = uuid4()
    position = f"intake/440105/440105008/{application}/1"
    claim = pb.ClaimRequest(request_id=a_key(), case_id=str(door.world.street_key(application).file_id), after=position)
    told = await refused(lambda: door.desks.Claim(claim, metadata=door.staff()))
    assert (told.code, told.why.reason) == ("UNAVAILABLE", "NOT_YET_HERE")
    await door.world.intake.apply([acceptance(application, PROMISED, 1, date(2016, 3, 1))])
    assert (await door.desks.Claim(claim, metadata=door.staff())).step == "S1"


async def test_every_call_waits_for_what_its_caller_has_seen_elsewhere(door: Door) -> None:
    staff = door.staff("NH900", "REVIEWER", "HEAD")
    elsewhere = (f"intake/440105/440105008/{uuid4()}/1", f"approval/440105/440105000/{uuid4()}/1")
    calls = [(name, request) for at in elsewhere for name, request in awaiting("ApprovalService", at).items()]
    assert len(calls) == 26
    for name, request in calls:
        told = await refused(lambda: getattr(door.desks, name)(request, metadata=staff))  # noqa: B023 # awaited here
        assert (told.code, told.why.reason, told.has_retry) == ("UNAVAILABLE", "NOT_YET_HERE", True), name
        assert [each.field for each in told.fields] == ["after"]


async def test_the_district_finds_a_leg_by_the_position_of_its_referral(door: Door) -> None:
    application = await door.world.accept(replace(FORWARDED, refers_to=""))
    await door.world.review(application)
    head, district = door.staff("NH900", "HEAD"), door.staff("QW900", "REVIEWER", "HEAD", place="440105000")
    case_id = str(door.world.street_key(application).file_id)
    refer = pb.ReferRequest(request_id=a_key(), case_id=case_id, opinion="同意转报。")
    referred = await door.desks.Refer(refer, metadata=head)
    leg, after = referred.linked_case_id, referred.position
    claim = pb.ClaimRequest(request_id=a_key(), case_id=leg, after=after)
    calls: list[Callable[[], Awaitable[Any]]] = [
        lambda: door.desks.Claim(claim, metadata=district),
        lambda: door.desks.GetCase(pb.GetCaseRequest(case_id=leg, after=after), metadata=district),
        lambda: door.desks.GetTermProof(pb.GetTermProofRequest(case_id=leg, after=after), metadata=district),
        lambda: door.desks.ListWorklist(pb.ListWorklistRequest(after=after), metadata=district),
    ]
    for call in calls:
        assert (await refused(call)).why.reason == "NOT_YET_HERE"
    await door.desks.GetCase(pb.GetCaseRequest(case_id=case_id, after=after), metadata=head)  # its own place needs none
    await door.world.settle()
    _, read, _, worklist = [await call() for call in calls]
    assert read.case.case_id == leg
    assert [entry.case_id for entry in worklist.entries] == [leg]


async def test_pause_resume_and_extension_give_the_new_dates(door: Door) -> None:
    case_id, head = await door.accept(), door.staff("NH900", "HEAD")
    pause = pb.PauseRequest(
        request_id=a_key(),
        case_id=case_id,
        procedure=event_pb2.SPECIAL_PROCEDURE_HEARING,
        expected_days=5,
        reason="依申请听证。",
    )
    ordered = await door.desks.Pause(pause, metadata=door.staff())
    assert (ordered.waits_for_approval, ordered.paused_on, ordered.expected_end_on) == (True, "", "2016-03-07")
    for post, found in (("REVIEWER", 1), ("HEAD", 1)):
        listed = await door.desks.ListWorklist(pb.ListWorklistRequest(), metadata=door.staff("NH900", post))
        assert [entry.procedure_waits_for_approval for entry in listed.entries] == [True] * found
    approve = pb.ApprovePauseRequest(request_id=a_key(), case_id=case_id)
    approved = await door.desks.ApprovePause(approve, metadata=head)
    assert (approved.paused_on, approved.expected_end_on) == ("2016-03-01", "2016-03-07")
    assert not (await door.desks.ListWorklist(pb.ListWorklistRequest(), metadata=head)).entries
    door.world.clock.set(date(2016, 3, 2))
    resumed = await door.desks.Resume(pb.ResumeRequest(request_id=a_key(), case_id=case_id), metadata=door.staff())
    assert (resumed.promised_due_on, resumed.legal_due_on) == ("2016-03-16", "2016-03-30")
    extend = pb.ExtendRequest(request_id=a_key(), case_id=case_id, days=10, reason="案情复杂。")
    extended = await door.desks.Extend(extend, metadata=head)
    assert (extended.promised_due_on, extended.legal_due_on) == ("2016-03-30", "2016-04-14")
    again = pb.ExtendRequest(request_id=a_key(), case_id=case_id, days=1, reason="再次延期。")
    assert (await refused(lambda: door.desks.Extend(again, metadata=head))).why.reason == "ALREADY_EXTENDED"


async def test_the_proof_of_a_date_goes_day_by_day(door: Door) -> None:
    case_id = await door.accept()
    proof = await door.desks.GetTermProof(pb.GetTermProofRequest(case_id=case_id), metadata=door.staff())
    assert (proof.promised[-1].on, proof.promised[-1].number) == (proof.term.promised_due_on, 10)
    assert (proof.legal[-1].on, proof.legal[-1].number) == (proof.term.legal_due_on, 20)
    assert [day.number for day in proof.promised if not day.counts] == [0] * 4
    assert len(proof.notices) == 1
