"""Certificate, key and authorities in mounted files, adopted together and only when they belong together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from chassis.settings.watched_file import FileAway, UnusableFile, WatchedFile

_AS_DER = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pems:
    """Own certificate and key of one side of a TLS connection, and its trusted authorities; as PEM, or None."""

    certificate: bytes | None
    key: bytes | None
    authority: bytes | None


class IdentityFiles:
    """The three files of one side. An incomplete replacement changes nothing."""

    def __init__(
        self, certificate: Path | None, key: Path | None, authority: Path | None, look_seconds: float = 0.0
    ) -> None:
        self._files = [WatchedFile(path, look_seconds) if path else None for path in (certificate, key, authority)]
        self._pems = self._read()

    @property
    def pems(self) -> Pems:
        """Files as last adopted."""
        return self._pems

    def replaced(self) -> Pems | None:
        """Files as mounted now, where they were replaced and belong together; else None."""
        if not any(file.changed() for file in self._files if file is not None):
            return None
        try:
            pems = self._read()
        except (UnusableFile, FileAway) as error:
            _log.warning("certificate_not_taken_over", reason=str(error))
            return None
        if pems == self._pems:
            return None
        self._pems = pems
        _log.info("certificate_replaced")
        return pems

    def _read(self) -> Pems:
        """Raises UnusableFile with the file's name, and FileAway."""
        pems = Pems(*(None if file is None else file.read() for file in self._files))
        _refuse(pems, [str(file.path) if file else "" for file in self._files])
        return pems


def _refuse(pems: Pems, names: Sequence[str]) -> None:
    if pems.authority is not None:
        _certificates(pems.authority, names[2])
    if pems.certificate is None or pems.key is None:
        return
    try:
        key = load_pem_private_key(pems.key, None).public_key()
    except (ValueError, TypeError) as error:
        raise UnusableFile(f"{names[1]} is no PEM key without a password") from error
    shown = _certificates(pems.certificate, names[0])[0].public_key()
    if shown.public_bytes(*_AS_DER) != key.public_bytes(*_AS_DER):
        raise UnusableFile(f"{names[1]} is not the key of {names[0]}")


def _certificates(pem: bytes, name: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise UnusableFile(f"{name} holds no PEM certificate") from error
