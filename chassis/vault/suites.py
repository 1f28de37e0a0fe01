"""Cipher suites of the vault; the id of the suite is the first byte of every ciphertext.

Both are authenticated: a ciphertext opens only whole, with its own key, and at the place it was encrypted for.
"""

import os
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
"""Bytes of a data key and of a vault key; a suite may use fewer."""

_NONCE_BYTES = 12
_TAG_BYTES = 16
_SM4_KEY_BYTES = 16


class Tampered(Exception):
    """A ciphertext was changed, moved to another place or name, or encrypted with another key."""


class Suite(Protocol):
    """An authenticated cipher."""

    @property
    def id(self) -> int:
        """Byte that names the suite in every ciphertext; it never changes."""

    @property
    def name(self) -> str:
        """Name of the suite in the key file."""

    def close(self, key: bytes, text: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext of `text`, bound to `place`."""

    def open(self, key: bytes, closed: bytes, place: bytes) -> bytes:
        """Plaintext of a ciphertext. Raises Tampered."""


class Aes256Gcm:
    """AES with 256 bits in Galois counter mode."""

    id = 1
    name = "AES-256-GCM"

    def close(self, key: bytes, text: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext of `text`, bound to `place`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, text, place)

    def open(self, key: bytes, closed: bytes, place: bytes) -> bytes:
        """Plaintext of a ciphertext. Raises Tampered."""
        if len(closed) < _NONCE_BYTES + _TAG_BYTES:
            raise Tampered
        try:
            return AESGCM(key).decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], place)
        except InvalidTag:
            raise Tampered from None


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois counter mode: the suite of sites under GB/T 39786."""

    id = 2
    name = "SM4-GCM"

    def close(self, key: bytes, text: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext of `text`, bound to `place`; the first 128 bits of `key` are used."""
        nonce = os.urandom(_NONCE_BYTES)
        encryptor = Cipher(algorithms.SM4(key[:_SM4_KEY_BYTES]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place)
        return nonce + encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def open(self, key: bytes, closed: bytes, place: bytes) -> bytes:
        """Plaintext of a ciphertext. Raises Tampered."""
        if len(closed) < _NONCE_BYTES + _TAG_BYTES:
            raise Tampered
        nonce, tag = closed[:_NONCE_BYTES], closed[-_TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(key[:_SM4_KEY_BYTES]), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place)
        try:
            return decryptor.update(closed[_NONCE_BYTES:-_TAG_BYTES]) + decryptor.finalize()
        except InvalidTag:
            raise Tampered from None


SUITES: Final[tuple[Suite, ...]] = (Aes256Gcm(), Sm4Gcm())
_BY_ID: Final = {suite.id: suite for suite in SUITES}


def named_suite(name: str) -> Suite:
    """Suite of this name. Raises KeyError for an unknown one."""
    return {suite.name: suite for suite in SUITES}[name]


def suite_of(closed: bytes) -> Suite:
    """Suite whose id is the first byte of a ciphertext. Raises Tampered for an unknown one."""
    suite = _BY_ID.get(closed[0]) if closed else None
    if suite is None:
        raise Tampered
    return suite
