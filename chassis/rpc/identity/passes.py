"""Short-lived signed passes: one service permits the bearer a read at another, without a call between the two.

Keys are PEM, Ed25519 or P-256; the algorithm follows the key, never the token.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from chassis.refusals import NotPermitted

_LENGTH_LIMIT = 8 * 1024
_BAD_PASS = "调阅凭据无效或已过期。"

Key = ECKey | OKPKey


class BadPass(NotPermitted):
    """The pass has a wrong signature or has expired; which of these is not told."""

    default = _BAD_PASS
    field = "read_pass"


def sign(claims: Mapping[str, Any], private_key: bytes, expires: float) -> str:
    """A pass with `claims`, valid until `expires` (seconds since 1970, real time)."""
    key = _key(private_key)
    return jwt.encode({"alg": _algorithm(key)}, {**claims, "exp": int(expires)}, key, algorithms=[_algorithm(key)])


def verify(token: str, public_key: bytes, now: float) -> Mapping[str, Any]:
    """Claims of a pass; raises BadPass when it is forged, or expired at `now` (seconds since 1970, real time)."""
    key = _key(public_key)
    if len(token) > _LENGTH_LIMIT:
        raise BadPass
    try:
        claims = jwt.decode(token, key, algorithms=[_algorithm(key)]).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        raise BadPass from None
    expires = claims.get("exp")
    if not isinstance(expires, int) or now >= expires:
        raise BadPass
    return claims


def _algorithm(key: Key) -> str:
    return "Ed25519" if isinstance(key, OKPKey) else "ES256"


@lru_cache(maxsize=16)
def _key(pem: bytes) -> Key:
    for kind in (OKPKey, ECKey):
        try:
            return kind.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
    raise ValueError("the key of passes is neither Ed25519 nor P-256")
