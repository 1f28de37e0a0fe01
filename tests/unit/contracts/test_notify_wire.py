"""Facts of a dossier survive the wire whole, and no other message passes for one."""

import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onewindow.notify.v1 import notify_event_pb2, notify_service_pb2
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.clock import SHANGHAI
from chassis.event_store import EventMeta, FileKey
from chassis.outbox.day_closer import DAY_CLOSED
from law.recount import DateKind, MovedDate, RecountCause
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.domain.facts import (
    DecisionOffered,
    DeliveryOpened,
    DeliveryRecounted,
    DeliveryWay,
    DocumentIssued,
    DocumentKind,
    Fact,
    MessageFailed,
    MessageSent,
    OfferWay,
    ResultDelivered,
    UnsentReason,
)
from services.notify.domain.message.state import MessageState

GOLDEN = Path(__file__).parent / "golden" / "notify_facts.json"
"""One event of each kind as release 0.1.0 wrote it."""
CODEC = DossierCodec()
KEY = FileKey("440105", "440105008", uuid4())
SEEN = datetime(2016, 3, 1, 9, 30, tzinfo=SHANGHAI)

days = st.dates(date(2007, 1, 1), date(2100, 12, 31))
words = st.text(max_size=40)
tries = st.integers(1, 9)
causes = st.builds(RecountCause, st.tuples(words), words)
moved = st.builds(MovedDate, st.sampled_from(DateKind), days, days)
every_fact: st.SearchStrategy[Fact] = st.one_of(
    st.builds(DocumentIssued, days, st.sampled_from(DocumentKind), words, words, st.integers(0, 2**40), words),
    st.builds(MessageSent, days, st.uuids(), words, words, words, words, tries),
    st.builds(MessageFailed, days, st.uuids(), words, st.sampled_from(UnsentReason), tries),
    st.builds(DeliveryOpened, days, words, words, days, st.booleans(), words),
    st.builds(DeliveryRecounted, days, causes, st.tuples(moved), days, st.booleans(), st.booleans(), words),
    st.builds(
        ResultDelivered,
        days,
        st.sampled_from(DeliveryWay),
        st.booleans(),
        words,
        words,
        st.booleans(),
        st.one_of(st.none(), days),
    ),
    st.builds(DecisionOffered, days, st.sampled_from(OfferWay), st.booleans()),
)


@given(every_fact)
def test_a_fact_is_the_same_after_the_wire(fact: Fact) -> None:
    meta = EventMeta(uuid4(), KEY, 3, fact.occurred_on, SEEN, "S0031")
    body = CODEC.encode(meta, fact)
    event = NotifyEvent.FromString(body)
    assert CODEC.decode(body) == fact
    assert event.WhichOneof("fact") == CODEC.kind(fact)
    assert (event.revision, UUID(event.application_id), event.actor.staff_no) == (3, KEY.file_id, "S0031")
    assert event.recorded_at.ToDatetime(SHANGHAI) == SEEN


def test_every_member_of_the_contract_has_its_fact() -> None:
    fact = {field.name for field in NotifyEvent.DESCRIPTOR.oneofs_by_name["fact"].fields}
    of_a_dossier = {"document_issued", "notice_sent", "notice_failed", "delivery_opened", "result_delivered"}
    assert fact == of_a_dossier | {"decision_offered", "delivery_recounted", DAY_CLOSED}


def test_an_event_without_a_known_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="without a known fact"):
        CODEC.decode(NotifyEvent(occurred_on="2016-03-01").SerializeToString())


def test_the_numbers_of_closed_sets_are_those_of_the_contract() -> None:
    for ours, theirs, prefix in (
        (DocumentKind, notify_event_pb2.DocumentKind, "DOCUMENT_KIND_"),
        (DeliveryWay, notify_event_pb2.DeliveryWay, "DELIVERY_WAY_"),
        (OfferWay, notify_event_pb2.OfferWay, "OFFER_WAY_"),
        (MessageState, notify_service_pb2.NoticeState, "NOTICE_STATE_"),
    ):
        named = {f"{prefix}{each.name}": each.value for each in ours}
        assert named | {f"{prefix}UNSPECIFIED": 0} == dict(theirs.items())


MESSAGE_ID = UUID("54f8ddca-59b3-53e0-a8e2-9694c7327878")
AS_WRITTEN: dict[str, Fact] = {
    "document_issued": DocumentIssued(
        date(2016, 3, 1), DocumentKind.RECEIPT, "440105008〔2016〕受字第000001号", "ab" * 32, 54321, "2"
    ),
    "notice_sent": MessageSent(date(2016, 3, 1), MESSAGE_ID, "N01", "1", "cd" * 32, "G-1", 2),
    "notice_failed": MessageFailed(date(2016, 3, 1), MESSAGE_ID, "N07", UnsentReason.GAVE_UP, 5),
    "delivery_opened": DeliveryOpened(
        date(2016, 3, 1), "11440105K316057885442014001001A201603010007", "granted", date(2016, 3, 15), True
    ),
    "result_delivered": ResultDelivered(date(2016, 3, 1), DeliveryWay.PICK_UP, True, "ef" * 32, "W1", True),
    "decision_offered": DecisionOffered(date(2016, 3, 1), OfferWay.MAIL, True),
}


def test_facts_of_the_first_release_are_read_and_written_as_they_were() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert set(golden) == set(AS_WRITTEN)
    key = FileKey("440105", "440105008", UUID("0195a1f0-0000-7000-8000-000000000001"))
    for revision, (kind, fact) in enumerate(AS_WRITTEN.items(), start=1):
        body = bytes.fromhex(golden[kind])
        assert CODEC.decode(body) == fact
        meta = EventMeta(UUID(int=revision), key, revision, fact.occurred_on, SEEN, "office")
        assert (CODEC.kind(fact), CODEC.encode(meta, fact)) == (kind, body)
