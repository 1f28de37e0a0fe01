"""Messages that are still to come, in PostgreSQL."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

import asyncpg

from chassis.event_store import FileKey
from chassis.inbox import InboxTransaction
from chassis.postgres.database import Pool
from chassis.vault import FileVault
from services.notify.adapters.envelopes import applicant_of
from services.notify.adapters.filing import Filing
from services.notify.adapters.queries import query
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import Fact, NoticeFailed, NoticeSent
from services.notify.domain.tell import tell
from services.notify.domain.wording import Matter
from services.notify.domain.words import NoticeState
from services.notify.ports import DueNotice, EndedNotice, PutOffNotice


class NoticeTable:
    """The table `message`, by the worker."""

    def __init__(self, pool: Pool, filing: Filing, vault: FileVault) -> None:
        self._pool = pool
        self._filing = filing
        self._vault = vault

    async def take(self, now: datetime, limit: int) -> list[DueNotice]:
        """Those whose turn has come, marked as being sent and committed before this returns."""
        return [self._due(row) for row in await self._pool.fetch(query("take_notices"), now, limit)]

    async def hold(self, now: datetime, until: datetime) -> None:
        """What would go out now is held until then."""
        await self._pool.execute(query("hold_notices"), now, until)

    async def settle(self, ended: Sequence[EndedNotice], put_off: Sequence[PutOffNotice]) -> None:
        """Write what became of them: the facts of all that ended in one transaction."""
        by_dossier: dict[FileKey, list[NoticeSent | NoticeFailed]] = defaultdict(list)
        for one in ended:
            by_dossier[one.key].append(one.fact)

        async def beside(tx: InboxTransaction) -> None:
            if ended:
                await tx.execute(query("end_notices"), *_columns([_end_row(one) for one in ended]))
            if put_off:
                await tx.execute(query("put_off_notices"), *_columns([_put_off_row(one) for one in put_off]))

        await self._filing.put({key: _told(facts) for key, facts in by_dossier.items()}, beside)

    def _due(self, row: asyncpg.Record) -> DueNotice:
        key = FileKey(row["district"], row["street"], row["application_id"])
        applicant = applicant_of(self._vault, key, row["wrapped"], row["ciphertext"])
        return DueNotice(
            key=key,
            notice_id=row["message_id"],
            template=row["template"],
            tries=row["tries"],
            uncertain=row["uncertain"],
            matter=Matter(row["item_name"], row["sensitive"], row["number"], applicant.query_code),
            phone=applicant.phone,
            particulars=json.loads(row["particulars"]),
        )


def _told(facts: Sequence[NoticeSent | NoticeFailed]) -> Callable[[Dossier], list[Fact]]:
    return lambda dossier: [fact for ended in facts for fact in tell(dossier, ended)]


def _end_row(one: EndedNotice) -> tuple[object, ...]:
    fact = one.fact
    end: tuple[object, ...] = (NoticeState.FAILED.value, None, "", "")
    if isinstance(fact, NoticeSent):
        end = (NoticeState.SENT.value, fact.occurred_on, fact.gateway_id, fact.template_version)
    return (*_place(one.key), fact.notice_id, *end)


def _put_off_row(one: PutOffNotice) -> tuple[object, ...]:
    return (*_place(one.key), one.notice_id, one.uncertain, one.again_at, one.real_seconds)


def _place(key: FileKey) -> tuple[object, ...]:
    return key.district, key.street, key.file_id


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
