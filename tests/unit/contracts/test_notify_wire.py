"""Facts of a dossier survive the wire whole, and no other message passes for one."""

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onewindow.notify.v1 import notify_event_pb2, notify_service_pb2
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.clock import SHANGHAI
from chassis.event_store import EventMeta, FileKey
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.domain.facts import (
    DeliveryOpened,
    DeliveryWay,
    DocumentIssued,
    DocumentKind,
    Fact,
    MessageFailed,
    MessageSent,
    ResultDelivered,
    UnsentReason,
)
from services.notify.domain.message.state import MessageState

CODEC = DossierCodec()
KEY = FileKey("440105", "440105008", uuid4())
SEEN = datetime(2016, 3, 1, 9, 30, tzinfo=SHANGHAI)

days = st.dates(date(2007, 1, 1), date(2100, 12, 31))
words = st.text(max_size=40)
tries = st.integers(1, 9)
every_fact: st.SearchStrategy[Fact] = st.one_of(
    st.builds(DocumentIssued, days, st.sampled_from(DocumentKind), words, words, st.integers(0, 2**40), words),
    st.builds(MessageSent, days, st.uuids(), words, words, words, words, tries),
    st.builds(MessageFailed, days, st.uuids(), words, st.sampled_from(UnsentReason), tries),
    st.builds(DeliveryOpened, days, words, words, days, st.booleans()),
    st.builds(ResultDelivered, days, st.sampled_from(DeliveryWay), st.booleans(), words, words, st.booleans()),
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
    assert fact == {"document_issued", "notice_sent", "notice_failed", "delivery_opened", "result_delivered"}


def test_an_event_without_a_known_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="without a known fact"):
        CODEC.decode(NotifyEvent(occurred_on="2016-03-01").SerializeToString())


def test_the_numbers_of_closed_sets_are_those_of_the_contract() -> None:
    for ours, theirs, prefix in (
        (DocumentKind, notify_event_pb2.DocumentKind, "DOCUMENT_KIND_"),
        (DeliveryWay, notify_event_pb2.DeliveryWay, "DELIVERY_WAY_"),
        (MessageState, notify_service_pb2.NoticeState, "NOTICE_STATE_"),
    ):
        named = {f"{prefix}{each.name}": each.value for each in ours}
        assert named | {f"{prefix}UNSPECIFIED": 0} == dict(theirs.items())
