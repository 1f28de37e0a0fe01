"""Nothing of a person where it has no business: the bus, logs, labels, rows, and whatever is shown by default.

One applicant and one agent with names, numbers and an address that occur nowhere else go through the whole office, and
every text that staff type has a mark. Then all of it is searched.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from urllib.request import urlopen

import nats
import pytest
from google.protobuf.message import Message
from grpc.aio import AioRpcError
from onewindow.access.v1 import access_pb2 as access
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.metrics.v1 import metrics_service_pb2 as metrics
from onewindow.notify.v1 import notify_service_pb2 as notify
from stdnum.cn import ric

from protocol.streams import SERVICES, STREAMS
from tests.journeys.office import Office, once, paper
from tests.journeys.test_repair import onewindow

pytestmark = pytest.mark.journey
FURTHER_CHILD, PERMIT = "再生育子女审批", "广东省居住证核发"
NAME, AGENT, STREET_NAME, TYPED = "欧阳翡璆", "司马珵瑁", "绿绮鸾里", "彘氅"
PHONE, AGENT_PHONE = "13907365218", "13907365219"


def _number(body: str) -> str:
    return body + ric.calc_check_digit(f"{body}0")


IDENTITY, AGENT_IDENTITY = _number("44010518570719373"), _number("44010518460823373")
WRONG_IDENTITY = IDENTITY[:-1] + ("0" if IDENTITY[-1] != "0" else "1")
ADDRESS = f"海珠区{STREET_NAME}7193号"
MARKS = (
    NAME[2:], AGENT[2:], STREET_NAME, TYPED, PHONE, AGENT_PHONE, IDENTITY, IDENTITY[6:], AGENT_IDENTITY,
    AGENT_IDENTITY[6:], WRONG_IDENTITY,
)  # fmt: skip # what must be nowhere; a family name may be shown


def marks_in(text: bytes) -> list[str]:
    """Marks that a text has, also as a document in JSON writes them."""
    return [mark for mark in MARKS if any(each in text for each in (mark.encode(), json.dumps(mark)[1:-1].encode()))]


def _submission(office: Office, item: str, identity_number: str = IDENTITY) -> submission_pb.Submission:
    submission = office.submission(item)
    submission.materials.pop()
    applicant, agent = submission.applicant, submission.agent
    applicant.name, applicant.identity_number = NAME, identity_number
    applicant.phone, applicant.address = PHONE, ADDRESS
    agent.name, agent.identity_number, agent.phone = AGENT, AGENT_IDENTITY, AGENT_PHONE
    return submission


async def _accepted(office: Office, item: str) -> intake.AcceptResponse:
    """A matter with a correction whose defect is typed."""
    calls = office.desks.intake
    request = submission_pb.SubmitRequest(request_id=once(), submission=_submission(office, item))
    taken = await office.call("clerk", calls.Submit, request)
    code = [material.code for material in office.items[item].materials if material.required][-1]
    defect = intake.ShortfallInput(material_code=code, defect=f"{TYPED}：{NAME}的签名不清")
    demand = intake.RequestCorrectionRequest(
        request_id=once(), application_id=taken.application_id, shortfalls=[defect]
    )
    await office.call("clerk", calls.RequestCorrection, demand)
    supply = intake.SupplyCorrectionRequest(
        request_id=once(), application_id=taken.application_id, materials=[paper(code)]
    )
    await office.call("clerk", calls.SupplyCorrection, supply)
    accept = intake.AcceptRequest(request_id=once(), application_id=taken.application_id)
    accepted: intake.AcceptResponse = await office.call("clerk", calls.Accept, accept)
    await office.rest()
    return accepted


async def _refused(office: Office) -> intake.AcceptResponse:
    """A matter with a hearing and an extension, refused with reasons, collected and rated."""
    accepted, calls = await _accepted(office, FURTHER_CHILD), office.desks.approval
    case_id = accepted.case_id
    typed = f"{TYPED}：{NAME}的情况需要核实。"
    pause = approval.PauseRequest(
        request_id=once(),
        case_id=case_id,
        procedure=approval_fact.SPECIAL_PROCEDURE_HEARING,
        expected_days=3,
        reason=typed,
    )
    await office.call("head", calls.Pause, pause)
    await office.call("head", calls.Resume, approval.ResumeRequest(request_id=once(), case_id=case_id))
    extend = approval.ExtendRequest(request_id=once(), case_id=case_id, days=10, reason=typed)
    await office.call("head", calls.Extend, extend)
    for _ in range(2):
        claimed = await office.call("reviewer", calls.Claim, approval.ClaimRequest(request_id=once(), case_id=case_id))
        found = (
            await office.call("clerk", office.desks.intake.GetApplication, _by_number(accepted.number))
        ).application
        reading = application_pb.GetApplicantRequest(read_pass=claimed.read_pass, application_id=found.application_id)
        shown = await office.call("reviewer", office.desks.intake.GetApplicant, reading)
        assert shown.applicant.name == NAME, "who has the case reads the person"
        agree = approval.CompleteStepRequest(
            request_id=once(), case_id=case_id, opinion=approval_fact.OPINION_AGREE, remark=typed
        )
        await office.call("reviewer", calls.CompleteStep, agree)
    decide = approval.DecideRequest(
        request_id=once(), case_id=case_id, outcome=approval_fact.OUTCOME_REFUSED, reasons=typed
    )
    await office.call("head", calls.Decide, decide)
    await office.rest()
    collect = notify.RecordCollectionRequest(
        request_id=once(),
        application_id=found.application_id,
        receiver_identity_number=AGENT_IDENTITY,
        in_person=False,
        window="W1",
    )
    await office.call("clerk", office.desks.notify.RecordCollection, collect)
    rate = intake.RateRequest(request_id=once(), application_id=found.application_id, grade=5, remark=typed)
    await office.call("clerk", office.desks.intake.Rate, rate)
    await office.rest()
    return accepted


async def _referred(office: Office) -> intake.AcceptResponse:
    """A matter that the district decides."""
    accepted, calls = await _accepted(office, PERMIT), office.desks.approval
    await office.call("reviewer", calls.Claim, approval.ClaimRequest(request_id=once(), case_id=accepted.case_id))
    agree = approval.CompleteStepRequest(
        request_id=once(), case_id=accepted.case_id, opinion=approval_fact.OPINION_AGREE, remark=TYPED
    )
    await office.call("reviewer", calls.CompleteStep, agree)
    refer = approval.ReferRequest(request_id=once(), case_id=accepted.case_id, opinion=f"{TYPED}，建议核发。")
    await office.call("reviewer", calls.Refer, refer)
    await office.advance(f"{office.clock.now().date() + timedelta(days=10)}")
    return accepted


async def _turned_away(office: Office) -> None:
    """Calls that are refused and name the person all the same."""
    calls = office.desks.intake
    wrong = submission_pb.SubmitRequest(
        request_id=once(), submission=_submission(office, FURTHER_CHILD, WRONG_IDENTITY)
    )
    unwritable = submission_pb.SubmitRequest(request_id=once(), submission=_submission(office, FURTHER_CHILD))
    unwritable.submission.applicant.address += "\0"
    unknown = submission_pb.SubmitRequest(request_id=once(), submission=_submission(office, FURTHER_CHILD))
    unknown.submission.item_code = "1" * 31
    for request in (wrong, unwritable, unknown):
        with pytest.raises(AioRpcError) as refused:
            await office.call("clerk", calls.Submit, request)
        told = (refused.value.details() or "").encode() + repr(refused.value.trailing_metadata()).encode()
        assert marks_in(told) == []
    with pytest.raises(AioRpcError):
        await office.call("reviewer", calls.Submit, wrong)


def _by_number(number: str) -> application_pb.GetApplicationRequest:
    return application_pb.GetApplicationRequest(number=number)


@pytest.fixture(scope="module")
async def matters(office: Office) -> AsyncIterator[tuple[intake.AcceptResponse, ...]]:
    """Two matters of the marked person, at their end."""
    ended = await _refused(office), await _referred(office)
    await _turned_away(office)
    await office.rest()
    yield ended


async def test_the_bus_has_nothing_of_a_person(office: Office, matters: tuple[intake.AcceptResponse, ...]) -> None:
    client = await nats.connect(office.stack.status()["nats"]["url"])
    try:
        jetstream = client.jetstream()
        known = set()
        for one in STREAMS:
            held = (await jetstream.stream_info(one.stream.name)).state
            stored = await jetstream.subscribe(one.stream.subject, ordered_consumer=True)
            for _ in range(held.messages):
                message = await stored.next_msg(timeout=30)
                known |= {each.number for each in matters if each.number.encode() in (message.data or b"")}
                assert marks_in((message.subject or "").encode()) == []
                assert marks_in(repr(message.headers).encode()) == []
                assert marks_in(message.data or b"") == [], message.subject
        assert known == {each.number for each in matters}, "the search finds what is there"
    finally:
        await client.close()


def test_logs_have_nothing_of_a_person(office: Office, matters: tuple[intake.AcceptResponse, ...]) -> None:
    logs = [path for path in office.stack.data_dir.logs.iterdir() if path.is_file()]
    assert {f"{service}.log" for service in SERVICES} <= {path.name for path in logs}
    for path in logs:
        assert marks_in(path.read_bytes()) == [], path.name


def test_names_and_labels_of_metrics_have_nothing_of_a_person(
    office: Office, matters: tuple[intake.AcceptResponse, ...]
) -> None:
    services: Mapping[str, Mapping[str, object]] = office.stack.status()["services"]
    for service in SERVICES:
        with urlopen(f"http://{services[service]['metrics']}/metrics", timeout=5) as answer:
            assert marks_in(answer.read()) == [], service


async def test_rows_and_facts_have_nothing_of_a_person(
    office: Office, matters: tuple[intake.AcceptResponse, ...]
) -> None:
    tables = "select tablename from pg_tables where schemaname = 'public'"
    known = set()
    for service in SERVICES:
        for (table,) in await office.rows(service, tables):
            for (row,) in await office.rows(service, f'select t::text from "{table}" t'):
                known |= {(service, each.number) for each in matters if each.number in row}
                assert marks_in(row.encode()) == [], (service, table)
                hexadecimal = [part.split(",")[0].rstrip('")') for part in row.split("\\x")[1:]]
                for part in hexadecimal:
                    assert marks_in(bytes.fromhex(part[: len(part) // 2 * 2])) == [], (service, table)
    assert known == {(service, each.number) for service in SERVICES for each in matters}, (
        "the search finds what is there"
    )


async def test_what_is_shown_by_default_is_masked(office: Office, matters: tuple[intake.AcceptResponse, ...]) -> None:
    desks = office.desks
    for accepted in matters:
        found = (await office.call("clerk", desks.intake.GetApplication, _by_number(accepted.number))).application
        assert found.applicant_masked.startswith("欧")
        case_id, application_id = accepted.case_id, found.application_id
        shown: Iterable[Message] = [
            found,
            await office.call("clerk", desks.intake.ListApplications, application_pb.ListApplicationsRequest()),
            await office.call("head", desks.approval.GetCase, approval.GetCaseRequest(case_id=case_id)),
            await office.call("head", desks.approval.ListWorklist, approval.ListWorklistRequest(post=access.POST_HEAD)),
            await office.call(
                "clerk", desks.notify.ListNotices, notify.ListNoticesRequest(application_id=application_id)
            ),
            await office.call(
                "supervisor",
                desks.metrics.ListCasesBehind,
                metrics.ListCasesBehindRequest(
                    kind=metrics.PERIOD_KIND_YEAR,
                    period=str(office.clock.now().year),
                    indicator="on_time",
                    side=metrics.SIDE_DENOMINATOR,
                    page_size=200,
                ),
            ),
        ]
        for answer in shown:
            persons = set(marks_in(answer.SerializeToString())) - {TYPED}
            assert persons == set(), type(answer).__name__
        for words in (("case", "show"), ("case", "explain")):
            ran = await asyncio.to_thread(onewindow, office.stack, *words, accepted.number)
            assert ran.returncode == 0, ran.stderr
            assert marks_in(f"{ran.stdout}{ran.stderr}".encode()) == [], words


def test_a_mark_is_found_however_it_is_written() -> None:
    assert marks_in(f"x{NAME}".encode()) == [NAME[2:]]
    assert marks_in(json.dumps({"a": TYPED}).encode()) == [TYPED]
    assert all(left != right for left, right in pairwise(MARKS))
