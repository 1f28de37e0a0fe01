"""Query code of a file, with which a resident reads the progress: printed on the receipt, stored as a digest."""

import hmac
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I and L: codes are read out over the telephone."""
LENGTH = 8

_IGNORED_SIGNS = str.maketrans("", "", " -")


def derive_query_code(text_key: bytes, file_id: UUID) -> str:
    """Query code of a file: eight characters that cannot be guessed without the file's data key."""
    number = int.from_bytes(hmac.digest(text_key, b"query code" + file_id.bytes, "sha256"), "big")
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def code_digest(pepper: bytes, file_id: UUID, code: str) -> bytes:
    """Digest of a query code as stored; case, spaces and hyphens do not matter."""
    normal = code.translate(_IGNORED_SIGNS).upper()
    return hmac.digest(pepper, file_id.bytes + normal.encode(), "sha256")


def is_query_code(pepper: bytes, file_id: UUID, code: str, digest: bytes) -> bool:
    """True when the stored digest is that of `code`; takes the same time for every wrong code."""
    return hmac.compare_digest(code_digest(pepper, file_id, code), digest)
