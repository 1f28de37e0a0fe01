"""Matters for calls, by the rows of notify; row level security keeps every query to its scope."""

from dataclasses import dataclass
from uuid import UUID

from chassis.event_store import FileKey, Scope, Store
from chassis.postgres.database import Pool, away_as_refusal, scoped
from chassis.vault import FileVault
from protocol.envelope import APPLICANT
from services.notify.adapters.database import query
from services.notify.adapters.inbox.envelopes import recipient_of
from services.notify.domain.message.state import MessageState
from services.notify.ports import FoundMatter, ListedMessage


@dataclass(frozen=True, slots=True)
class MatterRows:
    """Matters and their messages, over the pool of calls."""

    pool: Pool
    store: Store
    vault: FileVault

    async def find(self, scope: Scope, application_id: UUID) -> FoundMatter | None:
        """The matter; None outside the scope."""
        with away_as_refusal():
            row = await self.pool.fetchrow(query("find_matter"), scope.district, scope.street, application_id)
        if row is None:
            return None
        key = FileKey(row["district"], row["street"], row["application_id"])
        return FoundMatter(key, row["applicant_index"], row["decided"])

    async def messages(self, key: FileKey) -> list[ListedMessage]:
        """Its messages in the order of its stages."""
        async with scoped(self.pool, key.scope) as connection:
            rows = await connection.fetch(query("list_messages"), key.district, key.street, key.file_id)
        return [ListedMessage(**{**row, "state": MessageState(row["state"])}) for row in rows]

    async def phone(self, key: FileKey) -> str:
        """The number of its messages; empty when none is known."""
        wrapped_key, texts = await self.store.texts(key)
        if wrapped_key is None or APPLICANT not in texts:
            return ""
        return recipient_of(self.vault, key, wrapped_key, texts[APPLICANT]).phone
