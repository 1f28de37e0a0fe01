"""Keys of the vault by version, from a mounted JSON file that is read again when it is replaced.

{"current": 2, "keys": {"1": base64, "2": base64}, "suite": "AES-256-GCM" or "SM4-GCM", "digest": "SHA256" or "SM3",
"index": base64}. Keys have 32 bytes. The last three may be left out; without "index" the lowest version takes its
place and must then never leave the file, nor may "digest" change once something was indexed.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from chassis.settings.watched_file import UnusableFile, WatchedFile
from chassis.vault.suites import KEY_BYTES, Suite, named_suite

_DIGESTS: dict[str, type[HashAlgorithm]] = {"SHA256": SHA256, "SM3": SM3}
_log = structlog.get_logger(__name__)


class KeysUnreadable(UnusableFile):
    """The key file does not match its description; the message names the mistake, never a key."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Content of the key file."""

    current: int
    keys: Mapping[int, bytes]
    suite: Suite
    digest: HashAlgorithm
    index: bytes
    """Key of every keyed digest; it never changes, so that equal values keep equal digests."""


class Keyring:
    """Keys of the vault as mounted now; after an unreadable replacement the last ones stay valid."""

    def __init__(self, file: WatchedFile) -> None:
        self._file = file
        self._read = _parsed(file)

    def now(self) -> KeyFile:
        """Keys to encrypt and decrypt with."""
        if self._file.changed():
            try:
                self._read = _parsed(self._file)
            except KeysUnreadable as error:
                _log.error("vault keys unreadable", reason=str(error))
        return self._read

    def keyed(self, purpose: str, value: bytes) -> bytes:
        """Keyed digest of `value` for `purpose`: 32 bytes, the same under every version of the vault's key."""
        read = self.now()
        return mac(read.digest, read.index, purpose.encode() + b"\0" + value)


def mac(digest: HashAlgorithm, key: bytes, value: bytes) -> bytes:
    """HMAC of `value`."""
    made = HMAC(key, digest)
    made.update(value)
    return made.finalize()


def _parsed(file: WatchedFile) -> KeyFile:
    try:
        content = json.loads(file.read())
        keys = {int(version): b64decode(key, validate=True) for version, key in content["keys"].items()}
        root = b64decode(content["index"], validate=True) if "index" in content else keys[min(keys)]
        digest = _DIGESTS[content.get("digest", "SHA256")]()
        read = KeyFile(
            current=int(content["current"]),
            keys=keys,
            suite=named_suite(content.get("suite", "AES-256-GCM")),
            digest=digest,
            index=mac(digest, root, b"onewindow index"),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise KeysUnreadable(f"{file.path}, the vault's keys: {type(error).__name__}") from None
    if read.current not in keys or any(len(key) != KEY_BYTES for key in [*keys.values(), root]):
        raise KeysUnreadable(f"{file.path}, the vault's keys: current must be among the keys, each of 32 bytes")
    return read
