"""Passes to the applicant's details at intake, signed for one bearer, one case and a short time."""

from dataclasses import dataclass

from chassis.clock import real_seconds
from chassis.event_store import FileKey
from chassis.rpc.identity import passes
from chassis.settings.watched_file import WatchedFile
from services.approval.domain.case import Case

_MINUTE, _DAY = 60, 86_400


@dataclass(frozen=True, slots=True)
class SignedPasses:
    """Signs with the service's own key, which is read again when it is replaced."""

    key_file: WatchedFile
    desk_minutes: int
    package_days: int

    def for_desk(self, key: FileKey, case: Case, bearer: str) -> str:
        """A pass for the member of staff who took a step."""
        return self._signed(key, case, bearer, self.desk_minutes * _MINUTE)

    def for_package(self, key: FileKey, case: Case, bearer: str) -> str:
        """A pass for the district's system, in the package it receives."""
        return self._signed(key, case, bearer, self.package_days * _DAY)

    def _signed(self, key: FileKey, case: Case, bearer: str, seconds: int) -> str:
        claims = {
            "application_id": str(case.application_id),
            "case_id": str(key.file_id),
            "leg": case.leg.name,
            "bearer": bearer,
            "materials": sorted({paper.sha256 for paper in case.materials if paper.sha256}),
        }
        return passes.sign(claims, self.key_file.read(), real_seconds() + seconds)
