"""The queue of messages in PostgreSQL."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.event_store import FileKey
from chassis.inbox import InboxTransaction
from chassis.postgres.database import Pool
from chassis.vault import FileVault
from services.notify.adapters.database import BulkAppend, columns, query
from services.notify.adapters.matter.envelopes import recipient_of
from services.notify.adapters.matter.table import NO_ITEM, lock_matters
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact, MessageEnd, MessageSent
from services.notify.domain.message.state import MatterMessages, MessageState, end_message
from services.notify.domain.message.suppression import is_suppressed, state_after_failed_try
from services.notify.domain.template.text import MatterWording
from services.notify.ports import DueMessage, EndedMessage, PostponedMessage


class MessageTable:
    """The table `message`, for the worker."""

    def __init__(self, pool: Pool, append: BulkAppend, vault: FileVault) -> None:
        self._pool = pool
        self._append = append
        self._vault = vault

    async def take(self, now: datetime, limit: int) -> list[DueMessage]:
        """Messages that are due, marked as being sent and committed before this returns."""
        rows = await self._pool.fetch(query("take_messages"), now, limit)
        suppressed = await self._suppressed([row for row in rows if row["uncertain"]])
        return [self._due(row, suppressed) for row in rows]

    async def hold(self, now: datetime, until: datetime) -> None:
        """Hold the messages that are due now until then."""
        await self._pool.execute(query("hold_messages"), now, until)

    async def settle(self, ended: Sequence[EndedMessage], postponed: Sequence[PostponedMessage]) -> None:
        """Write the ends and the postponements in one transaction."""
        ends: dict[FileKey, list[MessageEnd]] = defaultdict(list)
        for each in ended:
            ends[each.key].append(each.fact)

        async def rows(tx: InboxTransaction) -> None:
            if postponed:  # first, since its matters are locked before any message
                states = await _states_after(tx, postponed)
                left = [
                    _postponed_row(each, states[each.message_id]) for each in postponed if each.message_id in states
                ]
                await tx.execute(query("postpone_messages"), *columns(left, 7))
            if ended:
                await tx.execute(query("end_messages"), *columns([_ended_row(each) for each in ended], 8))

        await self._append.write({key: _ending(facts) for key, facts in ends.items()}, rows)

    async def _suppressed(self, uncertain: Sequence[asyncpg.Record]) -> Set[UUID]:
        """Those messages of uncertain outcome that must not be offered once more."""
        if not uncertain:
            return frozenset()
        async with self._pool.acquire() as connection, connection.transaction():
            matters = await _locked(InboxTransaction(connection), map(_key, uncertain))
        return {
            row["message_id"]
            for row in uncertain
            for matter in [matters[_key(row)]]
            for message in [matter.messages.get(row["message_id"])]
            if message is None or is_suppressed(message, matter)
        }

    def _due(self, row: asyncpg.Record, suppressed: Set[UUID]) -> DueMessage:
        key = _key(row)
        recipient = recipient_of(self._vault, key, row["wrapped"], row["ciphertext"])
        return DueMessage(
            key=key,
            message_id=row["message_id"],
            template=row["template"],
            tries=row["tries"],
            uncertain=row["uncertain"],
            matter=MatterWording(row["item_name"], row["sensitive"], row["number"], recipient.query_code),
            phone=recipient.phone,
            particulars=json.loads(row["particulars"]),
            suppressed=row["message_id"] in suppressed,
        )


async def _states_after(tx: InboxTransaction, postponed: Sequence[PostponedMessage]) -> dict[UUID, MessageState]:
    """The state of each message after its failed try; one that was dropped meanwhile has none."""
    matters = await _locked(tx, [each.key for each in postponed])
    return {
        each.message_id: state_after_failed_try(matter.messages[each.message_id], matter, uncertain=each.uncertain)
        for each in postponed
        for matter in [matters[each.key]]
        if each.message_id in matter.messages
    }


async def _locked(tx: InboxTransaction, keys: Iterable[FileKey]) -> Mapping[FileKey, MatterMessages]:
    return {each.key: each.stored for each in await lock_matters(tx, dict.fromkeys(keys, NO_ITEM))}


def _ending(facts: Sequence[MessageEnd]) -> Callable[[Dossier], list[Fact]]:
    return lambda dossier: [fact for end in facts for fact in end_message(dossier.messages, end)]


def _ended_row(ended: EndedMessage) -> tuple[object, ...]:
    fact = ended.fact
    end: tuple[object, ...] = (MessageState.FAILED.value, None, "", "")
    if isinstance(fact, MessageSent):
        end = (MessageState.SENT.value, fact.occurred_on, fact.gateway_id, fact.template_version)
    return (*_place(ended.key), fact.message_id, *end)


def _postponed_row(postponed: PostponedMessage, state: MessageState) -> tuple[object, ...]:
    return (
        *_place(postponed.key), postponed.message_id, state.value, postponed.again_at, postponed.real_seconds
    )  # fmt: skip # one line, in the order of the columns


def _key(row: asyncpg.Record) -> FileKey:
    return FileKey(row["district"], row["street"], row["application_id"])


def _place(key: FileKey) -> tuple[object, ...]:
    return key.district, key.street, key.file_id
