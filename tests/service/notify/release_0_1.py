"""Release 0.1 of notify on the tables of this one: its function `keep_told`, with the rows that its code gave it."""

import json
from collections.abc import Mapping, Sequence

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent, InboxTransaction
from services.notify.adapters.matter.project_approval import project_approval
from services.notify.adapters.matter.project_intake import project_intake
from services.notify.domain.document.receipt import receipt_due
from services.notify.domain.facts import DocumentKind
from services.notify.domain.matter import UNKNOWN_MATTER, joined, messages_wanted
from services.notify.domain.message.plan_messages import after_report
from services.notify.domain.message.sending_time import SendingHours
from services.notify.domain.message.state import MatterMessages
from services.notify.domain.stage_reports import AcceptanceStage, PublishedItem, StageReport
from tests.service.notify.room import Room

Row = dict[str, object]

_KEEP_TOLD = "select * from keep_told($1, $2, $3, $4, $5, $6, $7)"


class FirstRelease:
    """Applies events as release 0.1 did: one call of its function for a batch, all rules inside."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def receive(self, *events: InboxEvent) -> None:
        """Apply events of one source in a transaction."""
        async with self._room.pool.acquire() as connection, connection.transaction():
            await self.apply(InboxTransaction(connection), events)

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Apply events of one source in this transaction."""
        items, matters, notices, tasks = list[Row](), dict[FileKey, Row](), list[Row](), list[Row]()
        touched: dict[FileKey, None] = {}
        for event in events:
            projected = (project_intake if event.source == "intake" else project_approval)(event)
            if isinstance(projected, PublishedItem):
                items.append(_item(event.key, projected))
            elif isinstance(projected, StageReport):
                key = FileKey(event.key.district, event.key.street, projected.application_id)
                touched[key] = None
                if row := _matter(projected):
                    matters.setdefault(key, _place(key)).update(row)
                notices += _notices(key, projected)
                tasks += _tasks(key, projected)
        keys = list(touched)
        place = [key.district for key in keys], [key.street for key in keys], [key.file_id for key in keys]
        rows = [items, list(matters.values()), notices, tasks]
        await tx.fetch(_KEEP_TOLD, *[json.dumps(each, default=str) if each else None for each in rows], *place)


def _matter(report: StageReport) -> Row:
    """The columns that the stage itself names; every other one stays as it is."""
    known = joined(UNKNOWN_MATTER, report.stage)
    named = {name: getattr(known, name) for name in known.__dataclass_fields__}
    return {name: value for name, value in named.items() if value != getattr(UNKNOWN_MATTER, name)}


def _notices(key: FileKey, report: StageReport) -> list[Row]:
    messages = after_report(MatterMessages(), report, SendingHours()).messages.values()
    return [
        _place(key)
        | {
            "notice_id": each.message_id,
            "template": each.template,
            "phase": each.rank.phase.value,
            "stage_revision": each.rank.revision,
            "stage_on": each.plan.stage_on.isoformat(),
            "particulars": each.plan.particulars,
            "next_at": each.plan.not_before.isoformat(),
        }
        for each in messages
        if each.plan is not None
    ]


def _tasks(key: FileKey, report: StageReport) -> list[Row]:
    stage = report.stage
    if not receipt_due(stage) or not isinstance(stage, AcceptanceStage):
        return []
    item = {"item_code": stage.item_code, "item_version": stage.item_version}
    return [_place(key) | item | {"kind": DocumentKind.RECEIPT.value, "revision": report.rank.revision}]


def _item(key: FileKey, item: PublishedItem) -> Row:
    names: Mapping[str, object] = {"code": item.code, "version": item.version, "name": item.name}
    return {
        "district": key.district,
        "street": key.street,
        **names,
        "sensitive": item.sensitive,
        "sms": messages_wanted(item),
        "materials": item.materials,
    }


def _place(key: FileKey) -> Row:
    return {"district": key.district, "street": key.street, "application_id": key.file_id}
