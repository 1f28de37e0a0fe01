"""What the settings name, opened: the clock, the pools of both roles, the keys, the object store."""

from pathlib import Path

from chassis import objects
from chassis.clock import Clock, OfficeClock, RealClock
from chassis.database import PoolSettings
from chassis.objects import Objects
from chassis.settings import ClockKind
from chassis.vault import FileVault, Keyring
from chassis.watched_file import WatchedFile
from services.intake.settings import IntakeSettings

from .secrets import Envelopes, SignedPasses, VaultSecrets

_CLOSING_BYTES = 64
"""What closing a paper adds to it."""


def clock_of(settings: IntakeSettings) -> Clock:
    """The clock that gives the legal day."""
    if settings.clock is ClockKind.OFFICE and settings.clock_file is not None:
        return OfficeClock(settings.clock_file)
    return RealClock()


def database_of(settings: IntakeSettings, role: str) -> PoolSettings:
    """How a role reaches the service's database."""
    password = settings.database_password_file
    return PoolSettings(
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
        user=role,
        password=WatchedFile(password).text() if password else None,
        connections=settings.database_pool,
        statement_timeout=settings.database_timeout_seconds,
    )


def vault_of(settings: IntakeSettings) -> FileVault:
    """The vault of the applicants."""
    return FileVault(Keyring(WatchedFile(settings.vault_key_file)))


def secrets_of(settings: IntakeSettings, vault: FileVault) -> VaultSecrets:
    """Digests, indexes and query codes."""
    return VaultSecrets(vault, WatchedFile(settings.query_code_pepper_file))


def sealing_of(settings: IntakeSettings) -> Envelopes:
    """Envelopes to notify."""
    return Envelopes(_watched(settings.seal_public_key_file))


def passes_of(settings: IntakeSettings) -> SignedPasses:
    """Passes that approval signed."""
    return SignedPasses(_watched(settings.read_pass_public_key_file))


def objects_of(settings: IntakeSettings) -> Objects:
    """Where papers lie."""
    most = settings.object_bytes + _CLOSING_BYTES
    return objects.opened(settings.objects_url, most, _watched(settings.objects_credentials_file))


def _watched(path: Path | None) -> WatchedFile | None:
    return WatchedFile(path) if path else None
