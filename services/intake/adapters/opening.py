"""What the settings name, opened: the keys, the object store."""

from pathlib import Path

from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault import FileVault, Keyring, objects
from chassis.vault.objects import Objects
from services.intake.adapters.secrets import Envelopes, SignedPasses, VaultSecrets
from services.intake.settings import IntakeSettings

_CLOSING_BYTES = 64
"""What closing a paper adds to it."""


def vault_of(settings: IntakeSettings) -> FileVault:
    """The vault of the applicants."""
    return FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))


def secrets_of(settings: IntakeSettings, vault: FileVault) -> VaultSecrets:
    """Digests, indexes and query codes."""
    return VaultSecrets(vault, WatchedFile(settings.query_code_pepper_file, LOOK_SECONDS))


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
    return WatchedFile(path, LOOK_SECONDS) if path else None
