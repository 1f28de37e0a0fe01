"""Streams come in any order; whatever the order, notify ends with the same rows and facts."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from services.notify.domain.dossier import BLANK, Dossier, fold
from tests.service.notify.room import Room
from tests.unit.notify.matter_events import MatterEvents

OF_BOTH_RELEASES = ("correcting", "withdrawn before acceptance", "decided", "referred")
"""Endings about which the release before has the same messages."""
ENDINGS = (*OF_BOTH_RELEASES, "withdrawn", "decided and withdrawn")
_ROWS = """
select 'matter', to_jsonb(m) - 'application_id' as row from matter m
union all
select 'message', to_jsonb(n) - 'application_id' - 'message_id' from message n
union all
select 'task', to_jsonb(t) - 'application_id' from document_task t
union all
select 'dossier', to_jsonb(d) - 'application_id' from dossier d where application_id = $1
order by 1, 2
"""


def a_matter(item: dict[str, bool], ending: str) -> tuple[MatterEvents, list[list[InboxEvent]]]:
    """A matter as four streams report it: window, catalogue, desks, envelopes."""
    matter = MatterEvents(item=item)
    window = [matter.submitted(), matter.correction_requested()]
    if ending == "withdrawn before acceptance":
        window.append(matter.withdrawn())
    if ending in ("correcting", "withdrawn before acceptance"):
        return matter, [window, [matter.item_published()], [matter.envelope()]]
    window.append(matter.accepted())
    desks = [matter.paused(), matter.extended(), matter.decided() if "decided" in ending else matter.referred()]
    if "withdrawn" in ending:
        window.append(matter.withdrawn(after_acceptance=True))
        desks.append(matter.withdrawal_too_late() if "decided" in ending else matter.case_withdrawn())
    return matter, [window, [matter.item_published()], desks, [matter.envelope()]]


def merged(streams: Sequence[Sequence[InboxEvent]], turns: Sequence[int]) -> list[InboxEvent]:
    """The events of all streams, each stream in its own order, the streams taking turns."""
    left = [list(stream) for stream in streams]
    order = []
    for turn in [*turns, *range(len(left))] * 20:
        if left[turn % len(left)]:
            order.append(left[turn % len(left)].pop(0))
    return order


async def ended(room: Room, matter: MatterEvents, events: Sequence[InboxEvent]) -> tuple[list[object], Dossier]:
    """The rows, and the dossier, after these events in this order."""
    for table in ("message", "document_task", "matter", "item_version"):
        await room.pool.execute(f"delete from {table}")
    await room.receive(*events)
    rows = await room.rows(_ROWS, matter.application_id)
    dossier = BLANK
    for fact in await room.facts(FileKey(matter.key.district, matter.street, matter.application_id)):
        dossier = fold(dossier, fact)
    return [tuple(row) for row in rows], dossier


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turns=st.lists(st.integers(0, 3), min_size=8, max_size=12),
    sms=st.booleans(),
    ending=st.sampled_from(ENDINGS),
)
async def test_every_interleaving_of_the_streams_ends_in_the_same_rows(
    room: Room, turns: list[int], sms: bool, ending: str
) -> None:
    first, streams = a_matter({"sms": sms}, ending)
    second, others = a_matter({"sms": sms}, ending)
    plain = [event for stream in streams for event in stream]
    assert await ended(room, first, plain) == await ended(room, second, merged(others, turns))
