"""Contract of every event store."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from chassis.event_store import (
    EVERY_STREET,
    Append,
    AppendResult,
    FactRecord,
    FileKey,
    IdempotencyKey,
    KeyTaken,
    Loaded,
    Scope,
    Store,
    TextTaken,
    acting_in,
    chain,
    verify_chain,
)
from chassis.refusals import NotPermitted
from tests.support.ledger import DISTRICT, MORNING, OTHER_STREET, STREET, a_cause, a_key


def a_change(
    key: FileKey, revision: int = 0, *bodies: bytes, head: bytes = b"", cause: IdempotencyKey | None = None
) -> Append:
    records = [FactRecord(uuid4(), "entered", date(2016, 3, 1), "clerk", body) for body in bodies or (b"a fact",)]
    return Append(key, revision, head, records, cause=cause or a_cause())


async def write(store: Store, change: Append) -> None:
    await store.append(change, MORNING)


async def test_a_file_that_was_never_written_is_blank(store: Store) -> None:
    assert await store.load(a_key(), None) == Loaded(0)


async def test_facts_come_back_in_the_order_of_their_revisions_with_the_head_of_their_chain(store: Store) -> None:
    key = a_key()
    await write(store, a_change(key, 0, b"one", b"two"))
    head = (await store.load(key, None)).head
    await write(store, a_change(key, 2, b"three", head=head))
    bodies = (b"one", b"two", b"three")
    assert await store.load(key, None) == Loaded(3, chain(b"", bodies)[-1], bodies)


async def test_the_second_of_two_changes_from_the_same_revision_finds_the_key_taken(store: Store) -> None:
    key = a_key()
    await write(store, a_change(key))
    with pytest.raises(KeyTaken) as taken:
        await write(store, a_change(key))
    assert not taken.value.by_cause
    assert (await store.load(key, None)).revision == 1


async def test_one_of_many_racing_changes_wins(store: Store) -> None:
    key = a_key()
    ended = await asyncio.gather(*(write(store, a_change(key)) for _ in range(8)), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["KeyTaken"] * 7 + ["NoneType"]


async def test_a_change_that_would_leave_a_gap_is_refused(store: Store) -> None:
    key = a_key()
    await write(store, a_change(key))
    with pytest.raises(KeyTaken):
        await write(store, a_change(key, 2))


async def test_an_answered_cause_brings_back_its_answer_and_the_file_it_changed(store: Store) -> None:
    key, cause = a_key(), a_cause("all that was asked")
    await write(store, replace(a_change(key, 0, b"first", cause=cause), answer=b"the first answer"))
    await write(store, a_change(key, 1, b"later", head=chain(b"", [b"first"])[0]))
    loaded = await store.load(a_key(), cause)
    assert loaded.bodies == (b"first", b"later")
    assert loaded.answered is not None
    assert loaded.answered.key == key
    assert (loaded.answered.revision, loaded.answered.answer) == (1, b"the first answer")
    assert loaded.answered.fingerprint == cause.fingerprint


async def test_no_text_replaces_another_under_its_name(store: Store) -> None:
    key, other = a_key(), a_key()
    await write(store, replace(a_change(key, 0, b"one"), texts={"reason": b"A"}, file_key=b"key"))
    head = (await store.load(key, None)).head
    change = replace(a_change(key, 1, b"two", head=head), texts={"reason": b"B", "remark": b"C"})
    with pytest.raises(TextTaken):
        await write(store, change)
    with pytest.raises(TextTaken):
        await store.append_many([change, a_change(other)], MORNING)
    assert [(await store.load(each, None)).revision for each in (key, other)] == [1, 0]
    assert (await store.texts(key))[1] == {"reason": b"A"}
    again = replace(change, texts={"reason": b"B"}, file_key=b"another", erase=True)
    await write(store, again)
    assert (await store.texts(key))[1] == {"reason": b"B"}, "of an erased file nothing is left to be replaced"


async def test_a_cause_is_taken_once_whatever_the_file(store: Store) -> None:
    cause = a_cause()
    await write(store, a_change(a_key(), cause=cause))
    key = a_key()
    with pytest.raises(KeyTaken) as taken:
        await write(store, a_change(key, cause=cause))
    assert taken.value.by_cause
    assert (await store.load(key, None)).revision == 0


async def test_the_same_request_id_of_another_caller_is_another_cause(store: Store) -> None:
    cause = a_cause()
    await write(store, a_change(a_key(), cause=cause))
    assert (await store.load(a_key(), replace(cause, caller="another"))).answered is None


async def test_numbers_are_drawn_in_order_and_never_twice(store: Store) -> None:
    name, other = str(uuid4()), str(uuid4())
    await store.load(a_key(), None, [other])
    drawn = [(await store.load(a_key(), a_cause(), [name, other])).serials for _ in range(3)]
    assert drawn == [(1, 2), (2, 3), (3, 4)]
    assert await store.draw(DISTRICT, {name: 10}) == {name: 4}
    assert (await store.load(a_key(), None, [name])).serials == (14,)


async def test_an_answered_cause_draws_no_number(store: Store) -> None:
    name, cause = str(uuid4()), a_cause()
    await write(store, a_change(a_key(), cause=cause))
    assert (await store.load(a_key(), cause, [name])).serials == ()
    assert (await store.load(a_key(), None, [name])).serials == (1,)


async def test_racing_draws_never_share_a_number(store: Store) -> None:
    name = str(uuid4())
    loads = await asyncio.gather(*(store.load(a_key(), None, [name]) for _ in range(20)))
    assert sorted(loaded.serials[0] for loaded in loads) == list(range(1, 21))


async def test_texts_are_stored_with_the_file_until_it_is_erased(store: Store) -> None:
    key = a_key()
    first = a_change(key)
    await write(store, replace(first, texts={"name": b"cipher", "note": b"text"}, file_key=b"wrapped"))
    head = chain(b"", [b"a fact"])[0]
    assert (await store.load(key, None)).file_key == b"wrapped"
    assert await store.texts(key) == (b"wrapped", {"name": b"cipher", "note": b"text"})
    await write(store, replace(a_change(key, 1, head=head), erase=True))
    assert await store.texts(key) == (None, {})
    assert verify_chain((await store.load(key, None)).bodies, chain(b"", [b"a fact", b"a fact"])) is None


async def test_a_call_sees_nothing_outside_its_scope(store: Store) -> None:
    key, cause = a_key(STREET), a_cause()
    await write(store, replace(a_change(key, cause=cause), texts={"name": b"cipher"}, file_key=b"wrapped"))
    with acting_in(Scope(DISTRICT, OTHER_STREET)):
        assert await store.load(key, cause) == Loaded(0)
        assert await store.texts(key) == (None, {})
    with acting_in(Scope("440106", EVERY_STREET)):
        assert await store.load(key, cause) == Loaded(0)
    with acting_in(Scope(DISTRICT, EVERY_STREET)):
        assert (await store.load(key, cause)).revision == 1


async def test_a_call_writes_nothing_outside_its_scope(store: Store) -> None:
    key = a_key(STREET)
    with acting_in(Scope(DISTRICT, OTHER_STREET)), pytest.raises(NotPermitted):
        await write(store, a_change(key))
    assert (await store.load(key, None)).revision == 0


async def test_many_files_are_read_in_the_requested_order(store: Store) -> None:
    keys = [a_key(street) for street in (STREET, OTHER_STREET, STREET)]
    for n, key in enumerate(keys[:2], start=1):
        await write(store, a_change(key, 0, *[b"fact"] * n))
    loaded = await store.load_many([keys[2], keys[1], keys[0]])
    assert [one.revision for one in loaded] == [0, 2, 1]
    assert loaded[1] == await store.load(keys[1], None)
    assert await store.load_many([]) == []


async def test_many_changes_are_written_at_once_and_a_stale_one_is_left_out(store: Store) -> None:
    fresh, stale, repeated = a_key(), a_key(OTHER_STREET), a_key()
    cause = a_cause()
    await write(store, a_change(stale))
    await write(store, a_change(repeated, cause=cause))
    outcomes = await store.append_many(
        [
            replace(a_change(fresh, 0, b"one", b"two"), texts={"n": b"c"}, file_key=b"k", sealed=b"envelope"),
            a_change(stale),
            a_change(repeated, 1, cause=cause),
        ],
        MORNING,
    )
    assert outcomes == [AppendResult.WRITTEN, AppendResult.STALE, AppendResult.REPEATED]
    assert [one.revision for one in await store.load_many([fresh, stale, repeated])] == [2, 1, 1]
    assert (await store.load(fresh, None)).head == chain(b"", [b"one", b"two"])[-1]
    assert await store.texts(fresh) == (b"k", {"n": b"c"})
    assert await store.append_many([], MORNING) == []


async def test_a_batch_answers_its_causes(store: Store) -> None:
    key, cause = a_key(), a_cause()
    await store.append_many([replace(a_change(key, cause=cause), answer=b"swept")], MORNING)
    answered = (await store.load(key, cause)).answered
    assert answered is not None
    assert (answered.key, answered.revision, answered.answer) == (key, 1, b"swept")


async def test_a_batch_erases_only_the_named_files(store: Store) -> None:
    stored, erased = a_key(), a_key()
    for key in (stored, erased):
        await write(store, replace(a_change(key), texts={"name": b"cipher"}, file_key=b"wrapped"))
    head = chain(b"", [b"a fact"])[0]
    await store.append_many(
        [a_change(stored, 1, head=head), replace(a_change(erased, 1, head=head), erase=True)], MORNING
    )
    assert await store.texts(stored) == (b"wrapped", {"name": b"cipher"})
    assert await store.texts(erased) == (None, {})


def test_a_chain_says_at_which_revision_it_breaks() -> None:
    bodies = [b"one", b"two", b"three"]
    digests = chain(b"", bodies)
    assert verify_chain(bodies, digests) is None
    assert verify_chain([b"one", b"TWO", b"three"], digests) == 2
    assert verify_chain(bodies[:2], digests) == 3
    assert verify_chain(bodies, digests[:2]) == 3
