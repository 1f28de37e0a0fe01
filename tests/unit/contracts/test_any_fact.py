"""Any fact of any service is the same after the wire, each optional field absent or present."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent
from onewindow.notify.v1.notify_event_pb2 import NotifyEvent

from chassis.clock import SHANGHAI
from chassis.event_store import EventMeta, FileKey
from services.approval.adapters.case.codec import CaseCodec
from services.approval.domain.case import facts as case_facts
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.catalogue.cache import ENTRIES
from services.intake.adapters.ticket.rpc import TICKETS
from services.intake.domain.application.facts import ApplicationFact
from services.intake.domain.catalogue.state import EntryFact
from services.intake.domain.ticket.state import TicketFact
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.domain import facts as dossier_facts
from tests.support.examples import examples
from tests.unit.contracts.any_facts import facts, optional_fields

META = EventMeta(
    UUID("01957a3e-7c00-7000-8000-00000000000a"),
    FileKey("440105", "440105008", UUID("01957a3e-7c00-7000-8000-000000000001")),
    3,
    date(2016, 9, 14),
    datetime(2016, 9, 14, 10, 30, tzinfo=SHANGHAI),
    "NH001",
)
CASE_FACTS = [getattr(case_facts, name) for name in {each.__name__ for each in case_facts.Fact.__subclasses__()}]
CODECS: dict[type, Any] = {
    **dict.fromkeys(get_args(ApplicationFact), APPLICATIONS),
    **dict.fromkeys(get_args(TicketFact), TICKETS),
    **dict.fromkeys(get_args(EntryFact), ENTRIES),
    **dict.fromkeys(CASE_FACTS, CaseCodec()),
    **dict.fromkeys(get_args(dossier_facts.Fact), DossierCodec()),
}
KINDS = sorted(CODECS, key=lambda kind: (CODECS[kind].source, kind.__name__))
EVENTS: dict[str, type[Message]] = {"intake": IntakeEvent, "approval": ApprovalEvent, "notify": NotifyEvent}


def encoded(fact: Any) -> bytes:
    """The event of a fact."""
    body: bytes = CODECS[type(fact)].encode(replace(META, occurred_on=fact.occurred_on), fact)
    return body


def event_of(fact: Any) -> Any:
    """The event of a fact as a message of its contract."""
    return EVENTS[CODECS[type(fact)].source].FromString(encoded(fact))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_a_fact_is_the_same_after_the_wire(kind: type, drawn: st.DataObject) -> None:
    fact = drawn.draw(facts(kind))
    assert CODECS[kind].decode(encoded(fact)) == fact


def with_optional_fields() -> Iterator[Any]:
    """Each optional field of each fact, once absent and once present."""
    for kind in KINDS:
        for name in optional_fields(kind):
            for absent in (True, False):
                yield pytest.param(kind, name, absent, id=f"{kind.__name__}.{name} {'absent' if absent else 'present'}")


@pytest.mark.parametrize(("kind", "name", "absent"), list(with_optional_fields()))
@settings(max_examples=examples(10), deadline=None)
@given(st.data())
def test_an_optional_field_stays_absent_or_present(kind: type, name: str, absent: bool, drawn: st.DataObject) -> None:
    fact = drawn.draw(facts(kind).filter(lambda each: getattr(each, name) is not None))
    if absent:
        fact = replace(fact, **{name: None})
    returned = CODECS[kind].decode(encoded(fact))
    assert (getattr(returned, name) is None) is absent
    assert returned == fact


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(5), deadline=None)
@given(st.data())
def test_an_event_has_the_fact_under_its_kind_and_all_around_it(kind: type, drawn: st.DataObject) -> None:
    fact = drawn.draw(facts(kind))
    event = event_of(fact)
    assert event.WhichOneof("fact") == CODECS[kind].kind(fact)
    assert (event.event_id, event.revision) == (str(META.event_id), 3)
    assert (event.place.district, event.place.street) == ("440105", "440105008")
    assert event.recorded_at.ToDatetime(SHANGHAI) == META.recorded_at
    assert (event.occurred_on, event.actor.staff_no) == (fact.occurred_on.isoformat(), "NH001")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(5), deadline=None)
@given(st.data())
def test_a_field_of_a_later_release_is_passed_over(kind: type, drawn: st.DataObject) -> None:
    fact = drawn.draw(facts(kind))
    unknown_field = b"\xf2\x92\x94\x01\x03new"  # field 304174, a text
    assert CODECS[kind].decode(encoded(fact) + unknown_field) == fact


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_fact_of_one_service_is_no_fact_of_another_kind_of_file(kind: type) -> None:
    names = [
        CODECS[other].kind(object.__new__(other)) for other in KINDS if CODECS[other].source == CODECS[kind].source
    ]
    assert names.count(CODECS[kind].kind(object.__new__(kind))) == 1


@pytest.mark.parametrize(("codec", "event"), [(CaseCodec(), ApprovalEvent), (DossierCodec(), NotifyEvent)])
def test_an_event_without_its_fact_is_refused(codec: Any, event: Any) -> None:
    with pytest.raises(ValueError, match="without a known fact"):
        codec.decode(event(occurred_on="2016-09-14").SerializeToString())
