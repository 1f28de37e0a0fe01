"""Rows of applications come back from their own facts and from received events, whatever was done to them."""

from uuid import UUID, uuid4, uuid5

import pytest
from onewindow.approval.v1 import approval_event_pb2 as wire
from onewindow.desk.v1.desk_pb2 import Place

from chassis.audit import AuditTarget
from chassis.event_store import FileKey
from chassis.inbox import InboxEvent, InboxTransaction, rebuild
from chassis.inbox.store import InboxStore
from services.intake.adapters.application.inbox import approval_subscription
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
