"""What a fact may know of what a person typed, what a receipt shows of it, and what only notify may open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.clock import real_seconds
from chassis.event_store import FileKey
from chassis.refusals import Away
from chassis.rpc.identity import passes
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, code_digest, derive_query_code, seal_to
from services.intake.domain.read_applicant import ReadPass

IDENTITY = "identity number"
"""The purpose of the blind index, which every service that looks for a person uses."""


@dataclass(frozen=True, slots=True)
class VaultSecrets:
    """Digests and codes by the vault's own key."""

    vault: FileVault
    pepper: WatchedFile

    def digest(self, text: str) -> str:
        """The keyed digest of a text, hex."""
        return self.vault.keyed_digest(text).hex()

    def index(self, identity_number: str) -> str:
        """The blind index of an identity number, hex: equal numbers have equal indexes."""
        return self.vault.blind_index(identity_number, IDENTITY).hex()

    def query_code(self, key: FileKey) -> str:
        """The query code of an application.

        From a secret of its own for each file that needs no data key: the digest stands in the first fact, before
        the file has one, and a repeat of the submission on another replica tells the same code.
        """
        return derive_query_code(self.vault.blind_index(str(key.file_id), "query code"), key.file_id)

    def query_code_digest(self, key: FileKey) -> str:
        """What is stored of the query code, hex."""
        return code_digest(self.pepper.read(), key.file_id, self.query_code(key)).hex()


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Envelopes to notify's public key, bound to "district/street/application_id".

    The payload is JSON, {"v": 1, "kind": …, "application_id": …} and, by kind: "applicant" with name, phone, address,
    agent, identity_masked, identity_index, query_code; "correction" and "decline" with texts, by their names in the
    facts (correction.<material_code>, decline.reason,
    decline.proper_organ).
    """

    public_key: WatchedFile | None

    def seal(self, key: FileKey, told: Mapping[str, object]) -> bytes | None:
        """The envelope of a file; None where no key of notify is set."""
        if self.public_key is None:
            return None
        payload = {"v": 1, "application_id": str(key.file_id), **told}
        place = f"{key.district}/{key.street}/{key.file_id}".encode()
        return seal_to(self.public_key.read(), json.dumps(payload, ensure_ascii=False).encode(), place)


@dataclass(frozen=True, slots=True)
class SignedPasses:
    """Passes that approval signed with its own key."""

    public_key: WatchedFile | None

    def believed(self, read_pass: str) -> ReadPass:
        """What the pass says; raises BadPass when it is not approval's or has run out, Away without approval's key."""
        if self.public_key is None:
            raise Away("未配置阅卷凭证的验证公钥。")
        claims = passes.verify(read_pass, self.public_key.read(), real_seconds())
        try:
            return ReadPass(str(claims["application_id"]), str(claims["case_id"]), str(claims["bearer"]))
        except KeyError:
            raise passes.BadPass from None
