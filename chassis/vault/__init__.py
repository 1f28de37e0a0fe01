"""Vault of personal texts: one data key for each file, wrapped by the vault's key; a destroyed key erases the file."""

from chassis.vault.keys import Keyring, KeysUnreadable
from chassis.vault.sealed import NotForUs, open_sealed, seal_to
from chassis.vault.suites import Tampered
from chassis.vault.vault import FileVault, code_digest, derive_query_code, is_query_code

__all__ = [
    "FileVault",
    "Keyring",
    "KeysUnreadable",
    "NotForUs",
    "Tampered",
    "code_digest",
    "derive_query_code",
    "is_query_code",
    "open_sealed",
    "seal_to",
]
