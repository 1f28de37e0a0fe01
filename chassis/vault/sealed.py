"""Sealed envelopes for personal texts between services: X25519, HKDF-SHA256, AES-256-GCM.

Layout: version (one byte), mark of the addressee's key (four), sender's ephemeral key (32), nonce (12), ciphertext.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

_VERSION = b"\x01"
_MARK = slice(1, 5)
_EPHEMERAL = slice(5, 37)
_NONCE = slice(37, 49)
_CLOSED = slice(49, None)


class NotForUs(Exception):
    """The envelope was changed, belongs to another place, or is addressed to an unknown key."""


def seal_to(public_key: bytes, payload: bytes, place: bytes) -> bytes:
    """Envelope with `payload` for the holder of the private key of `public_key` (PEM, X25519), bound to `place`."""
    addressee = _public(public_key)
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    key = _agreed(ephemeral.exchange(addressee), sender, addressee.public_bytes_raw())
    nonce = os.urandom(12)
    head = _VERSION + _mark(addressee) + sender
    return head + nonce + AESGCM(key).encrypt(nonce, payload, head + place)


def open_sealed(private_keys: Sequence[bytes], envelope: bytes, place: bytes) -> bytes:
    """Payload of an envelope addressed to one of `private_keys` (PEM, older ones too). Raises NotForUs."""
    for private_key in private_keys:
        holder = _private(private_key)
        if envelope[:1] == _VERSION and envelope[_MARK] == _mark(holder.public_key()):
            return _opened(holder, envelope, place)
    raise NotForUs


def _opened(holder: X25519PrivateKey, envelope: bytes, place: bytes) -> bytes:
    sender, nonce = envelope[_EPHEMERAL], envelope[_NONCE]
    try:
        shared = holder.exchange(X25519PublicKey.from_public_bytes(sender))
        key = _agreed(shared, sender, holder.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, envelope[_CLOSED], envelope[: _EPHEMERAL.stop] + place)
    except (InvalidTag, ValueError):
        raise NotForUs from None


def _agreed(shared: bytes, sender: bytes, addressee: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=sender + addressee, info=b"onewindow sealed 1").derive(shared)


def _mark(key: X25519PublicKey) -> bytes:
    return hashlib.sha256(key.public_bytes_raw()).digest()[:4]


@lru_cache(maxsize=16)
def _public(pem: bytes) -> X25519PublicKey:
    key = load_pem_public_key(pem)
    if not isinstance(key, X25519PublicKey):
        raise ValueError("the sealing key is not an X25519 public key")
    return key


@lru_cache(maxsize=16)
def _private(pem: bytes) -> X25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, X25519PrivateKey):
        raise ValueError("the sealing key is not an X25519 private key")
    return key
