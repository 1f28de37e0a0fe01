"""Rows of applications come back from their own facts and from received events, whatever was done to them."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4, uuid5

import pytest
from onewindow.approval.v1 import approval_event_pb2 as wire
from onewindow.desk.v1.desk_pb2 import Place

from chassis.audit import AuditTarget
from chassis.clock import RealClock
from chassis.event_store import FileKey
from chassis.inbox import InboxEvent, InboxTransaction, rebuild
from chassis.inbox.store import InboxStore
from chassis.outbox.publisher import first_id
from protocol.identifiers import LONGEST_PASS
from services.intake.adapters.application.inbox import approval_subscription, project_approval
from services.intake.adapters.maintenance import projections
from tests.service.intake.stored import Stored
from tests.support.ledger import DISTRICT

ROWS = "select array_agg(a::text order by a.application_id) from application a"


async def receive_decision(means: AuditTarget, application: FileKey) -> None:
    """Receive that the street's leg of an application was granted."""
    case_id = uuid5(application.file_id, "street")
    event = wire.ApprovalEvent(
        event_id=str(uuid4()),
        case_id=str(case_id),
        revision=1,
        place=Place(district=application.district, street=application.street),
        occurred_on="2016-09-20",
        application_id=str(application.file_id),
        case_decided=wire.CaseDecided(outcome=wire.OUTCOME_GRANTED, leg=wire.LEG_STREET, on_time=True),
    )
    key, subscription = FileKey(application.district, application.street, case_id), approval_subscription()
    received = InboxEvent("approval", key, 1, UUID(event.event_id), "case_decided", event.SerializeToString())
    async with means.pool.acquire() as connection, connection.transaction():
        await InboxStore("approval", subscription.known_kinds, ordered=True).admit(connection, [received], alone=False)
        await subscription.apply(InboxTransaction(connection), [received])


@pytest.mark.parametrize(
    "damage",
    [
        "update application set case_outcome = null, case_closed_on = null",
        "update application set grade = 4, item_name = 'x'",
        "delete from application",
    ],
)
async def test_rows_come_back_with_what_was_heard(stored: Stored, damage: str) -> None:
    pool = stored.means.pool
    await receive_decision(stored.means, stored.plain)
    before = await pool.fetchval(ROWS)
    assert await pool.fetchval("select outcome from application where outcome = 'granted'") == "granted"
    plan = projections(pool, DISTRICT)
    assert await rebuild(pool, plan) == {
        "application": 0,
        "ticket": 0,
        "catalogue_entry": 0,
        "published_place": 0,
        "ended_pass": 0,
    }
    await stored.damage(damage)
    assert (await rebuild(pool, plan))["application"] > 0
    assert await pool.fetchval(ROWS) == before


YEAR, HELD = 1_480_000_000_000, LONGEST_PASS // timedelta(milliseconds=1)
ENDS = "select array_agg(revision order by revision) from ended_pass"


async def receive_release(means: AuditTarget, case: FileKey, revision: int, milliseconds: int) -> None:
    """Receive that a step of a case was released at an instant of the machine."""
    released = InboxEvent("approval", case, revision, first_id(milliseconds), "step_released", b"")
    async with means.pool.acquire() as connection, connection.transaction():
        await connection.execute("select project_received($1)", project_approval([released]))


async def test_ends_of_passes_are_remembered_for_as_long_as_a_pass_can_hold(stored: Stored) -> None:
    """In whatever order they come: what stays is the same, so that a rebuild finds no difference."""
    cases = [FileKey(stored.plain.district, stored.plain.street, uuid4()) for _ in range(3)]
    times = [YEAR, YEAR + HELD, YEAR + HELD + 1]
    for order in permutations(range(3)):
        await stored.means.pool.execute("delete from ended_pass")
        for n in order:
            await receive_release(stored.means, cases[n], n + 1, times[n])
        assert await stored.means.pool.fetchval(ENDS) == [2, 3]


async def test_a_clock_before_its_time_takes_no_end_of_a_pass_away(stored: Stored) -> None:
    now = int(RealClock().now().timestamp() * 1000)
    for revision, at in enumerate((now, now + 2 * HELD), start=1):
        case = FileKey(stored.plain.district, stored.plain.street, uuid4())
        await receive_release(stored.means, case, revision, at)
    assert await stored.means.pool.fetchval(ENDS) == [1, 2]
