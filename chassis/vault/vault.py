"""Encrypts the texts of a file with its own data key, which is stored wrapped by the vault's key.

A ciphertext is bound to district, street, file and name: a copy at another place does not open. A wrapped key is
suite id, key version (two bytes), nonce, ciphertext; a text is suite id, nonce, ciphertext.
"""

import hmac
import os
from collections import OrderedDict
from collections.abc import Mapping
from uuid import UUID

from chassis.event_store import FileKey
from chassis.vault.keys import Keyring
from chassis.vault.suites import KEY_BYTES, Tampered, suite_of

_VERSION = slice(1, 3)
_WRAPPED_FROM = 3

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I and L: codes are read out over the telephone."""
CODE_LENGTH = 8

_IGNORED_SIGNS = str.maketrans("", "", " -")


class FileVault:
    """Vault of one service; it caches at most `remembered` unwrapped data keys."""

    def __init__(self, keyring: Keyring, remembered: int = 4096) -> None:
        self._keyring = keyring
        self._limit = remembered
        self._opened: OrderedDict[tuple[FileKey, bytes], bytes] = OrderedDict()

    def seal(self, key: FileKey, wrapped: bytes | None, texts: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
        """Wrapped data key (a new one where `wrapped` is None) and ciphertexts by name. Raises Tampered."""
        if wrapped is None:
            wrapped, text_key = self._new_key(key)
        else:
            text_key = self._text_key(key, wrapped)
        suite = self._keyring.now().suite
        head = bytes([suite.id])
        return wrapped, {name: head + suite.close(text_key, text, _place(key, name)) for name, text in texts.items()}

    def open(self, key: FileKey, wrapped: bytes, texts: Mapping[str, bytes]) -> dict[str, bytes]:
        """Plaintexts by name. Raises Tampered when one was changed or belongs elsewhere."""
        text_key = self._text_key(key, wrapped)
        return {name: suite_of(closed).open(text_key, closed[1:], _place(key, name)) for name, closed in texts.items()}

    def rewrap(self, key: FileKey, wrapped: bytes) -> bytes:
        """The same data key, wrapped by the current version of the vault's key and suite; texts are not changed."""
        return self._wrap(key, self._text_key(key, wrapped))

    def forget(self, key: FileKey) -> None:
        """Drops the file's unwrapped keys from the cache, because its wrapped key was destroyed."""
        for remembered in [entry for entry in self._opened if entry[0] == key]:
            del self._opened[remembered]

    def query_code(self, key: FileKey, wrapped: bytes) -> str:
        """Query code of the file: eight characters for its receipt, the same each time, gone with the file's key."""
        return derive_query_code(self._text_key(key, wrapped), key.file_id)

    def blind_index(self, value: str, purpose: str) -> bytes:
        """32 bytes by which equal values (identity numbers) match without being readable."""
        return self._keyring.keyed(f"index {purpose}", value.encode())

    def keyed_digest(self, text: str | bytes) -> bytes:
        """32 bytes by which a fact proves the content of a text without holding it."""
        return self._keyring.keyed("text", text.encode() if isinstance(text, str) else text)

    def _new_key(self, key: FileKey) -> tuple[bytes, bytes]:
        text_key = os.urandom(KEY_BYTES)
        wrapped = self._wrap(key, text_key)
        self._remember((key, wrapped), text_key)
        return wrapped, text_key

    def _wrap(self, key: FileKey, text_key: bytes) -> bytes:
        ring = self._keyring.now()
        closed = ring.suite.close(ring.keys[ring.current], text_key, _place(key, ""))
        return bytes([ring.suite.id]) + ring.current.to_bytes(2, "big") + closed

    def _text_key(self, key: FileKey, wrapped: bytes) -> bytes:
        vault_key = self._keyring.now().keys.get(key_version(wrapped))
        if vault_key is None:  # also for a data key that was opened before: a key that was taken away opens nothing
            raise Tampered
        entry = (key, bytes(wrapped))
        if (known := self._opened.get(entry)) is not None:
            self._opened.move_to_end(entry)
            return known
        text_key = suite_of(wrapped).open(vault_key, wrapped[_WRAPPED_FROM:], _place(key, ""))
        self._remember(entry, text_key)
        return text_key

    def _remember(self, entry: tuple[FileKey, bytes], text_key: bytes) -> None:
        self._opened[entry] = text_key
        if len(self._opened) > self._limit:
            self._opened.popitem(last=False)


def derive_query_code(text_key: bytes, file_id: UUID) -> str:
    """Query code of a file: eight characters that cannot be guessed without the file's data key."""
    number = int.from_bytes(hmac.digest(text_key, b"query code" + file_id.bytes, "sha256"), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[letter])
    return "".join(letters)


def code_digest(pepper: bytes, file_id: UUID, code: str) -> bytes:
    """Digest of a query code as stored; case, spaces and hyphens do not matter."""
    normal = code.translate(_IGNORED_SIGNS).upper()
    return hmac.digest(pepper, file_id.bytes + normal.encode(), "sha256")


def is_query_code(pepper: bytes, file_id: UUID, code: str, digest: bytes) -> bool:
    """True when the stored digest is that of `code`; takes the same time for every wrong code."""
    return hmac.compare_digest(code_digest(pepper, file_id, code), digest)


def key_version(wrapped: bytes) -> int:
    """Version of the vault's key by which a data key is wrapped; a rotation rewraps keys of older versions."""
    return int.from_bytes(wrapped[_VERSION], "big")


def _place(key: FileKey, name: str) -> bytes:
    return "\0".join((key.district, key.street, str(key.file_id), name)).encode()
