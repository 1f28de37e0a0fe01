"""Events of other services: read from messages, decided upon like any act, applied again where a file moved on."""

import json
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest
from nats.aio.msg import Msg

from chassis.event_store import AppendResult, Decision, FileKey, FileRepository, MemoryStore, postgres_store
from chassis.inbox import Effect, InboxEvent, InboxTransaction, Retry, Subscription, change_many, row_projection
from chassis.inbox.effects import write_many
from chassis.inbox.events import UnreadableMessage, read_event
from tests.support.ledger import Entered, Ledger, LedgerCodec, StillClock, a_key, cached

RACE = "fact_pkey"


class MemoryTransaction(InboxTransaction):
    """A transaction over a store in memory."""

    def __init__(self, store: MemoryStore, *, rebuilding: bool = False) -> None:
        super().__init__(cast("Any", None), rebuilding=rebuilding)
        self._store = store

    async def load_many(self, keys: Sequence[FileKey]) -> list[Any]:
        return await self._store.load_many(keys)

    async def append_many(self, changes: Sequence[Any], recorded_at: datetime) -> list[AppendResult]:
        return [] if self.rebuilding else await self._store.append_many(changes, recorded_at)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def files(store: MemoryStore) -> FileRepository[Ledger, Entered]:
    return FileRepository(store, LedgerCodec(), StillClock())


def event(revision: int = 1, kind: str = "entered") -> InboxEvent:
    return InboxEvent("ledger", a_key(), revision, uuid4(), kind, json.dumps({"amount": 1}).encode())


def effect(key: FileKey, amount: int) -> Effect[Ledger, Entered]:
    return Effect(event(), key, lambda _: [Entered(amount)])


async def test_effects_on_one_file_are_one_change_for_the_cause_of_the_first(
    store: MemoryStore, files: FileRepository[Ledger, Entered]
) -> None:
    key, other = a_key(), a_key()
    effects = [effect(key, 1), effect(other, 2), effect(key, 4)]
    tx = MemoryTransaction(store)
    await change_many(tx, files, effects, "approval")
    assert (await files.read(key)).state == Ledger(5, 2)
    assert (await files.read(other)).state == Ledger(2, 1)
    assert [cause for cause, _ in store._answers] == ["heard:ledger"] * 2
    await change_many(MemoryTransaction(store), files, effects[:1], "approval")
    assert (await files.read(key)).revision == 2, "the cause was answered before"


async def test_the_cache_learns_a_file_only_once_the_transaction_is_committed(
    store: MemoryStore, files: FileRepository[Ledger, Entered]
) -> None:
    key, tx = a_key(), MemoryTransaction(store)
    await change_many(tx, files, [effect(key, 1)], "approval")
    assert cached(files, key) is None
    tx.committed()
    assert cached(files, key) == Ledger(1, 1)


async def test_an_event_without_effect_writes_nothing(
    store: MemoryStore, files: FileRepository[Ledger, Entered]
) -> None:
    tx = MemoryTransaction(store)
    await change_many(tx, files, [Effect(event(), a_key(), lambda _: Decision([]))], "approval")
    assert store.published == []
    assert await write_many(tx, files, []) == []


async def test_a_rebuild_decides_nothing(store: MemoryStore, files: FileRepository[Ledger, Entered]) -> None:
    def decide(_: Ledger) -> list[Entered]:
        raise AssertionError("decided again")

    await change_many(MemoryTransaction(store, rebuilding=True), files, [Effect(event(), a_key(), decide)], "x")
    assert store.published == []
    assert await InboxTransaction(cast("Any", None), rebuilding=True).append_many([], StillClock().now()) == []


def violation(constraint: str) -> asyncpg.UniqueViolationError:
    error = asyncpg.UniqueViolationError("taken")
    cast("Any", error).constraint_name = constraint
    return error


@pytest.mark.parametrize(
    ("outcome", "raised"),
    [
        (violation(RACE), Retry),
        (violation("application_number_key"), asyncpg.UniqueViolationError),
        ([AppendResult.WRITTEN, AppendResult.STALE], Retry),
    ],
)
async def test_only_a_lost_race_is_tried_again(
    outcome: object, raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def append_many(*_: object) -> object:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(postgres_store, "append_many", append_many)
    with pytest.raises(raised):
        await InboxTransaction(cast("Any", None)).append_many([cast("Any", None)], StillClock().now())


async def test_rows_are_projected_where_there_are_any() -> None:
    written: list[tuple[object, ...]] = []

    class Connection:
        async def fetch(self, *arguments: object) -> list[object]:
            written.append(arguments)
            return []

    apply = row_projection(lambda events: json.dumps(len(events)) if events else None)
    tx = InboxTransaction(cast("Any", Connection()))
    await apply(tx, [event(), event()])
    await apply(tx, [])
    assert [arguments[1] for arguments in written] == ["2"]


def test_kinds_without_effect_are_left_out() -> None:
    events = [event(1, "entered"), event(2, "adjusted")]
    every = Subscription("tally", "OW_LEDGER", "ledger", cast("Any", None), ["entered", "adjusted"])
    assert every.applicable(events) == events
    some = Subscription("tally", "OW_LEDGER", "ledger", cast("Any", None), ["entered"], applied_kinds={"adjusted"})
    assert some.applicable(events) == events[1:]


HEADERS = {
    "Onewindow-Position": "ledger/440105/440105008/01957a3e-7c00-7000-8000-000000000001/3",
    "Onewindow-Kind": "entered",
    "Nats-Msg-Id": "01957a3e-7c00-7000-8000-00000000000a",
}


def message(headers: dict[str, str] | None) -> Msg:
    return cast("Msg", SimpleNamespace(headers=headers, data=b"body"))


def test_an_event_is_read_from_headers_and_body() -> None:
    received = read_event(message(HEADERS), "ledger")
    assert (received.source, received.revision, received.kind, received.body) == ("ledger", 3, "entered", b"body")
    assert (received.key.street, str(received.event_id)) == ("440105008", HEADERS["Nats-Msg-Id"])
    assert (received.cause.caller, received.cause.request_id) == ("heard:ledger", HEADERS["Nats-Msg-Id"])


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        *({name: value for name, value in HEADERS.items() if name != absent} for absent in HEADERS),
        HEADERS | {"Nats-Msg-Id": "42"},
        HEADERS | {"Onewindow-Position": "ledger/440105"},
        HEADERS | {"Onewindow-Position": f"{HEADERS['Onewindow-Position']},{HEADERS['Onewindow-Position']}"},
        HEADERS | {"Onewindow-Position": HEADERS["Onewindow-Position"].replace("ledger", "intake")},
    ],
)
def test_a_message_without_the_headers_of_an_event_is_unreadable(headers: dict[str, str] | None) -> None:
    with pytest.raises(UnreadableMessage):
        read_event(message(headers), "ledger")
