"""With what a service is looked through: its database, its vault's keys, its store of objects, where it stands."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import Field

from chassis.audit import AuditedService, AuditLimits, AuditTarget
from chassis.settings.servers import MountedFile
from chassis.settings.service import EnvironmentSettings
from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring, KeysUnreadable, objects
from embedded import keys
from embedded.settings import StackSettings
from operations.errors import CommandError
from operations.workers import Worker, in_a_pod
from services.approval.adapters.auditing import AUDITED as APPROVAL
from services.intake.adapters.auditing import AUDITED as INTAKE
from services.metrics.adapters.maintenance import AUDITED as METRICS
from services.notify.adapters.auditing import AUDITED as NOTIFY

AUDITED: Mapping[str, AuditedService] = {each.source: each for each in (INTAKE, APPROVAL, NOTIFY, METRICS)}
"""What an audit knows of each service."""

_ANY_BYTES = 1 << 30
"""Nothing is written, so that no limit of a service matters."""


class VaultSettings(EnvironmentSettings):
    """What a service's own pod is told of its vault and of its objects."""

    vault_key_file: MountedFile | None = Field(
        default=None, description="JSON file with the versions of the vault's key."
    )
    objects_url: str | None = Field(
        default=None, pattern=r"^(file|s3|memory)://", description="Where materials lie: file://, s3:// or memory://."
    )
    objects_credentials_file: MountedFile | None = Field(
        default=None, description="JSON file with the S3 client's own settings (access_key_id, endpoint …)."
    )


@asynccontextmanager
async def means_of(worker: Worker, limits: AuditLimits, *, contents: bool) -> AsyncIterator[AuditTarget]:
    """The means of one service for a while. Raises CommandError where keys cannot be read."""
    told = VaultSettings.load() if in_a_pod() else _here()
    async with worker.pool() as pool:
        yield AuditTarget(pool, _vault(told.vault_key_file), _objects(told), contents, limits)


def _vault(file: Path | None) -> FileVault | None:
    try:
        return FileVault(Keyring(WatchedFile(file))) if file else None
    except KeysUnreadable as error:
        raise CommandError(f"保险箱密钥文件不能用：{error}") from error


def _objects(told: VaultSettings) -> objects.Objects | None:
    if told.objects_url is None or told.objects_url.startswith("memory://"):
        return None  # what lies in another's memory nobody can look at
    credentials = told.objects_credentials_file
    return objects.opened(told.objects_url, _ANY_BYTES, WatchedFile(credentials) if credentials else None)


def _here() -> VaultSettings:
    home = StackSettings.load().place()
    return VaultSettings.model_validate(
        {"vault_key_file": home.keys / keys.VAULT, "objects_url": home.objects.as_uri()}
    )
