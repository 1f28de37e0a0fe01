"""What was heard of matters, by the rows of notify; row level security keeps every query to its scope."""

from dataclasses import dataclass
from uuid import UUID

from chassis.event_store import FileKey, Scope, Store
from chassis.postgres.database import Pool, away_as_refusal, scoped
from chassis.vault import FileVault
from services.notify.adapters.envelopes import APPLICANT, applicant_of
from services.notify.adapters.queries import query
from services.notify.domain.words import NoticeState
from services.notify.ports import HeardMatter, ListedNotice


@dataclass(frozen=True, slots=True)
class MatterRows:
    """The lists of the service, over the pool of calls."""

    pool: Pool
    store: Store
    vault: FileVault

    async def find(self, scope: Scope, application_id: UUID) -> HeardMatter | None:
        """The matter, if the scope reaches it."""
        with away_as_refusal():
            row = await self.pool.fetchrow(query("matter"), scope.district, scope.street, application_id)
        if row is None:
            return None
        key = FileKey(row["district"], row["street"], row["application_id"])
        return HeardMatter(key, row["applicant_index"], row["decided"])

    async def notices(self, key: FileKey) -> list[ListedNotice]:
        """Its messages in the order of its stages."""
        async with scoped(self.pool, key.scope) as connection:
            rows = await connection.fetch(query("notices"), key.district, key.street, key.file_id)
        return [ListedNotice(**{**row, "state": NoticeState(row["state"])}) for row in rows]

    async def phone(self, key: FileKey) -> str:
        """The number its messages go to; empty when none is known."""
        wrapped, closed = await self.store.texts(key)
        if wrapped is None or APPLICANT not in closed:
            return ""
        return applicant_of(self.vault, key, wrapped, closed[APPLICANT]).phone
