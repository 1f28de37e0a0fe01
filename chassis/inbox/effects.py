"""Effects of received events on own files: decided like any act, written in one statement for the batch.

Example: a batch brings the acceptance of application A and, behind it, the withdrawal of the same
application. Both concern one case. The acceptance is decided on the case as loaded, the withdrawal on the
state that the acceptance leaves; both are written as one change of the case, with two facts, in the
transaction that stores the two events. If another writer took the case's next revision meanwhile, Retry
undoes the whole batch, inbox rows included, and it is taken again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic

from chassis.event_store.codec import Decision, Fact, State
from chassis.event_store.file_repository import FileRepository
from chassis.event_store.model import Append, AppendResult, FileKey, Loaded, chain
from chassis.event_store.unit_of_work import Author, PendingChange
from chassis.inbox.events import InboxEvent
from chassis.inbox.transaction import InboxTransaction


@dataclass(frozen=True, slots=True)
class Effect(Generic[State, Fact]):
    """Change of one own file by one event: `decide` gives the facts, none when the event has no effect."""

    event: InboxEvent
    key: FileKey
    decide: Callable[[State], Decision[Fact] | Sequence[Fact]]


async def change_many(
    tx: InboxTransaction, files: FileRepository[State, Fact], effects: Sequence[Effect[State, Fact]], actor: str
) -> None:
    """Decides and writes the effects in two round trips. Raises Retry, and the errors of `decide`.

    Effects on one file are decided one after the other and written as one change, under the cause of the first. During
    a rebuild nothing is decided: the facts are on file already.
    """
    if tx.rebuilding:
        return
    keys = list(dict.fromkeys(effect.key for effect in effects))
    loaded = dict(zip(keys, await tx.load_many(keys), strict=True))
    changes: dict[FileKey, PendingChange[State]] = {}
    for effect in effects:
        pending = _prepare(files, effect, loaded[effect.key], changes.get(effect.key), actor)
        if pending is not None:
            changes[effect.key] = pending
    if changes:
        await write_many(tx, files, list(changes.values()))


async def write_many(
    tx: InboxTransaction, files: FileRepository[State, Fact], changes: Sequence[PendingChange[State]]
) -> list[AppendResult]:
    """Writes changes of different files in one statement; the cache learns the new states once they are committed.

    One result for each change, none during a rebuild. Raises Retry.
    """
    if not changes:
        return []
    results = await tx.append_many([pending.change for pending in changes], changes[0].recorded_at)
    for pending, result in zip(changes, results, strict=False):  # no results during a rebuild
        if result is AppendResult.WRITTEN:
            tx.after_commit(partial(files.unit_of_work.cache.keep_file, pending.change.key, pending.after))
    return results


def _prepare(
    files: FileRepository[State, Fact],
    effect: Effect[State, Fact],
    loaded: Loaded,
    earlier: PendingChange[State] | None,
    actor: str,
) -> PendingChange[State] | None:
    state = earlier.state if earlier else files.unit_of_work.state(loaded)
    decision = effect.decide(state)
    decision = decision if isinstance(decision, Decision) else Decision(decision)
    if not decision.facts:
        return None
    author = Author(actor, effect.event.cause)
    if earlier is None:
        return files.unit_of_work.prepare(effect.key, loaded, state, decision, author)
    later = files.unit_of_work.prepare(effect.key, _after(loaded, earlier.change), state, decision, author)
    return replace(later, change=_joined(earlier.change, later.change))


def _after(loaded: Loaded, change: Append) -> Loaded:
    head = chain(change.head, [record.body for record in change.records])[-1]
    revision = change.expected_revision + len(change.records)
    return replace(loaded, revision=revision, head=head, file_key=change.file_key or loaded.file_key)


def _joined(earlier: Append, later: Append) -> Append:
    return replace(
        earlier,
        records=[*earlier.records, *later.records],
        projection=later.projection,
        texts=later.texts if later.erase else {**earlier.texts, **later.texts},
        file_key=later.file_key if later.erase else earlier.file_key or later.file_key,
        sealed=later.sealed or earlier.sealed,
        erase=earlier.erase or later.erase,
    )
