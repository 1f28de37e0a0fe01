"""The ten days of delivery are proven as stored, over a real database."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import pytest
from onewindow.notify.v1 import notify_service_pb2 as pb
from onewindow.proof.v1 import proof_pb2
from onewindow.recount.v1 import recount_pb2

from chassis.event_store import Decision, IdempotencyKey
from chassis.refusals import NotFound
from chassis.rpc.identity.caller import Caller, set_caller
from law.recount import RecountCause
from law.workdays import state_council
from services.notify.adapters.rpc import NotifyServicer
from services.notify.domain.delivery.open_delivery import DecisionToDeliver, open_delivery, recount_delivery
from services.notify.domain.dossier import UNDECIDED, DecisionDelivery
from services.notify.domain.facts import DeliveryOpened, Fact
from services.notify.usecases.document import DocumentReader
from services.notify.usecases.matter import UnknownApplication
from tests.service.matter.recount_files import MAKEUP, OFF, YEAR
from tests.service.notify.room import Room
from tests.support.ledger import DISTRICT, OTHER_STREET, STREET
from tests.unit.notify.matter_events import MatterEvents, calendar_event

DECIDED_ON = date(2026, 12, 24)


def clerk(street: str) -> Caller:
    """A clerk of a street."""
    return Caller("S0031", False, frozenset({"CLERK"}), DISTRICT, street, "STREET")


async def proofs(room: Room, matter: MatterEvents, caller: Caller) -> Sequence[proof_pb2.TermProof]:
    """The answer of the call."""
    documents = room.documents()
    servicer = NotifyServicer(
        room.matters, DocumentReader(room.matters, room.dossiers, documents), room.desk, room.proofs
    )
    set_caller(caller)
    answer = await servicer.GetTermProof(pb.GetTermProofRequest(application_id=str(matter.application_id)), None)
    return answer.proofs


async def append(room: Room, matter: MatterEvents, facts: Sequence[Fact]) -> None:
    """Facts of the dossier as they are."""
    cause = IdempotencyKey("S0031", str(uuid4()), b"f")
    await room.dossiers.change(matter.key, cause, lambda *_: Decision(facts), actor="S0031")


async def test_the_ten_days_end_on_the_stored_day_before_and_after_a_notice(room: Room) -> None:
    matter, shipped = MatterEvents(), state_council()
    await room.receive(matter.submitted(), matter.accepted())
    assert list(await proofs(room, matter, clerk(STREET))) == []
    decision = DecisionToDeliver(DECIDED_ON, "granted", "N")
    await append(room, matter, open_delivery((await _delivery(room, matter)), decision, shipped))
    (before,) = await proofs(room, matter, clerk(STREET))
    assert (before.kind, before.from_on, before.due_on) == (recount_pb2.DATE_KIND_DELIVER, "2026-12-24", "2027-01-08")
    assert (before.days[-1].on, before.days[-1].number, before.provisional) == ("2027-01-08", 10, True)
    assert before.sum == "计入10日，休息日和节假日5日，共经过15日" and before.calendar_version == shipped.version

    off = [str(day) for day in sorted({*OFF, date(YEAR, 1, 4)})]
    await room.receive(calendar_event(YEAR, off, [str(day) for day in MAKEUP]))
    (same,) = await proofs(room, matter, clerk(STREET))
    assert same == before, "the stored day is proven by the calendar that gave it"

    calendar = await room.proofs.calendars.current()
    cause = RecountCause(("国办发明电〔2016〕17号",), calendar.version)
    await append(room, matter, recount_delivery(await _delivery(room, matter), calendar, cause, date(2026, 12, 30)))
    (after,) = await proofs(room, matter, clerk(STREET))
    assert (after.days[-1].on, after.due_on, after.provisional) == ("2027-01-11", "2027-01-11", False)
    assert after.calendar_version == calendar.version and after.unproven == ""

    with pytest.raises(UnknownApplication):
        await proofs(room, matter, clerk(OTHER_STREET))


async def test_a_calendar_that_is_not_known_proves_no_other_day(room: Room) -> None:
    matter = MatterEvents()
    await room.receive(matter.submitted(), matter.accepted())
    unknown = "state-council-2019"
    await append(room, matter, [DeliveryOpened(DECIDED_ON, "N", "granted", date(2027, 1, 7), True, unknown)])
    (proof,) = await proofs(room, matter, clerk(STREET))
    assert (proof.due_on, list(proof.days), proof.sum) == ("2027-01-07", [], "")
    assert proof.unproven == (
        "该日期（2027-01-07）按日历版本state-council-2019计算，现已无从逐日列出，以存档日期为准。"
    )


async def _delivery(room: Room, matter: MatterEvents) -> DecisionDelivery:
    try:
        return (await room.dossiers.read(matter.key)).state.delivery
    except NotFound:
        return UNDECIDED
