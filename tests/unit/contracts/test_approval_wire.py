"""Facts of a case and their events: whatever happens, the event says it, and says it back."""

import uuid
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent

from chassis.event_store import EventMeta, FileKey
from chassis.outbox.day_closer import DAY_CLOSED
from services.approval.adapters.case.codec import KNOWN_KINDS, CaseCodec, case_row
from services.approval.domain.case.facts import CaseWithdrawn, Fact, Leg
from services.approval.domain.supervision.supervision_order import SupervisionOrder, issue_supervision_order
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge, progress
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from tests.support.examples import examples
from tests.unit.approval.matters import APPLICATION, CALENDAR, FORWARDED, leg, opened, opening, received, referral
from tests.unit.approval.test_any_sequence import lives

CODEC = CaseCodec()
KEY = FileKey("440105", "440105008", UUID("01957a3e-7c00-7000-8000-0000000000aa"))
ON = date(2016, 3, 14)


def meta(revision: int = 1) -> EventMeta:
    """Data around a fact."""
    return EventMeta(uuid.uuid4(), KEY, revision, ON, datetime(2016, 3, 14, 9, 30, tzinfo=UTC), "NH001")


@settings(max_examples=examples(150), deadline=None)
@given(lives())
def test_every_fact_of_a_life_comes_back_as_it_was(facts: list[Fact]) -> None:
    for fact in facts:
        assert CODEC.decode(CODEC.encode(meta(), fact)) == fact


@pytest.mark.parametrize(
    "fact",
    [
        opening(FORWARDED),
        referral(),
        *acknowledge(leg(), Acknowledgement("Q-1", ON), ON, CALENDAR),
        progress(received(), "r-7", "REVIEWING", ON),
        *return_case(received(), ReturnReport("r-1", "0f"), ON),
        issue_supervision_order(received(), SupervisionOrder("o-1", "0f", ON), ON),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_what_the_district_brings_comes_back_as_it_was(fact: Fact) -> None:
    assert CODEC.decode(CODEC.encode(meta(), fact)) == fact


def test_every_fact_of_the_contract_is_known() -> None:
    assert {field.name for field in ApprovalEvent.DESCRIPTOR.oneofs_by_name["fact"].fields} == KNOWN_KINDS | {
        DAY_CLOSED
    }


def test_the_event_says_once_what_every_fact_has() -> None:
    event = ApprovalEvent.FromString(CODEC.encode(meta(7), CaseWithdrawn(ON, APPLICATION, Leg.STREET)))
    assert (event.case_id, event.revision, event.place.street) == (str(KEY.file_id), 7, KEY.street)
    assert (event.occurred_on, event.application_id, event.actor.staff_no) == ("2016-03-14", str(APPLICATION), "NH001")
    assert event.recorded_at.ToJsonString() == "2016-03-14T09:30:00Z"


def test_an_event_of_a_later_release_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="without a known fact"):
        CODEC.decode(ApprovalEvent(application_id=str(APPLICATION), occurred_on="2016-03-14").SerializeToString())


def test_the_row_of_a_case_names_every_column_that_it_has_to_write() -> None:
    row = case_row(KEY, 1, opened())
    assert (row["waits"], row["step_post"], row["next_card_on"]) == (True, 1, date(2016, 3, 11))
    assert case_row(KEY, 1, leg())["waits"] is False
