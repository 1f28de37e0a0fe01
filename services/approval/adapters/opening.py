"""What the settings name, opened: the vault, the key of passes."""

from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault.keys import Keyring
from chassis.vault.vault import FileVault
from services.approval.adapters.passes import SignedPasses
from services.approval.settings import ApprovalSettings


def vault_of(settings: ApprovalSettings) -> FileVault:
    """The vault of what desks typed."""
    return FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))


def passes_of(settings: ApprovalSettings) -> SignedPasses:
    """Signs passes to the applicant's details."""
    key_file = WatchedFile(settings.read_pass_private_key_file, LOOK_SECONDS)
    return SignedPasses(key_file, settings.read_pass_minutes, settings.package_pass_days)
