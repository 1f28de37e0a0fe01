"""Keys of intake at work: the vault of applicants, digests, envelopes for notify, read passes, electronic papers."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from onewindow.sealed.v1.envelope_pb2 import Envelope

from chassis.clock import real_seconds
from chassis.event_store import FileKey, Store
from chassis.refusals import Away, NotFound
from chassis.rpc.identity import passes
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault import FileVault, Keyring, code_digest, derive_query_code, objects, seal_to
from chassis.vault.objects import Objects, path_of
from protocol import identifiers
from protocol.envelope import APPLICANT, DECLINE, bound_place, correction_kind, encode_envelope
from protocol.query_codes import WrongCodes, require_code
from services.intake.domain.application.applicant import People, ReadPass, mask_number
from services.intake.settings import IntakeSettings

_ENCRYPTION_BYTES = 64
"""Bytes that encryption adds to a paper."""


@dataclass(frozen=True, slots=True)
class VaultSecrets:
    """Digests, blind indexes and query codes by the vault's own key."""

    vault: FileVault
    pepper: WatchedFile
    wrong_codes: WrongCodes

    def digest(self, text: str) -> str:
        """Keyed digest of a text, hex."""
        return self.vault.keyed_digest(text).hex()

    def index(self, identity_number: str) -> str:
        """Blind index of an identity number, hex: equal numbers have equal indexes."""
        return self.vault.blind_index(identity_number, identifiers.IDENTITY_NUMBER).hex()

    def query_code(self, key: FileKey) -> str:
        """Query code of an application.

        Its secret is derived for each file from the vault's key alone: the digest of the code is in the first fact,
        before the file has a data key, and a repeat of the submission on another replica answers the same code.
        """
        return derive_query_code(self.vault.blind_index(str(key.file_id), identifiers.QUERY_CODE), key.file_id)

    def require_code(self, key: FileKey, shown: str) -> None:
        """Pass the query code of an application; raises WrongQueryCode, TooManyCalls."""
        require_code(shown, partial(self._is_code, key, shown), key.file_id, self.wrong_codes)

    def query_code_digest(self, key: FileKey) -> str:
        """Stored digest of the query code, hex."""
        return code_digest(self.pepper.read(), key.file_id, self.query_code(key)).hex()

    def _is_code(self, key: FileKey, shown: str) -> bool:
        return hmac.compare_digest(shown.upper().encode(), self.query_code(key).encode())


@dataclass(frozen=True, slots=True)
class SealedEnvelopes:
    """Seals envelopes to notify's public key, each bound to its matter; without that key it seals none."""

    public_key: WatchedFile | None

    def applicant(self, key: FileKey, people: People, index: str, query_code: str) -> bytes | None:
        """The person's details that notify needs for documents and messages."""
        applicant = people.applicant
        content = Envelope(
            kind=APPLICANT,
            name=applicant.name,
            phone=applicant.phone,
            address=applicant.address,
            agent=people.agent.name if people.agent else "",
            identity_masked=mask_number(applicant.identity_number),
            identity_index=index,
            query_code=query_code,
        )
        return self._sealed(key, content)

    def correction(self, key: FileKey, texts: Mapping[str, str], supplement: int = 0) -> bytes | None:
        """The texts of a correction notice, or of its n-th supplement, by their names in the fact."""
        return self._sealed(key, Envelope(kind=correction_kind(supplement), texts=texts))

    def decline(self, key: FileKey, texts: Mapping[str, str]) -> bytes | None:
        """The texts of a non-acceptance, by their names in the fact."""
        return self._sealed(key, Envelope(kind=DECLINE, texts=texts))

    def _sealed(self, key: FileKey, content: Envelope) -> bytes | None:
        if self.public_key is None:
            return None
        return seal_to(self.public_key.read(), encode_envelope(key, content), bound_place(key))


@dataclass(frozen=True, slots=True)
class ReadPassKey:
    """Verifies read passes by approval's public key."""

    public_key: WatchedFile | None

    def claims(self, read_pass: str) -> ReadPass:
        """Claims of the pass; raises BadPass for a foreign or expired one, Away without approval's key."""
        if self.public_key is None:
            raise Away("未配置阅卷凭证的验证公钥。")
        claims = passes.verify(read_pass, self.public_key.read(), real_seconds())
        try:
            return ReadPass(
                str(claims["application_id"]),
                UUID(str(claims["case_id"])),
                str(claims["bearer"]),
                at_district=claims.get("leg") == "DISTRICT",
                kind=str(claims.get("kind", "")),
                street=str(claims.get("street", "")),
                revision=int(claims.get("revision", 0)),
            )
        except (KeyError, TypeError, ValueError):
            raise passes.BadPass from None


@dataclass(frozen=True, slots=True)
class EncryptedPapers:
    """Electronic papers in the object store, each encrypted with the data key of its application.

    A paper is stored under the digest of its bytes, so that a repeat writes the same object.
    """

    files: Store
    vault: FileVault
    objects: Objects

    async def store(self, key: FileKey, name: str, content: bytes) -> None:
        """Store the content under a name; raises NotFound for a file that does not exist, TooLarge, Away."""
        wrapped, _ = await self.files.texts(key)
        if wrapped is None:
            raise NotFound("未找到该申请。")
        _, encrypted = self.vault.seal(key, wrapped, {name: content})
        await self.objects.put(path_of(key, name), encrypted[name])


def vault_of(settings: IntakeSettings) -> FileVault:
    """The vault of the applicants."""
    return FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))


def secrets_of(settings: IntakeSettings, vault: FileVault) -> VaultSecrets:
    """Digests, indexes and query codes."""
    pepper = WatchedFile(settings.query_code_pepper_file, LOOK_SECONDS)
    return VaultSecrets(vault, pepper, WrongCodes.limited(settings))


def envelopes_of(settings: IntakeSettings) -> SealedEnvelopes:
    """Envelopes to notify."""
    return SealedEnvelopes(_watched(settings.seal_public_key_file))


def passes_of(settings: IntakeSettings) -> ReadPassKey:
    """Passes that approval signed."""
    return ReadPassKey(_watched(settings.read_pass_public_key_file))


def objects_of(settings: IntakeSettings) -> Objects:
    """The object store of the papers."""
    most = settings.object_bytes + _ENCRYPTION_BYTES
    return objects.opened(settings.objects_url, most, _watched(settings.objects_credentials_file))


def _watched(path: Path | None) -> WatchedFile | None:
    return WatchedFile(path, LOOK_SECONDS) if path else None
