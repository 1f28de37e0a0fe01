"""Papers that stream in, details that leave only against a pass, envelopes that only notify opens."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable
from uuid import uuid4

import asyncpg
import grpc.aio
import nats
import pytest
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_event_pb2 as event_pb2
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.clock import real_seconds
from chassis.rpc.identity import passes
from chassis.vault import open_sealed
from embedded import keys
from tests.service.intake.intake_service import (
    RunningIntake,
    SeenRefusal,
    Stubs,
    applicant,
    fresh,
    paper,
    refusal_in,
    submission,
)
from tests.unit.intake import hall

CONTENT = b"%PDF-1.7 " + bytes(1_500_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


async def submitted(intake: RunningIntake, given: submission_pb.Submission) -> submission_pb.SubmitResponse:
    clerk = intake.clerk()
    return await clerk.windows.Submit(
        submission_pb.SubmitRequest(request_id=fresh(), submission=given), metadata=clerk.signed
    )


async def upload(
    caller: Stubs, header: submission_pb.MaterialHeader, content: bytes
) -> submission_pb.UploadMaterialResponse:
    async def parts() -> AsyncIterator[submission_pb.UploadMaterialRequest]:
        yield submission_pb.UploadMaterialRequest(header=header)
        for start in range(0, len(content), 500_000):
            yield submission_pb.UploadMaterialRequest(chunk=content[start : start + 500_000])

    return await caller.windows.UploadMaterial(parts(), metadata=caller.signed)


def header(
    application_id: str, code: str = "M01", *, sha256: str = DIGEST, media_type: str = "application/pdf"
) -> submission_pb.MaterialHeader:
    return submission_pb.MaterialHeader(
        request_id=fresh(), application_id=application_id, material_code=code, media_type=media_type, sha256=sha256
    )


async def test_a_paper_is_stored_closed_and_counts_as_handed_in(intake: RunningIntake) -> None:
    taken, clerk = await submitted(intake, submission("M02")), intake.clerk()
    request = header(taken.application_id)
    answer = await upload(clerk, request, CONTENT)
    assert (answer.sha256, answer.size, answer.revision) == (DIGEST, len(CONTENT), 2)
    assert await upload(clerk, request, CONTENT) == answer, "a repeat gets the first answer"
    (stored,) = intake.home.objects.rglob(DIGEST)
    assert taken.application_id in str(stored)
    assert CONTENT[:9] not in stored.read_bytes()
    accept = pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id)
    assert (await clerk.windows.Accept(accept, metadata=clerk.signed)).number


async def refused(call: Awaitable[object]) -> SeenRefusal:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return refusal_in(error.value)


async def test_a_paper_that_is_not_what_it_says_is_refused(intake: RunningIntake) -> None:
    electronic = submission(materials=[paper("M01", DIGEST), paper("M02")])
    taken, clerk = await submitted(intake, electronic), intake.clerk()
    said = await refused(upload(clerk, header(taken.application_id), CONTENT + b"x"))
    assert (said.code, list(said.fields)) == ("INVALID_ARGUMENT", ["header.sha256"])
    other = hashlib.sha256(b"other").hexdigest()
    said = await refused(upload(clerk, header(taken.application_id, sha256=other), b"other"))
    assert (said.code, said.reason) == ("FAILED_PRECONDITION", "DIGEST_DIFFERS")
    said = await refused(upload(clerk, header(taken.application_id, "M99"), CONTENT))
    assert (said.code, said.reason) == ("INVALID_ARGUMENT", "UNKNOWN_MATERIAL")
    said = await refused(upload(clerk, header(str(uuid4())), CONTENT))
    assert said.code == "NOT_FOUND"
    call = clerk.windows.UploadMaterial(metadata=clerk.signed)  # type: ignore[call-arg] # written piece by piece
    await call.write(submission_pb.UploadMaterialRequest(header=header(taken.application_id, media_type="text/html")))
    assert list((await refused(call)).fields) == ["header.media_type"]
    said = await refused(upload(clerk, header(taken.application_id), bytes(2_100_000)))
    assert (said.code, said.reason) == ("INVALID_ARGUMENT", "TOO_LARGE")
    said = await refused(upload(clerk, header(taken.application_id), b""))
    assert list(said.fields) == ["chunk"]


async def test_what_is_too_large_for_one_message_is_refused_by_its_field(intake: RunningIntake) -> None:
    taken, clerk = await submitted(intake, submission("M02")), intake.clerk()
    for pieces in (1, 4):

        async def parts(pieces: int = pieces) -> AsyncIterator[submission_pb.UploadMaterialRequest]:
            yield submission_pb.UploadMaterialRequest(header=header(taken.application_id))
            for _ in range(pieces):
                yield submission_pb.UploadMaterialRequest(chunk=bytes(5 * 1024 * 1024))

        said = await refused(clerk.windows.UploadMaterial(parts(), metadata=clerk.signed))
        assert (said.code, said.reason, list(said.fields)) == ("INVALID_ARGUMENT", "TOO_LARGE", ["chunk"])
    given = submission("M02")
    given.applicant.address = "长" * 1_700_000
    said = await refused(submitted(intake, given))
    assert (said.code, said.reason) == ("INVALID_ARGUMENT", "TOO_LARGE")
    assert list(said.fields) == ["submission.applicant.address"]


def read_pass(intake: RunningIntake, application_id: str, bearer: str, seconds: float = 60, leg: str = "STREET") -> str:
    claims = {"application_id": application_id, "case_id": str(uuid4()), "leg": leg, "bearer": bearer}
    key = keys.read(intake.home, keys.READ_PASS_PRIVATE).encode()
    return passes.sign(claims, key, real_seconds() + seconds)


async def test_details_leave_against_a_pass_and_each_use_is_a_fact(intake: RunningIntake) -> None:
    given = submission("M01", "M02", agent=submission_pb.Agent(name="李四", identity_number=hall.AGENT))
    taken = await submitted(intake, given)
    reviewer, bearer = intake.staff("REVIEWER", "440105000"), "2-REVIEWER"
    request = application_pb.GetApplicantRequest(
        application_id=taken.application_id, read_pass=read_pass(intake, taken.application_id, bearer, leg="DISTRICT")
    )
    for _ in range(2):
        answer = await reviewer.windows.GetApplicant(request, metadata=reviewer.signed)
    assert answer.applicant == applicant()
    assert answer.agent.name == "李四"
    owner = await asyncpg.connect(intake.database.dsn())
    try:
        read = await owner.fetchval(
            "select count(*) from fact where file_id = $1 and kind = 'applicant_read'", taken.application_id
        )
    finally:
        await owner.close()
    assert read == 2


async def test_a_pass_of_somebody_else_or_past_its_end_opens_nothing(intake: RunningIntake) -> None:
    taken = await submitted(intake, submission("M01", "M02"))
    reviewer = intake.staff("REVIEWER", "440105008")

    async def tried(shown: str) -> SeenRefusal:
        request = application_pb.GetApplicantRequest(application_id=taken.application_id, read_pass=shown)
        return await refused(reviewer.windows.GetApplicant(request, metadata=reviewer.signed))

    said = await tried(read_pass(intake, taken.application_id, "10001"))
    assert (said.code, said.reason, said.article) == ("PERMISSION_DENIED", "PASS_OF_ANOTHER_DESK", "个人信息保护法 6")
    assert (await tried(read_pass(intake, str(uuid4()), "2-REVIEWER"))).reason == "PASS_OF_ANOTHER_DESK"
    assert (await tried(read_pass(intake, taken.application_id, "2-REVIEWER", -1))).reason == "BAD_PASS"
    assert (await tried("forged")).code == "PERMISSION_DENIED"
    shown = read_pass(intake, taken.application_id, "2-REVIEWER")
    namesake = intake.staff("REVIEWER", "440105009")
    request = application_pb.GetApplicantRequest(application_id=taken.application_id, read_pass=shown)
    said = await refused(namesake.windows.GetApplicant(request, metadata=namesake.signed))
    assert (said.code, said.reason) == ("PERMISSION_DENIED", "PASS_OF_ANOTHER_DESK")
    await reviewer.windows.GetApplicant(request, metadata=reviewer.signed)


async def test_notify_gets_what_it_prints_sealed_and_nobody_else_reads_it(intake: RunningIntake) -> None:
    client = await nats.connect(intake.nats_url)
    received = await client.jetstream().subscribe("onewindow.sealed.v1.>", ordered_consumer=True)
    taken, clerk = await submitted(intake, submission()), intake.clerk()
    shortfalls = [pb.ShortfallInput(material_code=code, defect=f"{code}未盖章") for code in ("M01", "M02")]
    await clerk.windows.RequestCorrection(
        pb.RequestCorrectionRequest(request_id=fresh(), application_id=taken.application_id, shortfalls=shortfalls),
        metadata=clerk.signed,
    )
    private = keys.read(intake.home, keys.SEAL_PRIVATE).encode()
    place = f"440105/440105008/{taken.application_id}".encode()
    opened: list[dict[str, object]] = []
    async with asyncio.timeout(20):
        while len(opened) < 2:
            message = await received.next_msg(timeout=20)
            if f"/{taken.application_id}/" in (message.headers or {})["Onewindow-Position"]:
                opened.append(json.loads(open_sealed([private], message.data, place)))
    await client.close()
    assert [envelope["kind"] for envelope in opened] == ["applicant", "correction"]
    assert opened[0] | {"identity_index": ""} == {
        "v": 1,
        "kind": "applicant",
        "application_id": taken.application_id,
        "name": "张三丰",
        "phone": "13800000000",
        "identity_masked": "110105**********2X",
        "identity_index": "",
        "query_code": taken.query_code,
    }, "fields that are empty are left out"
    assert opened[1]["texts"] == {"correction.M01": "M01未盖章", "correction.M02": "M02未盖章"}


async def test_nothing_that_a_person_typed_or_is_called_is_in_a_fact(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    taken = await submitted(intake, submission())
    declined = pb.DeclineRequest(
        request_id=fresh(),
        application_id=taken.application_id,
        ground=event_pb2.DECLINE_GROUND_NOT_OURS,
        reason="属于区民政局",
        proper_organ="区民政局",
    )
    await clerk.windows.Decline(declined, metadata=clerk.signed)
    owner = await asyncpg.connect(intake.database.dsn())
    try:
        rows = await owner.fetch("select body from fact where file_id = $1", taken.application_id)
        texts = await owner.fetch("select name, ciphertext from vault_text where file_id = $1", taken.application_id)
    finally:
        await owner.close()
    written = b"".join([row["body"] for row in rows] + [row["ciphertext"] for row in texts])
    for typed in ("张三丰", hall.PERSON, "13800000000", "属于区民政局", "区民政局", taken.query_code):
        assert typed.encode() not in written
    assert {row["name"] for row in texts} == {"applicant", "decline.reason", "decline.proper_organ"}


async def test_of_a_refused_paper_no_bytes_are_kept(intake: RunningIntake) -> None:
    taken, clerk = await submitted(intake, submission("M02")), intake.clerk()
    content = b"%PDF-1.7 of nobody"
    named = header(taken.application_id, "M99", sha256=hashlib.sha256(content).hexdigest())
    assert (await refused(upload(clerk, named, content))).reason == "UNKNOWN_MATERIAL"
    request = header(taken.application_id)
    answer = await upload(clerk, request, CONTENT)
    named.request_id, named.material_code = request.request_id, "M01"
    said = await refused(upload(clerk, named, content))
    assert (said.reason, list(said.fields)) == ("REQUEST_ID_REUSED", ["header.request_id"])
    withdraw = pb.WithdrawRequest(request_id=fresh(), application_id=taken.application_id)
    await clerk.windows.Withdraw(withdraw, metadata=clerk.signed)
    named.request_id = fresh()
    assert (await refused(upload(clerk, named, content))).reason == "NOT_AT_THIS_STAGE"
    assert not list(intake.home.objects.rglob(named.sha256))
    assert await upload(clerk, request, CONTENT) == answer, "a repeat gets the first answer at a later stage as well"
