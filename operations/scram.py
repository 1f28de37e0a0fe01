"""What proves a password to PostgreSQL, made here: the password itself reaches no server and no server's log."""

import hmac
import os
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256

from operations.errors import CommandError

_ROUNDS = 4096


def verifier(password: str, salt: bytes = b"") -> str:
    """The SCRAM-SHA-256 verifier of a password (RFC 5803). Raises CommandError where its letters need preparing."""
    if not (password.isascii() and password.isprintable()):
        raise CommandError("数据库口令只能用可见的英文字母、数字和符号")
    salt = salt or os.urandom(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = sha256(_keyed(salted, b"Client Key")).digest()
    server = _keyed(salted, b"Server Key")
    return f"SCRAM-SHA-256${_ROUNDS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _keyed(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, sha256).digest()


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
