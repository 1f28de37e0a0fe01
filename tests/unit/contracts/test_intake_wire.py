"""Facts of intake on the wire: what was written once is read for ever, and every fact comes back as it went."""

import dataclasses
import json
import types
from datetime import date, datetime, time
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import application_pb2
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.clock import SHANGHAI
from chassis.event_store import EventMeta, FileKey
from chassis.event_store.dataclass_proto import MismatchedField, to_dataclass, to_message
from chassis.outbox.day_closer import DAY_CLOSED
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.catalogue.cache import ENTRIES
from services.intake.adapters.codec import IntakeCodec
from services.intake.adapters.ticket.rpc import TICKETS
from services.intake.domain.application.facts import ApplicationFact
from services.intake.domain.application.state import ApplicationStage
from services.intake.domain.catalogue.item import CatalogueItem
from services.intake.domain.catalogue.state import EntryFact
from services.intake.domain.ticket.state import TicketFact
from tests.support.examples import examples
from tests.unit.intake.hall import PROMISED

GOLDEN = Path(__file__).parent / "golden" / "intake_facts.json"
META = EventMeta(
    UUID("01957a3e-7c00-7000-8000-00000000000a"),
    FileKey("440105", "440105008", UUID("01957a3e-7c00-7000-8000-000000000001")),
    3,
    date(2016, 9, 14),
    datetime(2016, 9, 14, 10, 30, tzinfo=SHANGHAI),
    "10001 综合受理组",
)
CODECS: dict[type, IntakeCodec[Any, Any]] = {
    **dict.fromkeys(get_args(ApplicationFact), APPLICATIONS),
    **dict.fromkeys(get_args(TicketFact), TICKETS),
    **dict.fromkeys(get_args(EntryFact), ENTRIES),
}
KNOWN_KINDS = APPLICATIONS.kinds | TICKETS.kinds | ENTRIES.kinds
KINDS = sorted(CODECS, key=lambda kind: kind.__name__)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field of a fact."""
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if isinstance(hint, types.UnionType):
        return st.one_of([st.none() if part is type(None) else values(part) for part in get_args(hint)])
    if dataclasses.is_dataclass(hint):
        return facts(hint)  # type: ignore[arg-type] # a class is hashable
    if issubclass(hint, IntEnum):
        return st.sampled_from(list(hint))
    simple: dict[type, st.SearchStrategy[Any]] = {
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        bool: st.booleans(),
        int: st.integers(0, 2**31 - 1),
        date: st.dates(date(2000, 1, 1), date(2199, 12, 31)),
        time: st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    }
    return simple[hint]


@cache
def facts(kind: Any) -> st.SearchStrategy[Any]:
    """Any fact of a kind."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in dataclasses.fields(kind)})


@settings(max_examples=examples(300))
@given(st.sampled_from(KINDS).flatmap(facts))
def test_every_fact_comes_back_as_it_went(fact: Any) -> None:
    codec = CODECS[type(fact)]
    meta = dataclasses.replace(META, occurred_on=fact.occurred_on)
    assert codec.decode(codec.encode(meta, fact)) == fact


def test_the_contract_and_the_domain_know_the_same_facts() -> None:
    assert {field.name for field in IntakeEvent.DESCRIPTOR.oneofs_by_name["fact"].fields} == KNOWN_KINDS | {DAY_CLOSED}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_contract_has_its_field_in_the_fact(kind: type) -> None:
    name = CODECS[kind].kind(object.__new__(kind))
    message = IntakeEvent.DESCRIPTOR.fields_by_name[name].message_type
    assert message is not None
    named = {field.name for field in dataclasses.fields(kind)} - {"occurred_on"}
    assert named == {field.name for field in message.fields}


def test_golden_facts_are_read_for_ever() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))
    assert set(golden) == KNOWN_KINDS
    for name, written in golden.items():
        kind = next(kind for kind in KINDS if CODECS[kind].kind(object.__new__(kind)) == name)
        fact = CODECS[kind].decode(bytes.fromhex(written["event"]))
        assert repr(fact) == written["fact"], name


def test_the_envelope_says_whose_fact_it_is() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))["ticket_called"]
    event = IntakeEvent.FromString(bytes.fromhex(golden["event"]))
    assert (event.file_id, event.revision, event.event_id) == (str(META.key.file_id), 3, str(META.event_id))
    assert (event.place.district, event.place.street) == ("440105", "440105008")
    assert (event.actor.staff_no, event.actor.unit) == ("10001", "综合受理组")
    assert event.occurred_on == "2016-09-14"
    assert event.recorded_at.ToDatetime(SHANGHAI) == META.recorded_at


def test_what_time_brings_is_brought_by_the_office() -> None:
    fact = APPLICATIONS.decode(bytes.fromhex(json.loads(GOLDEN.read_text("utf-8"))["correction_lapsed"]["event"]))
    written = APPLICATIONS.encode(dataclasses.replace(META, actor="sweep:lapsed"), fact)
    assert IntakeEvent.FromString(written).actor.staff_no == "office"


def test_a_kind_of_a_later_release_is_unknown() -> None:
    with pytest.raises(ValueError, match="without a known fact"):
        TICKETS.decode(IntakeEvent(event_id="x", occurred_on="2016-09-14").SerializeToString())


def test_stages_have_the_numbers_of_the_contract() -> None:
    values = application_pb2.ApplicationStage.DESCRIPTOR.values
    numbers = {value.name.removeprefix("APPLICATION_STAGE_"): value.number for value in values}
    del numbers["UNSPECIFIED"]
    assert numbers == {stage.name: stage.value for stage in ApplicationStage if stage}


@pytest.mark.parametrize(
    ("break_it", "path"),
    [
        (lambda item: setattr(item, "effective_from", "2016-02-30"), "effective_from"),
        (lambda item: item.seasons.add(open_from="2016-01-01", open_to="2016-13-01"), "seasons[0].open_to"),
        (lambda item: setattr(item.legal_limit, "unit", 9), "legal_limit.unit"),
    ],
)
def test_a_message_that_no_fact_can_say_names_the_field(break_it: Any, path: str) -> None:
    item = to_message(PROMISED, catalogue_pb2.Item)
    break_it(item)
    with pytest.raises(MismatchedField) as refused:
        to_dataclass(item, CatalogueItem)
    assert refused.value.path == path
