"""Load, decide, append, over both stores."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from chassis.event_store import (
    Append,
    Decision,
    Drawn,
    FileKey,
    FileRepository,
    IdempotencyKey,
    Loaded,
    Precondition,
    Scope,
    Store,
    StoreSettings,
    TextTaken,
    acting_in,
)
from chassis.refusals import LostRace, NotFound, RequestIdReused, StaleRevision, TooLarge
from tests.support.ledger import (
    DISTRICT,
    OTHER_STREET,
    STREET,
    Entered,
    Ledger,
    LedgerCodec,
    StillClock,
    a_cause,
    a_key,
    cached,
)


class Reversing:
    """A vault whose cipher is the text read backwards, under one key for each file."""

    def seal(
        self, key: FileKey, wrapped: bytes | None, texts: Mapping[str, bytes]
    ) -> tuple[bytes, Mapping[str, bytes]]:
        return wrapped or key.file_id.bytes, {name: text[::-1] for name, text in texts.items()}

    def open(self, key: FileKey, wrapped: bytes, texts: Mapping[str, bytes]) -> Mapping[str, bytes]:
        assert wrapped == key.file_id.bytes
        return {name: text[::-1] for name, text in texts.items()}

    def keyed_digest(self, text: str | bytes) -> bytes:
        return b"keyed " + (text.encode() if isinstance(text, str) else text)


@pytest.fixture
def files(store: Store) -> FileRepository[Ledger, Entered]:
    return FileRepository(store, LedgerCodec(), StillClock(), Reversing())


def enter(amount: int = 1) -> "Entering":
    return Entering(amount)


class Entering:
    """An act that enters an amount and remembers what it saw."""

    def __init__(self, amount: int) -> None:
        self.amount = amount
        self.saw: list[Ledger] = []

    def __call__(self, ledger: Ledger, drawn: Drawn) -> list[Entered]:
        self.saw.append(ledger)
        return [Entered(self.amount)]


async def test_a_change_is_decided_on_the_file_as_it_stands(files: FileRepository[Ledger, Entered]) -> None:
    key = a_key()
    await files.change(key, a_cause(), enter(2), actor="clerk")
    changed = await files.change(key, a_cause(), enter(3), actor="clerk")
    assert (changed.state, changed.revision, changed.replayed) == (Ledger(5, 2), 2, False)
    assert changed.position == f"ledger/{DISTRICT}/{STREET}/{key.file_id}/2"
    assert await files.read(key) == replace(changed, answer=b"")


async def test_a_repeated_cause_gets_the_first_answer_and_decides_nothing(
    files: FileRepository[Ledger, Entered],
) -> None:
    key, cause = a_key(), a_cause("content")
    first = await files.change(key, cause, lambda *_: Decision([Entered(2)], answer=b"number 1"), actor="clerk")
    await files.change(key, a_cause(), enter(5), actor="clerk")
    again = enter(9)
    second = await files.change(a_key(), cause, again, actor="clerk")
    assert second == replace(first, replayed=True)
    assert not again.saw


async def test_the_same_request_id_with_other_content_is_refused(files: FileRepository[Ledger, Entered]) -> None:
    cause = a_cause("content")
    await files.change(a_key(), cause, enter(), actor="clerk")
    with pytest.raises(RequestIdReused):
        await files.change(a_key(), replace(cause, fingerprint=b"other"), enter(), actor="clerk")


async def test_a_request_id_used_where_the_caller_cannot_see_is_refused(files: FileRepository[Ledger, Entered]) -> None:
    cause = a_cause()
    await files.change(a_key(OTHER_STREET), cause, enter(), actor="clerk")
    with acting_in(Scope(DISTRICT, STREET)), pytest.raises(RequestIdReused):
        await files.change(a_key(), cause, enter(), actor="clerk")


async def test_the_same_request_sent_twice_at_once_is_one_change(files: FileRepository[Ledger, Entered]) -> None:
    key, cause = a_key(), a_cause()
    changes = await asyncio.gather(*(files.change(key, cause, enter(), actor="clerk") for _ in range(4)))
    assert {changed.state for changed in changes} == {Ledger(1, 1)}
    assert sorted(changed.replayed for changed in changes) == [False, True, True, True]


class Overtaken:
    """A store at which somebody else is faster, `times` times."""

    def __init__(self, store: Store, times: int) -> None:
        self._store = store
        self.times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def load(self, key: FileKey, cause: IdempotencyKey | None, serials: tuple[str, ...] = ()) -> Loaded:
        loaded = await self._store.load(key, cause, serials)
        if self.times:
            self.times -= 1
            other = FileRepository(self._store, LedgerCodec(), StillClock())
            await other.change(key, a_cause(), enter(100), actor="the faster")
        return loaded


@pytest.mark.parametrize("times", [1, 2])
async def test_a_lost_race_is_decided_again_on_the_new_file(store: Store, times: int) -> None:
    files: FileRepository[Ledger, Entered] = FileRepository(Overtaken(store, times), LedgerCodec(), StillClock())  # type: ignore[arg-type] # the rest is passed on
    act = enter(1)
    changed = await files.change(a_key(), a_cause(), act, actor="clerk")
    assert changed.state == Ledger(100 * times + 1, times + 1)
    assert [seen.total for seen in act.saw] == [100 * n for n in range(times + 1)]


async def test_the_third_lost_race_is_refused(store: Store) -> None:
    files: FileRepository[Ledger, Entered] = FileRepository(Overtaken(store, 3), LedgerCodec(), StillClock())  # type: ignore[arg-type] # the rest is passed on
    with pytest.raises(LostRace):
        await files.change(a_key(), a_cause(), enter(), actor="clerk")


async def test_a_stale_revision_is_refused_before_anything_is_decided(files: FileRepository[Ledger, Entered]) -> None:
    key = a_key()
    await files.change(key, a_cause(), enter(), actor="clerk")
    late = enter()
    with pytest.raises(StaleRevision):
        await files.change(key, a_cause(), late, actor="clerk", precondition=Precondition(revision=0))
    assert not late.saw
    assert (
        await files.change(key, a_cause(), enter(), actor="clerk", precondition=Precondition(revision=1))
    ).revision == 2


async def test_who_may_not_act_is_refused_before_the_revision_is_looked_at(
    files: FileRepository[Ledger, Entered],
) -> None:
    key, saw = a_key(), []

    def forbid(ledger: Ledger) -> None:
        saw.append(ledger)
        raise LookupError("not permitted")

    await files.change(key, a_cause(), enter(), actor="clerk")
    for revision in (None, 0, 1, 2):
        with pytest.raises(LookupError):
            await files.change(key, a_cause(), enter(), actor="clerk", precondition=Precondition(forbid, revision))
    assert set(saw) == {Ledger(1, 1)}
    with pytest.raises(LookupError):
        await files.check_change(key, a_cause(), enter(), Precondition(forbid))
    assert (await files.change(key, a_cause(), enter(), actor="clerk", precondition=Precondition())).revision == 2


async def test_a_file_that_is_not_there_is_refused_as_such_at_any_revision(
    files: FileRepository[Ledger, Entered],
) -> None:
    def absent(ledger: Ledger, drawn: Drawn) -> list[Entered]:
        raise NotFound

    for revision in (None, 0, 1):
        with pytest.raises(NotFound):
            await files.change(a_key(), a_cause(), absent, actor="clerk", precondition=Precondition(revision=revision))
    with pytest.raises(StaleRevision):  # an act that begins a file begins none at a revision
        await files.change(a_key(), a_cause(), enter(), actor="clerk", precondition=Precondition(revision=1))


async def test_what_forbids_an_act_leaves_no_trace(files: FileRepository[Ledger, Entered]) -> None:
    key, cause = a_key(), a_cause()

    def forbid(ledger: Ledger, drawn: Drawn) -> list[Entered]:
        raise LookupError("not allowed")

    with pytest.raises(LookupError):
        await files.change(key, cause, forbid, actor="clerk")
    assert (await files.change(key, cause, enter(), actor="clerk")).revision == 1


async def test_a_text_is_stored_once_word_for_word_and_never_another_under_its_name(
    files: FileRepository[Ledger, Entered],
) -> None:
    key = a_key()

    def entered(*texts: tuple[str, str]) -> Callable[[Ledger, Drawn], Decision[Entered]]:
        return lambda *_: Decision([Entered(1)], dict(texts))

    for serials in ([], ["a counter"]):
        await files.change(key, a_cause(), entered(("reason", "A")), actor="clerk", serials=serials)
    for serials in ([], ["a counter"]):
        with pytest.raises(TextTaken):
            await files.change(key, a_cause(), entered(("reason", "B")), actor="clerk", serials=serials)
    changed = await files.change(key, a_cause(), entered(("reason", "A"), ("remark", "C")), actor="clerk")
    assert changed.revision == 3
    assert await files.texts(key) == {"reason": b"A", "remark": b"C"}


async def test_a_missing_file_cannot_be_read(files: FileRepository[Ledger, Entered]) -> None:
    with pytest.raises(NotFound):
        await files.read(a_key())


async def test_the_act_is_given_the_numbers_drawn_for_it(files: FileRepository[Ledger, Entered]) -> None:
    names = (str(a_key().file_id), str(a_key().file_id))
    seen: list[Drawn] = []

    def decide(ledger: Ledger, drawn: Drawn) -> list[Entered]:
        seen.append(drawn)
        return [Entered(1)]

    await files.change(a_key(), a_cause(), decide, actor="clerk", serials=names[:1])
    await files.change(a_key(), a_cause(), decide, actor="clerk", serials=names)
    assert seen == [{names[0]: 1}, {names[0]: 2, names[1]: 1}]


async def test_texts_are_stored_encrypted_and_read_back(files: FileRepository[Ledger, Entered]) -> None:
    key = a_key()
    await files.change(key, a_cause(), lambda *_: Decision([Entered(1)], {"note": "为什么"}), actor="clerk")
    await files.change(key, a_cause(), lambda *_: Decision([Entered(1)], {"scan": b"\x00\x01"}), actor="clerk")
    _, stored = await files.store.texts(key)
    assert stored["note"] == "为什么".encode()[::-1]
    assert await files.texts(key) == {"note": "为什么".encode(), "scan": b"\x00\x01"}
    await files.change(key, a_cause(), lambda *_: Decision([Entered(1)], erase=True), actor="clerk")
    assert await files.texts(key) == {}
    assert (await files.read(key)).state.entries == 3


class Wordy(LedgerCodec):
    """Writes events of exactly the length it is told."""

    def __init__(self, length: int) -> None:
        self._length = length

    def encode(self, meta: object, fact: object) -> bytes:
        return b'{"amount": 1}'.ljust(self._length)


async def test_a_fact_may_have_48_kib_and_not_a_byte_more(store: Store) -> None:
    fits: FileRepository[Ledger, Entered] = FileRepository(store, Wordy(48 * 1024), StillClock())
    await fits.change(a_key(), a_cause(), enter(), actor="clerk")
    over: FileRepository[Ledger, Entered] = FileRepository(store, Wordy(48 * 1024 + 1), StillClock())
    with pytest.raises(TooLarge) as refusal:
        await over.change(a_key(), a_cause(), enter(), actor="clerk")
    assert refusal.value.metadata["limit"] == "49152"


async def test_a_caller_who_goes_away_does_not_stop_the_commit(store: Store) -> None:
    key, begun = a_key(), asyncio.Event()

    class Slow(Overtaken):
        async def append(self, change: Append, recorded_at: object) -> None:
            begun.set()
            await asyncio.sleep(0)
            await store.append(change, recorded_at)  # type: ignore[arg-type] # passed on as it came

    woken = asyncio.Event()
    files: FileRepository[Ledger, Entered] = FileRepository(Slow(store, 0), LedgerCodec(), StillClock(), wake=woken.set)  # type: ignore[arg-type] # the rest is passed on
    call = asyncio.create_task(files.change(key, a_cause(), enter(), actor="clerk"))
    await begun.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.wait_for(woken.wait(), 5)
    assert (await store.load(key, None)).revision == 1


async def test_a_fact_that_knows_its_day_is_recorded_under_it(files: FileRepository[Ledger, Entered]) -> None:
    written: list[date] = []
    real = files.store.append

    async def spy(change: Append, recorded_at: object) -> None:
        written.extend(record.occurred_on for record in change.records)
        await real(change, recorded_at)  # type: ignore[arg-type] # passed on as it came

    files.store = type("Spied", (), {"load": files.store.load, "append": staticmethod(spy)})()
    late = [Entered(1, date(2016, 2, 26)), Entered(1)]
    await files.change(a_key(), a_cause(), lambda *_: late, actor="clerk")
    assert written == [date(2016, 2, 26), date(2016, 3, 1)]


async def test_a_file_is_folded_once_and_its_next_state_is_known_before_it_is_read(store: Store) -> None:
    read: list[bytes] = []

    class Counting(LedgerCodec):
        def decode(self, body: bytes) -> Entered:
            read.append(body)
            return super().decode(body)

    key = a_key()
    await FileRepository(store, LedgerCodec(), StillClock()).change(key, a_cause(), enter(2), actor="clerk")
    files = FileRepository(store, Counting(), StillClock())
    for amount in (3, 4):
        await files.change(key, a_cause(), enter(amount), actor="clerk")
    assert (await files.read(key)).state == Ledger(9, 3)
    assert len(read) == 1


async def test_what_another_replica_wrote_is_seen_although_the_file_was_known(store: Store) -> None:
    ours, theirs = (FileRepository(store, LedgerCodec(), StillClock()) for _ in range(2))
    key = a_key()
    for files, amount in ((ours, 1), (theirs, 2), (ours, 4), (theirs, 8)):
        await files.change(key, a_cause(), enter(amount), actor="clerk")
    assert (await ours.read(key)).state == (await theirs.read(key)).state == Ledger(15, 4)


async def test_no_more_states_are_remembered_than_are_allowed(store: Store) -> None:
    files = FileRepository(store, LedgerCodec(), StillClock(), limits=StoreSettings(states=2))
    keys = [a_key() for _ in range(5)]
    for amount, key in enumerate(keys):
        await files.change(key, a_cause(), enter(amount), actor="clerk")
    assert [cached(files, key) is not None for key in keys] == [False, False, False, True, True]
    assert [(await files.read(key)).state.total for key in keys] == list(range(5))
