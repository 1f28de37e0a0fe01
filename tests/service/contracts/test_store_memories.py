"""Decided upon what this process saw last of a file, over both stores: carried in one round trip, never refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import pytest

from chassis.event_store import (
    Append,
    Decision,
    Drawn,
    FactRecord,
    FileKey,
    FileRepository,
    IdempotencyKey,
    Loaded,
    Scope,
    Store,
    acting_in,
)
from chassis.event_store.model import NO_DIGEST, chain
from chassis.event_store.store import KeyTaken
from chassis.refusals import RequestIdReused
from tests.support.ledger import (
    DISTRICT,
    MORNING,
    OTHER_STREET,
    Entered,
    Ledger,
    LedgerCodec,
    StillClock,
    a_cause,
    a_key,
)

Decide: TypeAlias = Callable[[Ledger, Drawn], Sequence[Entered]]


class Reversing:
    """A vault whose cipher is the text read backwards, under one key for each file."""

    def seal(
        self, key: FileKey, wrapped: bytes | None, texts: Mapping[str, bytes]
    ) -> tuple[bytes, Mapping[str, bytes]]:
        return wrapped or b"ours", {name: text[::-1] for name, text in texts.items()}

    def open(self, key: FileKey, wrapped: bytes, texts: Mapping[str, bytes]) -> Mapping[str, bytes]:
        return {name: text[::-1] for name, text in texts.items()}

    def keyed_digest(self, text: str | bytes) -> bytes:
        return b"keyed " + (text.encode() if isinstance(text, str) else text)


class Counted:
    """A store that counts how often it is read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.loads = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def load(self, key: FileKey, cause: IdempotencyKey | None, serials: Sequence[str] = ()) -> Loaded:
        self.loads += 1
        return await self._store.load(key, cause, serials)


@pytest.fixture
def counted(store: Store) -> Counted:
    return Counted(store)


@pytest.fixture
def files(counted: Counted) -> FileRepository[Ledger, Entered]:
    return FileRepository(counted, LedgerCodec(), StillClock())  # type: ignore[arg-type] # the rest is passed on


def entering(amount: int) -> Decide:
    return lambda _ledger, _drawn: [Entered(amount)]


def at_most(limit: int) -> Decide:
    def decide(ledger: Ledger, _: Drawn) -> list[Entered]:
        if ledger.total >= limit:
            raise LookupError("full")
        return [Entered(1)]

    return decide


async def test_a_file_that_was_changed_here_is_changed_again_without_being_read(
    files: FileRepository[Ledger, Entered], counted: Counted
) -> None:
    key = a_key()
    for amount in (1, 2, 4):
        changed = await files.change(key, a_cause(), entering(amount), actor="clerk")
    assert (changed.state, changed.revision, counted.loads) == (Ledger(7, 3), 3, 1)
    assert (await files.read(key)).state == Ledger(7, 3)


async def test_numbers_are_drawn_with_the_reading_also_of_a_known_file(
    files: FileRepository[Ledger, Entered], counted: Counted
) -> None:
    key, name = a_key(), str(a_key().file_id)
    await files.change(key, a_cause(), entering(1), actor="clerk")
    await files.change(key, a_cause(), lambda _, drawn: [Entered(drawn[name])], actor="clerk", serials=[name])
    assert counted.loads == 2


async def test_a_refusal_from_the_cache_is_decided_again_on_the_stored_file(
    store: Store, files: FileRepository[Ledger, Entered]
) -> None:
    key = a_key()
    await files.change(key, a_cause(), entering(5), actor="clerk")
    await FileRepository(store, LedgerCodec(), StillClock()).change(
        key, a_cause(), entering(-5), actor="another replica"
    )
    changed = await files.change(key, a_cause(), at_most(5), actor="clerk")
    assert changed.state == Ledger(1, 3)


async def test_what_another_replica_has_made_impossible_is_refused_although_memory_allows_it(
    store: Store, files: FileRepository[Ledger, Entered]
) -> None:
    key = a_key()
    await files.change(key, a_cause(), entering(1), actor="clerk")
    await FileRepository(store, LedgerCodec(), StillClock()).change(
        key, a_cause(), entering(5), actor="another replica"
    )
    with pytest.raises(LookupError):
        await files.change(key, a_cause(), at_most(5), actor="clerk")
    assert (await files.read(key)).revision == 2


