"""Sealed envelopes of intake: opened with notify's own key and stored encrypted in notify's own vault."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.event_store import Append, FileKey
from chassis.inbox import InboxEvent, InboxTransaction, Subscription
from chassis.nats.streams import Stream
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, open_sealed
from protocol import streams
from protocol.envelope import APPLICANT, KIND, bound_place, decode_envelope
from services.notify.domain.template.text import Recipient


@dataclass(frozen=True, slots=True)
class EnvelopeStore:
    """Applies the sealed stream, in which revisions leave gaps and envelopes are taken in any order."""

    private_key: WatchedFile
    vault: FileVault
    clock: Clock

    async def apply(self, tx: InboxTransaction, events: Sequence[InboxEvent]) -> None:
        """Store the contents of envelopes. Raises NotForUs, WrongEnvelope."""
        opened: dict[FileKey, dict[str, bytes]] = {}
        for event in events:
            name, content = self._opened(event)
            opened.setdefault(event.key, {})[name] = content
        keys = list(opened)
        changes = []
        for key, file in zip(keys, await tx.load_many(keys), strict=True):
            file_key, texts = self.vault.seal(key, file.file_key, opened[key])
            new_key = file_key if file.file_key is None else None
            changes.append(Append(key, file.revision, file.head, [], texts=texts, file_key=new_key))
        await tx.append_many(changes, self.clock.now())

    def _opened(self, event: InboxEvent) -> tuple[str, bytes]:
        """The name under which the content is stored, and the content."""
        content = open_sealed([self.private_key.read()], event.body, bound_place(event.key))
        return decode_envelope(event.key, content).kind, content


def sealed_subscription(envelopes: EnvelopeStore) -> Subscription:
    """Envelopes with the applicants of matters, taken in any order."""
    stream = Stream(streams.SEALED).name
    return Subscription(streams.NOTIFY, stream, streams.SEALED, envelopes.apply, [KIND], ordered=False)


def recipient_of(vault: FileVault, key: FileKey, wrapped_key: bytes, ciphertext: bytes) -> Recipient:
    """The applicant by the stored content of the envelope. Raises Tampered, WrongEnvelope."""
    envelope = decode_envelope(key, vault.open(key, wrapped_key, {APPLICANT: ciphertext})[APPLICANT])
    return Recipient(envelope.name, envelope.identity_masked, envelope.phone, envelope.query_code)
