"""Matters and their messages in PostgreSQL: locked and written for a batch of reports, and read for calls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey, Scope, Store
from chassis.inbox import InboxTransaction
from chassis.postgres.database import Pool, away_as_refusal, scoped
from chassis.vault import FileVault
from protocol.envelope import APPLICANT
from protocol.identifiers import street_leg_id
from services.notify.adapters.database import columns, query
from services.notify.adapters.matter.envelopes import recipient_of
from services.notify.domain.facts import DocumentKind
from services.notify.domain.matter import KnownMatter, messages_wanted
from services.notify.domain.message.state import MatterMessages, MessageState, StageMessage
from services.notify.domain.stage_reports import AcceptanceStage, Phase, PublishedItem, StageRank, StageReport
from services.notify.ports import FoundMatter, ListedMessage

Row: TypeAlias = dict[str, object]
"""One row by its columns, as JSON has them: ids, days and instants as text."""
ItemVersion: TypeAlias = tuple[str | None, int | None]

NO_ITEM: ItemVersion = (None, None)

_FIELDS = tuple(field.name for field in fields(KnownMatter))
"""The columns of `matter` after its key, in the order of the class."""


@dataclass(frozen=True, slots=True)
class LockedMatter:
    """A matter as stored, locked until the transaction ends."""

    key: FileKey
    stored: MatterMessages
    item: PublishedItem | None
    """Its item as published, where the matter still waits for it."""
    delivery_opened: bool


@dataclass(frozen=True, slots=True)
class ChangedMatter:
    """A locked matter as it will stand."""

    locked: LockedMatter
    after: MatterMessages


@dataclass(frozen=True, slots=True)
class ReceiptTask:
    """A receipt to be issued for an acceptance."""

    key: FileKey
    report: StageReport


async def lock_matters(
    tx: InboxTransaction,
    items: Mapping[FileKey, ItemVersion],
    published: Sequence[PublishedItem] = (),
) -> list[LockedMatter]:
    """The matters of these keys and those that wait for a published item, locked in the order of their keys.

    `items` names for each key the item version that the batch reports, if any. A matter that is not stored yet gets an
    empty row, so that two streams that report it for the first time at once wait for each other: the second one reads
    what the first one wrote.
    """
    codes = sorted({item.code for item in published}) or None
    given = columns([(key.district, key.street, key.file_id, *item) for key, item in items.items()], 5)
    rows = await tx.fetch(query("lock_matters"), *given, codes)
    return [_locked(row) for row in rows]


async def store_matters(
    tx: InboxTransaction,
    changes: Sequence[ChangedMatter],
    items: Sequence[tuple[FileKey, PublishedItem]] = (),
    tasks: Sequence[ReceiptTask] = (),
) -> None:
    """Write the differences of locked matters, new versions of items and receipts to be issued; one statement."""
    rows: list[Sequence[Row]] = [
        [_item_row(key, item) for key, item in items],
        [_matter_row(each) for each in changes if each.after.matter != each.locked.stored.matter],
        [row for each in changes for row in _new_messages(each)],
        [row for each in changes for row in _suppressed_messages(each)],
        [_place(each.locked.key) for each in changes if each.locked.stored.messages and not each.after.messages],
        [_task_row(each) for each in tasks],
    ]
    if any(rows):
        await tx.execute(query("store_matters"), *map(_as_json, rows))


@dataclass(frozen=True, slots=True)
class MatterRows:
    """Matters and their messages, over the pool of calls."""

    pool: Pool
    store: Store
    vault: FileVault

    async def find(self, scope: Scope, application_id: UUID) -> FoundMatter | None:
        """The matter; None outside the scope."""
        with away_as_refusal():
            leg_id = street_leg_id(application_id)
            row = await self.pool.fetchrow(query("find_matter"), scope.district, scope.street, application_id, leg_id)
        if row is None:
            return None
        return FoundMatter(
            key=FileKey(row["district"], row["street"], row["application_id"]),
            owed=frozenset(map(DocumentKind, row["owed"])),
            set_aside=frozenset(map(DocumentKind, row["set_aside"])),
            **{name: row[name] for name in ("applicant_index", "submitted", "accepted", "decided", "case_received")},
        )

    async def messages(self, key: FileKey) -> list[ListedMessage]:
        """Its messages in the order of its stages."""
        async with scoped(self.pool, key.scope) as connection:
            rows = await connection.fetch(query("list_messages"), key.district, key.street, key.file_id)
        return [ListedMessage(**{**row, "state": MessageState(row["state"])}) for row in rows]

    async def has_details(self, key: FileKey) -> bool:
        """True from the receipt of an envelope until its erasure."""
        wrapped_key, _ = await self.store.texts(key)
        return wrapped_key is not None

    async def phone(self, key: FileKey) -> str:
        """The number of its messages; empty when none is known."""
        wrapped_key, texts = await self.store.texts(key)
        if wrapped_key is None or APPLICANT not in texts:
            return ""
        return recipient_of(self.vault, key, wrapped_key, texts[APPLICANT]).phone


def _locked(row: asyncpg.Record) -> LockedMatter:
    messages = [
        StageMessage(UUID(message_id), template, StageRank(Phase(phase), revision), MessageState(state))
        for message_id, template, phase, revision, state in json.loads(row["messages"] or "[]")
    ]
    item = None
    if row["published_name"] is not None:
        version = row["published_version"]
        name, sensitive, sms = row["published_name"], row["published_sensitive"], row["published_sms"]
        item = PublishedItem(row["published_code"], version, name, sensitive, sms)
    return LockedMatter(
        key=FileKey(row["district"], row["street"], row["application_id"]),
        stored=MatterMessages(
            KnownMatter(*[row[name] for name in _FIELDS]), {message.message_id: message for message in messages}
        ),
        item=item,
        delivery_opened=row["delivery_opened"],
    )


def _matter_row(changed: ChangedMatter) -> Row:
    row = _place(changed.locked.key) | {name: getattr(changed.after.matter, name) for name in _FIELDS}
    if changed.after.matter.decided_on is not None:
        row["decided_on"] = changed.after.matter.decided_on.isoformat()
    return row


def _new_messages(changed: ChangedMatter) -> list[Row]:
    place = _place(changed.locked.key)
    return [
        place
        | {
            "message_id": str(message.message_id),
            "template": message.template,
            "phase": message.rank.phase.value,
            "stage_revision": message.rank.revision,
            "stage_on": message.plan.stage_on.isoformat(),
            "particulars": message.plan.particulars,
            "state": message.state.value,
            "next_at": message.plan.not_before.isoformat(),
        }
        for message in changed.after.messages.values()
        if message.plan is not None
    ]


def _suppressed_messages(changed: ChangedMatter) -> list[Row]:
    """Messages that waited when they were read and wait no longer."""
    place = _place(changed.locked.key)
    return [
        place | {"message_id": str(message.message_id)}
        for message in changed.after.messages.values()
        if message.plan is None and message != changed.locked.stored.messages[message.message_id]
    ]


def _task_row(task: ReceiptTask) -> Row:
    accepted = task.report.stage
    assert isinstance(accepted, AcceptanceStage), "a receipt follows from an acceptance"
    return _place(task.key) | {
        "kind": DocumentKind.RECEIPT.value,
        "revision": task.report.rank.revision,
        "item_code": accepted.item_code,
        "item_version": accepted.item_version,
    }


def _item_row(key: FileKey, item: PublishedItem) -> Row:
    return {
        "district": key.district,
        "street": key.street,
        "code": item.code,
        "version": item.version,
        "name": item.name,
        "sensitive": item.sensitive,
        "sms": messages_wanted(item),
        "materials": item.materials,
    }


def _place(key: FileKey) -> Row:
    return {"district": key.district, "street": key.street, "application_id": str(key.file_id)}


def _as_json(rows: Sequence[Row]) -> str | None:
    return json.dumps(rows, ensure_ascii=False) if rows else None
