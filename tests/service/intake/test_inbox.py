"""Events of the desks: closings that open the rating, and the same row whatever the order of the events."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import grpc.aio
import pytest
from onewindow.approval.v1.approval_event_pb2 import CaseOpened, CaseReturned, DistrictDecided, StepReleased
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.clock import real_seconds
from chassis.inbox import InboxConsumer, InboxEvent
from chassis.postgres.database import PoolSettings, as_role, open_worker_pool
from chassis.postgres.pool import Pool
from chassis.rpc.identity import passes
from embedded import keys
from services.intake.adapters.application.inbox import approval_subscription, notify_subscription
from tests.service.intake.desks import (
    DISTRICT_GRANTED,
    DISTRICT_GRANTED_AFTER_REFERRAL,
    EXTENDED,
    GRANTED,
    REFERRED,
    REFUSED,
    RETURNED,
    TOO_LATE,
    WITHDRAWN,
    Desk,
    Ending,
    publish,
)
from tests.service.intake.intake_service import STREET, RunningIntake, fresh, refusal_in, submission
from tests.support.wire_refusal import WireRefusal
from tests.unit.contracts.requests import awaiting

COLUMNS = (
    "stage, closed_on::text, outcome, on_time, early, delivered_on::text, promised_due_on::text, "
    "case_promised_due_on::text, case_legal_due_on::text, case_provisional, case_district_outcome, "
    "case_district_decided_on::text"
)


async def accepted(intake: RunningIntake) -> Desk:
    """An application that lies with the desks."""
    clerk = intake.clerk()
    taken = await clerk.windows.Submit(
        submission_pb.SubmitRequest(request_id=fresh(), submission=submission("M01", "M02")), metadata=clerk.signed
    )
    await clerk.windows.Accept(
        pb.AcceptRequest(request_id=fresh(), application_id=taken.application_id), metadata=clerk.signed
    )
    return Desk(taken.application_id)


async def read(intake: RunningIntake, desk: Desk, after: str = "") -> application_pb.Application:
    clerk = intake.clerk()
    request = application_pb.GetApplicationRequest(application_id=desk.application_id, after=after)
    return (await clerk.windows.GetApplication(request, metadata=clerk.signed)).application


@pytest.mark.parametrize("ending", [StepReleased(step="S1", staff_no="30001"), GRANTED], ids=["released", "decided"])
async def test_a_read_pass_ends_with_the_release_and_with_the_decision(intake: RunningIntake, ending: Ending) -> None:
    desk, reviewer = await accepted(intake), intake.staff("REVIEWER", STREET)
    claims = {
        "application_id": desk.application_id,
        "case_id": str(desk.key.file_id),
        "leg": "STREET",
        "bearer": "2-REVIEWER",
        "kind": "staff",
        "street": STREET,
    }
    key = keys.read(intake.home, keys.READ_PASS_PRIVATE).encode()
    given, later = (passes.sign(claims | {"revision": revision}, key, real_seconds() + 60) for revision in (1, 3))

    def read_with(read_pass: str) -> Any:
        request = application_pb.GetApplicantRequest(application_id=desk.application_id, read_pass=read_pass)
        return reviewer.windows.GetApplicant(request, metadata=reviewer.signed)

    assert (await read_with(given)).applicant.name
    await publish(intake.nats_url, desk.reports(CaseOpened(), ending))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await read_with(given)
    assert refusal_in(refused.value).reason == "PASS_ENDED"
    assert (await read_with(later)).applicant.name, "the pass of a later claim opens"


async def test_a_read_against_a_pass_waits_for_the_position_that_its_caller_names(intake: RunningIntake) -> None:
    desk, reviewer = await accepted(intake), intake.staff("REVIEWER", STREET)
    request = application_pb.GetApplicantRequest(
        application_id=desk.application_id, read_pass="a.b.c", after=desk.position(1)
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await reviewer.windows.GetApplicant(request, metadata=reviewer.signed)
    assert refusal_in(refused.value).reason == "NOT_YET_HERE"


async def test_a_decision_told_on_the_stream_opens_the_rating(intake: RunningIntake) -> None:
    desk, clerk = await accepted(intake), intake.clerk()
    rating = pb.RateRequest(request_id=fresh(), application_id=desk.application_id, grade=1, after=desk.position(1))
    await publish(intake.nats_url, [*desk.reports(GRANTED), desk.delivered()])
    await clerk.windows.Rate(rating, metadata=clerk.signed)
    seen = await read(intake, desk, after=f"notify/440105/440105008/{desk.application_id}/1")
    assert (seen.stage, seen.outcome, seen.closed_on, seen.grade) == (7, "granted", "2016-09-20", 1)
    withdraw = pb.WithdrawRequest(request_id=fresh(), application_id=desk.application_id)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await clerk.windows.Withdraw(withdraw, metadata=clerk.signed)
    assert refusal_in(error.value).reason == "TOO_LATE_TO_WITHDRAW"


@pytest.mark.parametrize(("closed_on", "shown"), [("2016-09-14", "2016-09-14"), ("", "2016-09-20")])
async def test_a_matter_closes_on_the_day_that_the_decision_names(
    intake: RunningIntake, closed_on: str, shown: str
) -> None:
    """Recorded on the 20th; a fact of a release up to 0.2.0 names no day, and closes on that of recording."""
    desk, decided = await accepted(intake), DistrictDecided()
    decided.CopyFrom(DISTRICT_GRANTED)
    decided.decided_on, decided.closed_on = "2016-09-14", closed_on
    await publish(intake.nats_url, desk.reports(decided))
    assert (await read(intake, desk, after=desk.position(1))).closed_on == shown


async def test_a_return_undoes_the_end_that_was_rated(intake: RunningIntake) -> None:
    desk, clerk = await accepted(intake), intake.clerk()

    async def rate(grade: int, revision: int) -> None:
        rating = pb.RateRequest(application_id=desk.application_id, grade=grade, after=desk.position(revision))
        rating.request_id, rating.remark = fresh(), f"{grade}"
        await clerk.windows.Rate(rating, metadata=clerk.signed)

    facts = desk.reports(REFERRED, RETURNED, REFUSED)
    await publish(intake.nats_url, facts[:1])
    await rate(5, 1)
    assert (await read(intake, desk, desk.position(1))).grade == 5
    await publish(intake.nats_url, facts[1:2])
    open_again = await read(intake, desk, desk.position(2))
    assert (open_again.stage, open_again.outcome, open_again.grade) == (3, "", 0)
    await publish(intake.nats_url, facts[2:])
    await rate(1, 3)
    assert (await read(intake, desk, desk.position(3))).grade == 1
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await rate(2, 3)
    assert refusal_in(error.value).reason == "RATED_BEFORE"


async def withdrawn(intake: RunningIntake, desk: Desk) -> pb.WithdrawResponse:
    """The applicant withdraws, and is answered."""
    clerk = intake.clerk()
    request = pb.WithdrawRequest(request_id=fresh(), application_id=desk.application_id)
    return await clerk.windows.Withdraw(request, metadata=clerk.signed)


@pytest.mark.parametrize(
    ("endings", "stage", "outcome", "withdrawal"),
    [
        ((), 5, "withdrawn", ("PENDING", "", "")),
        ((GRANTED,), 7, "granted", ("TOO_LATE", "granted", "2016-09-20")),
        ((REFUSED,), 7, "refused", ("TOO_LATE", "refused", "2016-09-20")),
        ((REFERRED,), 7, "referred", ("PENDING", "", "")),
        ((REFERRED, WITHDRAWN), 5, "withdrawn", ("EFFECTIVE", "", "")),
        ((REFERRED, RETURNED, WITHDRAWN), 5, "withdrawn", ("EFFECTIVE", "", "")),
        ((REFERRED, DISTRICT_GRANTED_AFTER_REFERRAL), 7, "referred", ("TOO_LATE", "granted", "2016-09-19")),
        ((REFERRED, TOO_LATE), 7, "referred", ("TOO_LATE", "granted", "2016-09-19")),
        ((WITHDRAWN,), 5, "withdrawn", ("EFFECTIVE", "", "")),
    ],
    ids=lambda value: "-".join(type(each).__name__ for each in value) if isinstance(value, tuple) else None,
)
async def test_a_withdrawal_is_shown_as_what_approval_says_of_it(
    intake: RunningIntake, endings: Sequence[Ending], stage: int, outcome: str, withdrawal: tuple[str, str, str]
) -> None:
    desk = await accepted(intake)
    assert (await withdrawn(intake, desk)).state == application_pb.WITHDRAWAL_STATE_PENDING
    await publish(intake.nats_url, desk.reports(*endings))
    seen = await read(intake, desk, after=desk.position(len(endings)) if endings else "")
    state = application_pb.WithdrawalState.Name(seen.withdrawal.state).removeprefix("WITHDRAWAL_STATE_")
    assert (seen.stage, seen.outcome) == (stage, outcome)
    assert (state, seen.withdrawal.decision, seen.withdrawal.decided_on) == withdrawal
    assert seen.withdrawal.withdrawn_on == "2016-09-14"


@pytest.mark.parametrize(
    ("endings", "reason"),
    [
        ((REFERRED,), ""),
        ((REFERRED, RETURNED), ""),
        ((REFERRED, DISTRICT_GRANTED_AFTER_REFERRAL), "TOO_LATE_TO_WITHDRAW"),
        ((DISTRICT_GRANTED,), "TOO_LATE_TO_WITHDRAW"),
        ((WITHDRAWN,), "NOT_AT_THIS_STAGE"),
    ],
    ids=lambda value: "-".join(type(each).__name__ for each in value) if isinstance(value, tuple) else None,
)
async def test_a_matter_is_withdrawn_until_a_decision_is_heard(
    intake: RunningIntake, endings: Sequence[Ending], reason: str
) -> None:
    desk = await accepted(intake)
    await publish(intake.nats_url, desk.reports(*endings))
    await read(intake, desk, after=desk.position(len(endings)))
    if not reason:
        assert (await withdrawn(intake, desk)).revision == 3
        return
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await withdrawn(intake, desk)
    assert refusal_in(error.value).reason == reason


async def test_who_asks_for_what_was_never_told_is_asked_to_come_again(intake: RunningIntake) -> None:
    desk = await accepted(intake)
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await read(intake, desk, after=desk.position(1))
    assert (refusal_in(error.value).code, refusal_in(error.value).reason) == ("UNAVAILABLE", "NOT_YET_HERE")


async def test_an_extension_moves_the_last_days_that_clerks_and_figures_see(intake: RunningIntake) -> None:
    desk = await accepted(intake)
    before = await read(intake, desk)
    async with _worker(intake) as pool:
        approval = InboxConsumer(pool, None, approval_subscription())  # type: ignore[arg-type] # events are handed to it
        await approval.apply(Desk(desk.application_id, "district/1").reports(EXTENDED))
        assert await read(intake, desk) == before, "the district's leg has its own days"
        await approval.apply(desk.reports(EXTENDED))
        row = await pool.fetchrow(
            "select f.due_on::text, a.promised_due_on::text from figures f join application a using (application_id)"
            " where application_id = $1",
            desk.application_id,
        )
    after = await read(intake, desk)
    assert (after.promised_due_on, after.legal_due_on, after.provisional) == ("2016-10-21", "2016-11-04", True)
    assert row is not None
    assert tuple(row) == ("2016-10-21", before.promised_due_on), "what acceptance computed stays as it was"


async def test_a_return_shows_the_days_that_the_street_has_left(intake: RunningIntake) -> None:
    desk, back = await accepted(intake), CaseReturned(leg=RETURNED.leg, term=EXTENDED.term)
    async with _worker(intake) as pool:
        approval = InboxConsumer(pool, None, approval_subscription())  # type: ignore[arg-type] # as above
        await approval.apply(Desk(desk.application_id, "district/1").reports(back))
        before = await read(intake, desk)
        await approval.apply(desk.reports(REFERRED, RETURNED))
        assert (await read(intake, desk)).promised_due_on == before.promised_due_on, "a fact of 0.2.0 moves none"
        other = await accepted(intake)
        await approval.apply(other.reports(REFERRED, back))
    after = await read(intake, other)
    assert (after.stage, after.promised_due_on, after.legal_due_on) == (3, "2016-10-21", "2016-11-04")


@pytest.mark.parametrize(
    ("endings", "stage", "outcome"),
    [
        ((GRANTED,), 7, "granted"),
        ((EXTENDED, GRANTED), 7, "granted"),
        ((REFUSED,), 7, "refused"),
        ((REFERRED,), 7, "referred"),
        ((REFERRED, RETURNED), 3, None),
        ((RETURNED, REFUSED), 7, "refused"),
        ((DISTRICT_GRANTED,), 7, "granted"),
        ((REFERRED, DISTRICT_GRANTED_AFTER_REFERRAL), 7, "referred"),
        ((REFERRED, WITHDRAWN), 5, "withdrawn"),
        ((WITHDRAWN,), 5, "withdrawn"),
    ],
    ids=lambda value: "-".join(type(each).__name__ for each in value) if isinstance(value, tuple) else None,
)
async def test_any_interleaving_gives_the_same_row(
    intake: RunningIntake, endings: Sequence[Ending], stage: int, outcome: str | None
) -> None:
    rows = []
    async with _worker(intake) as pool:
        for order in itertools.permutations(["own", *range(len(endings)), "notify"]):
            desk = await accepted(intake)
            rows.append(await _received(pool, desk, order, desk.reports(*endings)))
    assert len(set(map(tuple, rows))) == 1
    assert rows[0][0] == (stage if outcome else 5), "the desks have the last word; else the withdrawal stands"
    assert rows[0][2] == (outcome or "withdrawn")


@asynccontextmanager
async def _worker(intake: RunningIntake) -> AsyncIterator[Pool]:
    settings = PoolSettings(intake.database.host, intake.database.port, intake.database.name, as_role("intake_worker"))
    pool = await open_worker_pool(settings, "440105")
    try:
        yield pool
    finally:
        await pool.close()


async def _received(pool: Pool, desk: Desk, order: Sequence[Any], events: Sequence[InboxEvent]) -> asyncpg.Record:
    """The row after events came in this order, with the applicant's own withdrawal among them."""
    approval = InboxConsumer(pool, None, approval_subscription())  # type: ignore[arg-type] # events are handed to it
    notify = InboxConsumer(pool, None, notify_subscription())  # type: ignore[arg-type] # the same
    for step in order:
        if step == "own":
            await _withdraw_as_if_first(pool, desk)
        elif step == "notify":
            await notify.apply([desk.delivered()])
        else:
            await approval.apply([events[step]])
    row = await pool.fetchrow(f"select {COLUMNS} from application where application_id = $1", desk.application_id)
    assert row is not None
    return row


async def _withdraw_as_if_first(pool: Pool, desk: Desk) -> None:
    """The row as a withdrawal leaves it that did not yet know of any closing."""
    await pool.execute(
        "update application set own_stage = 5, own_outcome = 'withdrawn', own_closed_on = '2016-09-14'"
        " where application_id = $1",
        desk.application_id,
    )


async def test_every_call_waits_for_what_its_caller_has_seen_elsewhere(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    stubs = {"IntakeService": clerk.windows, "CatalogueService": clerk.catalogue}
    position = f"approval/440105/440105008/{uuid4()}/1,notify/440105/440105008/{uuid4()}/1"
    calls = [
        getattr(stub, name)(request, metadata=clerk.signed)
        for service, stub in stubs.items()
        for name, request in awaiting(service, position).items()
    ]
    assert len(calls) == 11
    for refusal in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(refusal, grpc.aio.AioRpcError)
        told = WireRefusal(refusal)
        assert (told.code, told.why.reason, told.has_retry) == ("UNAVAILABLE", "NOT_YET_HERE", True)
