"""Envelopes from intake: opened with notify's own key, and kept closed again in notify's own vault."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.event_store import Append, FileKey
from chassis.inbox import InboxEvent, InboxTransaction
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, open_sealed
from services.notify.domain.dossier import Applicant

KINDS = ["envelope"]
APPLICANT = "applicant"
"""Name of the text in a dossier's vault that says whose matter it is; corrections and declines lie beside it."""


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Hears the sealed stream, in which revisions leave gaps and envelopes come as they are."""

    private_key: WatchedFile
    vault: FileVault
    clock: Clock

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Keep what the envelopes say; raises NotForUs, or ValueError for one that belongs to another matter."""
        told: dict[FileKey, dict[str, bytes]] = {}
        for event in events:
            name, text = self._opened(event)
            told.setdefault(event.key, {})[name] = text
        keys = list(told)
        loaded = await tx.load_many(keys)
        changes = []
        for key, file in zip(keys, loaded, strict=True):
            file_key, texts = self.vault.seal(key, file.file_key, told[key])
            new_key = file_key if file.file_key is None else None
            changes.append(Append(key, file.revision, file.head, [], texts=texts, file_key=new_key))
        await tx.append_many(changes, self.clock.now())

    def _opened(self, event: InboxEvent) -> tuple[str, bytes]:
        key = event.key
        place = f"{key.district}/{key.street}/{key.file_id}".encode()
        payload = open_sealed([self.private_key.read()], event.body, place)
        told = json.loads(payload)
        if told["application_id"] != str(key.file_id):
            raise ValueError("the envelope is of another matter")
        return str(told["kind"]), payload


def applicant_of(vault: FileVault, key: FileKey, wrapped: bytes, closed: bytes) -> Applicant:
    """Whose matter it is, by the text kept from the envelope; raises Tampered."""
    told: Mapping[str, str] = json.loads(vault.open(key, wrapped, {APPLICANT: closed})[APPLICANT])
    return Applicant(told["name"], told.get("identity_masked", ""), told.get("phone", ""), told["query_code"])
