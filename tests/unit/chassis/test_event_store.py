"""Parts of the event store: pending changes, the cache of states, chains, and the conversion of facts to messages."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onewindow.intake.v1 import intake_event_pb2

from chassis.event_store import (
    Author,
    Decision,
    FileRepository,
    IdempotencyKey,
    KeyTaken,
    MemoryStore,
    Precondition,
    StoreSettings,
    UnitOfWork,
    chain,
    verify_chain,
)
from chassis.event_store.dataclass_proto import MismatchedField, to_dataclass
from chassis.event_store.model import Loaded
from chassis.event_store.state_cache import StateCache
from chassis.refusals import LostRace, NotFound, RequestIdReused, StaleRevision, TooLarge
from chassis.scope import EVERY_STREET, Scope, acting_in, acting_scope
from tests.support.examples import examples
from tests.support.ledger import DISTRICT, Entered, Ledger, LedgerCodec, StillClock, a_cause, a_key, cached

AUTHOR = Author("clerk", IdempotencyKey("a window", "r-1", b"content"))


class PlainVault:
    """A vault that marks what it would encrypt."""

    def seal(self, _key: object, wrapped: bytes | None, texts: Any) -> Any:
        return wrapped or b"key", {name: b"sealed " + text for name, text in texts.items()}

    def open(self, _key: object, _wrapped: bytes, texts: Any) -> Any:
        return {name: text.removeprefix(b"sealed ") for name, text in texts.items()}

    def keyed_digest(self, text: str | bytes) -> bytes:
        return b"keyed " + (text.encode() if isinstance(text, str) else text)


def unit(vault: Any = None, **limits: Any) -> UnitOfWork[Ledger, Entered]:
    return UnitOfWork(LedgerCodec(), StillClock(), vault, StoreSettings(**limits))


def test_a_pending_change_holds_all_that_is_written_and_the_state_after_it() -> None:
    work, key = unit(PlainVault()), a_key()
    decision = Decision([Entered(1), Entered(2)], {"reason": "text"}, b"envelope", b"answer")
    pending = work.prepare(key, Loaded(0), Ledger(), decision, AUTHOR)
    change = pending.change
    assert (change.expected_revision, pending.revision, pending.state) == (0, 2, Ledger(3, 2))
    assert [record.kind for record in change.records] == ["entered", "entered"]
    assert (change.answer, change.sealed, dict(change.texts)) == (b"answer", b"envelope", {"reason": b"sealed text"})
    assert change.file_key == b"key"
    assert change.cause == IdempotencyKey("a window", "r-1", b"keyed content"), "a fingerprint is stored keyed"
    assert pending.after.head == chain(b"", [record.body for record in change.records])[-1]


def test_texts_of_a_file_with_a_key_use_it_and_a_file_that_is_erased_gets_none() -> None:
    work, key = unit(PlainVault()), a_key()
    loaded = Loaded(1, b"head", (), b"key of the file")
    pending = work.prepare(key, loaded, Ledger(1, 1), Decision([Entered(1)], {"reason": "x"}), AUTHOR)
    assert (pending.change.file_key, pending.after.file_key) == (None, b"key of the file")
    erased = work.prepare(key, loaded, Ledger(1, 1), Decision([Entered(0)], erase=True), AUTHOR)
    assert erased.after.file_key is None


def test_a_decision_without_facts_changes_no_head() -> None:
    pending = unit().prepare(a_key(), Loaded(3, b"head"), Ledger(6, 3), Decision([], answer=b"nothing"), AUTHOR)
    assert (pending.revision, pending.after.head, pending.change.projection) == (3, b"head", None)


def test_texts_without_a_vault_are_a_mistake_of_the_service() -> None:
    with pytest.raises(RuntimeError, match="without a vault"):
        unit().prepare(a_key(), Loaded(0), Ledger(), Decision([Entered(1)], {"reason": "x"}), AUTHOR)


def test_a_fact_over_the_limit_is_refused_with_its_size() -> None:
    with pytest.raises(TooLarge) as refused:
        unit(fact_bytes=10).prepare(a_key(), Loaded(0), Ledger(), [Entered(1)], AUTHOR)
    assert refused.value.metadata["limit"] == "10"


def test_the_day_of_a_fact_is_its_own_the_authors_or_the_clocks() -> None:
    work, day = unit(), date(2016, 2, 1)
    facts = [Entered(1, day), Entered(2)]
    late = Author("clerk", None, date(2016, 2, 2))
    assert [r.occurred_on for r in work.prepare(a_key(), Loaded(0), Ledger(), facts, late).change.records] == [
        day,
        date(2016, 2, 2),
    ]
    today = work.prepare(a_key(), Loaded(0), Ledger(), facts[1:], AUTHOR).change.records
    assert [record.occurred_on for record in today] == [date(2016, 3, 1)]


def test_a_file_without_facts_has_no_projection() -> None:
    assert unit().projection(a_key(), Loaded(0)) is None


def test_a_cache_keeps_the_files_used_last_and_only_with_their_state() -> None:
    cache: StateCache[Ledger] = StateCache(limit=2)
    keys = [a_key() for _ in range(3)]
    for number, key in enumerate(keys, start=1):
        cache.keep_state(bytes([number]), Ledger(number, 1))
        cache.keep_file(key, Loaded(1, bytes([number]), (b"body",)))
    assert cache.file(keys[0]) is None, "the oldest was dropped"
    cached = cache.file(keys[1])
    assert cached is not None
    assert (cached.revision, cached.bodies) == (1, ())
    cache.state(bytes([2]))
    cache.keep_state(bytes([9]), Ledger())
    assert cache.knows(bytes([2])) and not cache.knows(bytes([3])), "the one used last stays"
    cache.forget(keys[1])
    assert cache.file(keys[1]) is None
    cache.keep_file(keys[2], Loaded(0))
    assert cache.file(keys[2]) is None, "a file without facts is not cached, and the state of the old one is gone"


@settings(max_examples=examples(60))
@given(st.lists(st.binary(max_size=8), max_size=5), st.data())
def test_a_chain_breaks_at_the_first_change(bodies: list[bytes], drawing: st.DataObject) -> None:
    digests = chain(b"", bodies)
    assert verify_chain(bodies, digests) is None
    if bodies:
        place = drawing.draw(st.integers(0, len(bodies) - 1))
        changed = [*bodies]
        changed[place] += b"!"
        assert verify_chain(changed, digests) == place + 1
        assert verify_chain(bodies, digests[:-1]) == len(bodies)


class Racing(MemoryStore):
    """A store in which other changes are faster, so many times."""

    def __init__(self, races: int, *, by_cause: bool = False) -> None:
        super().__init__()
        self.races, self.by_cause = races, by_cause

    async def append(self, change: Any, recorded_at: Any) -> None:
        if self.races:
            self.races -= 1
            raise KeyTaken(by_cause=self.by_cause)
        await super().append(change, recorded_at)


def repository(store: MemoryStore, woken: list[str] | None = None) -> FileRepository[Ledger, Entered]:
    return FileRepository(store, LedgerCodec(), StillClock(), wake=lambda: (woken or []).append("woken"))


def enter(ledger: Ledger, _: object) -> list[Entered]:
    return [Entered(ledger.entries + 1)]


@pytest.mark.parametrize(("races", "refusal"), [(2, None), (3, LostRace)])
async def test_a_change_that_loses_its_race_is_decided_again_three_times(
    races: int, refusal: type[Exception] | None
) -> None:
    files = repository(Racing(races))
    if refusal is None:
        assert (await files.change(a_key(), a_cause(), enter, actor="clerk")).revision == 1
    else:
        with pytest.raises(refusal):
            await files.change(a_key(), a_cause(), enter, actor="clerk")


async def test_a_request_id_that_was_used_at_another_place_is_refused() -> None:
    with pytest.raises(RequestIdReused):
        await repository(Racing(9, by_cause=True)).change(a_key(), a_cause(), enter, actor="clerk")


async def test_a_check_passes_where_a_change_would_and_refuses_where_it_would() -> None:
    files, key, cause = repository(MemoryStore()), a_key(), a_cause("content")
    await files.check_change(key, cause, enter)
    await files.change(key, cause, enter, actor="clerk")
    await files.check_change(key, cause, enter)
    with pytest.raises(RequestIdReused):
        await files.check_change(key, IdempotencyKey(cause.caller, cause.request_id, b"other"), enter)

    def refuse(*_: object) -> list[Entered]:
        raise StaleRevision

    with pytest.raises(StaleRevision):
        await files.check_change(key, a_cause(), refuse)


async def test_a_repeated_cause_gets_the_first_answer_and_state() -> None:
    files, key, cause = repository(MemoryStore()), a_key(), a_cause("content")
    first = await files.change(key, cause, enter, actor="clerk")
    await files.change(key, a_cause(), enter, actor="clerk")
    again = await files.change(key, cause, enter, actor="clerk")
    assert (again.revision, again.state, again.replayed) == (first.revision, first.state, True)


async def test_a_missing_file_is_not_found_and_a_stale_revision_is_refused() -> None:
    files, key = repository(MemoryStore()), a_key()
    with pytest.raises(NotFound):
        await files.read(key)
    assert cached(files, key) is None
    await files.change(key, a_cause(), enter, actor="clerk", precondition=Precondition(revision=0))
    with pytest.raises(StaleRevision):
        await files.change(key, a_cause(), enter, actor="clerk", precondition=Precondition(revision=0))
    assert await files.texts(key) == {}


def test_a_scope_reaches_its_street_or_all_of_its_district() -> None:
    street, other = Scope(DISTRICT, "440105008"), Scope(DISTRICT, "440105009")
    assert street.reaches(street) and not street.reaches(other)
    assert Scope(DISTRICT, EVERY_STREET).reaches(other)
    assert not Scope("440106", EVERY_STREET).reaches(other)
    with acting_in(street):
        assert acting_scope(other) is street
    assert acting_scope(other) is other


@dataclass(frozen=True, slots=True)
class Submitted:
    """A fact with a place that may be absent, whose own fields must be there."""

    place: "Numbered | None"
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Numbered:
    """A place whose code is read as an id, which an empty text is not."""

    district: UUID


def test_an_absent_message_is_not_named_for_the_fault_of_another_field() -> None:
    with pytest.raises(MismatchedField) as refused:
        to_dataclass(intake_event_pb2.IntakeEvent(occurred_on="2016-02-30"), Submitted)
    assert refused.value.path == "occurred_on"
    message = intake_event_pb2.IntakeEvent(occurred_on="2016-02-29")
    message.place.district = "440105"
    with pytest.raises(MismatchedField) as refused:
        to_dataclass(message, Submitted)
    assert refused.value.path == "place.district"
