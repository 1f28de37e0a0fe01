"""Effects on own files: what follows from heard events, decided like any act, written in one statement."""

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
    """One event changes one own file: `decide` gives its facts, none when nothing follows."""

    event: InboxEvent
    key: FileKey
    decide: Callable[[State], Decision[Fact] | Sequence[Fact]]


async def change_many(
    tx: InboxTransaction, files: FileRepository[State, Fact], effects: Sequence[Effect[State, Fact]], actor: str
) -> None:
    """Decide and write the effects: two round trips for the batch. Raises Retry, and what `decide` raises.

    Effects on one file are decided one after the other and written as one change, for the cause of the first. While
    projections are folded again nothing is decided: what was decided then is on file.
    """
    if tx.rebuilding:
        return
    keys = list(dict.fromkeys(effect.key for effect in effects))
    loaded = dict(zip(keys, await tx.load_many(keys), strict=True))
    drafts: dict[FileKey, PendingChange[State]] = {}
    for effect in effects:
        draft = _draft(files, effect, loaded[effect.key], drafts.get(effect.key), actor)
        if draft is not None:
            drafts[effect.key] = draft
    if drafts:
        await write_many(tx, files, list(drafts.values()))


async def write_many(
    tx: InboxTransaction, files: FileRepository[State, Fact], drafts: Sequence[PendingChange[State]]
) -> list[AppendResult]:
    """Write drafts of different files in one statement; once committed, the files are known as they stand then.

    One outcome for each, none where projections are being folded again. Raises Retry.
    """
    if not drafts:
        return []
    outcomes = await tx.append_many([draft.change for draft in drafts], drafts[0].recorded_at)
    for draft, outcome in zip(drafts, outcomes, strict=False):  # no outcomes while projections are folded again
        if outcome is AppendResult.WRITTEN:
            tx.after_commit(partial(files.unit_of_work.cache.keep_file, draft.change.key, draft.after))
    return outcomes


def _draft(
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
