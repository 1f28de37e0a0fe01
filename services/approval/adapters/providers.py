"""Providers by the settings: the vault of typed texts, and signed passes to the applicant's details."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.clock import real_seconds
from chassis.event_store import FileKey
from chassis.rpc.identity import passes
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault.keys import Keyring
from chassis.vault.vault import FileVault
from law.desk import Actor
from services.approval.domain.case.state import Case
from services.approval.settings import ApprovalSettings

_MINUTE, _DAY = 60, 86_400


@dataclass(frozen=True, slots=True)
class CasePasses:
    """Signs passes for one bearer, one case and a limited time; a replaced key file is read again."""

    key_file: WatchedFile
    desk_minutes: int
    package_days: int

    def for_desk(self, key: FileKey, case: Case, bearer: Actor) -> str:
        """A pass for the member of staff who takes a step with the next fact of the case."""
        holder = {"bearer": bearer.staff_no, "kind": "staff", "street": bearer.place.street}
        return self._signed(key, case, holder | {"revision": case.revision + 1}, self.desk_minutes * _MINUTE)

    def for_package(self, key: FileKey, case: Case, bearer: str) -> str:
        """A pass for the district's system, in the package it receives."""
        holder = {"bearer": bearer, "kind": "machine", "street": ""}
        return self._signed(key, case, holder | {"revision": case.revision}, self.package_days * _DAY)

    def _signed(self, key: FileKey, case: Case, holder: Mapping[str, object], seconds: int) -> str:
        claims = {
            "application_id": str(case.application_id),
            "case_id": str(key.file_id),
            "leg": case.leg.name,
            **holder,
            "materials": sorted({paper.sha256 for paper in case.materials if paper.sha256}),
        }
        return passes.sign(claims, self.key_file.read(), real_seconds() + seconds)


def vault_of(settings: ApprovalSettings) -> FileVault:
    """The vault of typed texts."""
    return FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))


def passes_of(settings: ApprovalSettings) -> CasePasses:
    """The signer of passes to the applicant's details."""
    key_file = WatchedFile(settings.read_pass_private_key_file, LOOK_SECONDS)
    return CasePasses(key_file, settings.read_pass_minutes, settings.package_pass_days)