async def test_that_nothing_follows_is_never_said_upon_a_memory(
    store: Store, files: FileRepository[Ledger, Entered]
) -> None:
    """An entry that another replica has changed meanwhile is not equal any more to what is published here again."""
    key = a_key()

    def up_to_five(ledger: Ledger, _: Drawn) -> list[Entered]:
        return [Entered(5 - ledger.total)] if ledger.total != 5 else []

    await files.change(key, a_cause(), entering(5), actor="clerk")
    await FileRepository(store, LedgerCodec(), StillClock()).change(
        key, a_cause(), entering(4), actor="another replica"
    )
    changed = await files.change(key, a_cause(), up_to_five, actor="clerk")
    assert (changed.state, changed.revision) == (Ledger(5, 3), 3)
    assert (await files.read(key)).state == Ledger(5, 3)


async def test_a_repeat_of_a_known_file_gets_the_first_answer(files: FileRepository[Ledger, Entered]) -> None:
    key, cause = a_key(), a_cause("content")
    await files.change(key, a_cause(), entering(1), actor="clerk")
    first = await files.change(key, cause, lambda *_: Decision([Entered(2)], answer=b"number 1"), actor="clerk")
    await files.change(key, a_cause(), entering(4), actor="clerk")
    again = await files.change(key, cause, entering(8), actor="clerk")
    assert again == replace(first, replayed=True)
    with pytest.raises(RequestIdReused):
        await files.change(key, replace(cause, fingerprint=b"other"), entering(8), actor="clerk")


async def test_a_known_file_of_another_place_stays_invisible(files: FileRepository[Ledger, Entered]) -> None:
    key, saw = a_key(), list[Ledger]()

    def decide(ledger: Ledger, _: Drawn) -> list[Entered]:
        saw.append(ledger)
        raise LookupError("nothing on file")

    await files.change(key, a_cause(), entering(1), actor="clerk")
    with acting_in(Scope(DISTRICT, OTHER_STREET)), pytest.raises(LookupError):
        await files.change(key, a_cause(), decide, actor="a neighbour")
    assert saw == [Ledger()]


async def test_a_key_that_a_file_has_meanwhile_is_not_replaced(store: Store) -> None:
    """An envelope that is heard gives a file its key without a fact."""
    key = a_key()
    files = FileRepository(store, LedgerCodec(), StillClock(), Reversing())
    await files.change(key, a_cause(), entering(1), actor="clerk")
    await store.append_many([Append(key, 1, NO_DIGEST, [], texts={"told": b"x"}, file_key=b"the other's")], MORNING)
    await files.change(key, a_cause(), lambda *_: Decision([Entered(2)], {"note": "why"}), actor="clerk")
    file_key, texts = await store.texts(key)
    assert (file_key, set(texts)) == (b"the other's", {"told", "note"})


async def test_a_history_that_is_not_the_one_decided_upon_is_not_continued(store: Store) -> None:
    """After a restore the same revision may be another fact."""
    key = a_key()
    await FileRepository(store, LedgerCodec(), StillClock()).change(key, a_cause(), entering(1), actor="clerk")
    body = b'{"amount": 9}'
    remembered = chain(bytes(32), [b"a fact that was lost"])[-1]
    record = FactRecord(a_key().file_id, "entered", MORNING.date(), "clerk", body)
    with pytest.raises(KeyTaken):
        await store.append(Append(key, 1, remembered, [record]), MORNING)
    assert (await store.load(key, None)).revision == 1


async def test_a_stored_fingerprint_is_keyed_so_that_names_cannot_be_guessed(store: Store) -> None:
    key, cause = a_key(), a_cause("identity number 440105…")
    files = FileRepository(store, LedgerCodec(), StillClock(), Reversing())
    first = await files.change(key, cause, entering(1), actor="clerk")
    answered = (await store.load(key, cause)).answered
    assert answered is not None
    assert answered.fingerprint == b"keyed " + cause.fingerprint
    assert await files.change(key, cause, entering(1), actor="clerk") == replace(first, replayed=True)
    with pytest.raises(RequestIdReused):
        await files.change(key, replace(cause, fingerprint=b"other"), entering(1), actor="clerk")
