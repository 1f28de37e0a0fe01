"""The code with which a resident asks for progress: random to everyone, written on the receipt, stored as a digest."""

import hmac
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I and L: a code is read out over the telephone."""
LENGTH = 8

_READ_AS = str.maketrans("", "", " -")


def derive_query_code(text_key: bytes, file_id: UUID) -> str:
    """The query code of a file: eight characters that nobody can tell without the file's data key."""
    number = int.from_bytes(hmac.digest(text_key, b"query code" + file_id.bytes, "sha256"), "big")
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def code_digest(pepper: bytes, file_id: UUID, code: str) -> bytes:
    """What is stored of a query code; small letters, spaces and hyphens of who typed it do not matter."""
    written = code.translate(_READ_AS).upper()
    return hmac.digest(pepper, file_id.bytes + written.encode(), "sha256")


def is_query_code(pepper: bytes, file_id: UUID, code: str, digest: bytes) -> bool:
    """Whether `code` is the one whose digest is stored, in the same time for any wrong one."""
    return hmac.compare_digest(code_digest(pepper, file_id, code), digest)
