"""The ciphers a text may be closed with; the suite's id is the first byte of whatever it closed.

Both are authenticated: a ciphertext opens only whole, with its own key and at the place it was closed for.
"""

import os
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
"""Bytes of a data key and of a vault key, whatever the suite takes of them."""

_NONCE_BYTES = 12
_TAG_BYTES = 16
_SM4_KEY_BYTES = 16


class Tampered(Exception):
    """A ciphertext was changed, moved to another place or name, or closed with another key."""


class Suite(Protocol):
    """An authenticated cipher."""

    @property
    def id(self) -> int:
        """The byte that names it in every ciphertext, for ever."""

    @property
    def name(self) -> str:
        """Its name in the key file."""

    def close(self, key: bytes, text: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext of `text`, bound to `place`."""

    def open(self, key: bytes, closed: bytes, place: bytes) -> bytes:
        """What `close` was given; raises Tampered."""


class Aes256Gcm:
    """AES with 256 bits in Galois counter mode."""

    id = 1
    name = "AES-256-GCM"

    def close(self, key: bytes, text: bytes, place: bytes) -> bytes:
        """Nonce and ciphertext of `text`, bound to `place`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, text, place)

    def open(self, key: bytes, closed: bytes, place: bytes) -> bytes:
        """What `close` was given; raises Tampered."""
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
        """Nonce and ciphertext of `text`, bound to `place`; of `key` the first 128 bits are taken."""
        nonce = os.urandom(_NONCE_BYTES)
        closing = Cipher(algorithms.SM4(key[:_SM4_KEY_BYTES]), modes.GCM(nonce)).encryptor()
        closing.authenticate_additional_data(place)
        return nonce + closing.update(text) + closing.finalize() + closing.tag

    def open(self, key: bytes, closed: bytes, place: bytes) -> bytes:
        """What `close` was given; raises Tampered."""
        if len(closed) < _NONCE_BYTES + _TAG_BYTES:
            raise Tampered
        nonce, tag = closed[:_NONCE_BYTES], closed[-_TAG_BYTES:]
        opening = Cipher(algorithms.SM4(key[:_SM4_KEY_BYTES]), modes.GCM(nonce, tag)).decryptor()
        opening.authenticate_additional_data(place)
        try:
            return opening.update(closed[_NONCE_BYTES:-_TAG_BYTES]) + opening.finalize()
        except InvalidTag:
            raise Tampered from None


SUITES: Final[tuple[Suite, ...]] = (Aes256Gcm(), Sm4Gcm())


def named_suite(name: str) -> Suite:
    """The suite of this name; raises KeyError for any other."""
    return {suite.name: suite for suite in SUITES}[name]


def suite_of(closed: bytes) -> Suite:
    """The suite whose id stands before a ciphertext; raises Tampered for an unknown one."""
    suite = _BY_ID.get(closed[0]) if closed else None
    if suite is None:
        raise Tampered
    return suite


_BY_ID: Final = {suite.id: suite for suite in SUITES}
