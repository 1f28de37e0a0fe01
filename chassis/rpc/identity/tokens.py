"""Access tokens of the single sign-on: signature, issuer, audience and times, then the caller.

Claims: `sub` staff number, `unit`, `posts` (names of the contract's posts without prefix), `lines` (without the claim
every line, with an empty one none), `place` (nine digits; the district's own ends in 000). A system's token has
`machine` instead of posts, may have place "*", and `destinations`, those whose referrals a district system works on.
"""

import hashlib
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from chassis.clock import real_seconds
from chassis.refusals import Unauthenticated
from chassis.rpc.identity.caller import EVERY_STREET, Caller, is_street, level_of, street_of_system
from chassis.rpc.identity.key_sets import KeySource

ALGORITHMS = ("ES256", "RS256")

_LENGTH_LIMIT = 8 * 1024


@dataclass(frozen=True, slots=True)
class ExpectedClaims:
    """Claims that a token must have, and the seconds by which the issuer's clock may differ from ours."""

    issuer: str
    audience: str
    district: str
    skew_seconds: float = 30.0


class TokenVerifier:
    """Verifies tokens once and caches their callers until they expire, at most `remembered` of them."""

    def __init__(self, source: KeySource, expected: ExpectedClaims, remembered: int = 4096) -> None:
        self._source = source
        self._expected = expected
        self._limit = remembered
        self._known: OrderedDict[bytes, tuple[Caller, float]] = OrderedDict()
        self._keys: KeySet | None = None

    async def caller(self, token: str) -> Caller:
        """Caller with this token; raises Unauthenticated without the reason."""
        keys = await self._source.keys()
        if keys is not self._keys:  # rotated: tokens verified with an old key are verified again
            self._known.clear()
            self._keys = keys
        mark = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        if (known := self._known.get(mark)) is not None:
            return self._unless_expired(mark, *known)
        caller, expires = self._believed(await self._claims(token, keys))
        self._remember(mark, caller, expires)
        return caller

    async def _claims(self, token: str, keys: KeySet) -> Mapping[str, Any]:
        if len(token) > _LENGTH_LIMIT:
            raise Unauthenticated
        try:
            return _signed(token, keys)
        except InvalidKeyIdError:
            return _signed_or_refused(token, await self._source.look_again())
        except (JoseError, ValueError, TypeError):
            raise Unauthenticated from None

    def _believed(self, claims: Mapping[str, Any]) -> tuple[Caller, float]:
        expected, now = self._expected, real_seconds()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires, begins = claims.get("exp"), claims.get("nbf", 0)
        if claims.get("iss") != expected.issuer or expected.audience not in audiences:
            raise Unauthenticated
        if not _is_time(expires) or not _is_time(begins):
            raise Unauthenticated
        if now >= expires + expected.skew_seconds or now < begins - expected.skew_seconds:
            raise Unauthenticated
        return _caller(claims, expected.district), expires + expected.skew_seconds

    def _unless_expired(self, mark: bytes, caller: Caller, expires: float) -> Caller:
        if real_seconds() >= expires:
            del self._known[mark]
            raise Unauthenticated
        self._known.move_to_end(mark)
        return caller

    def _remember(self, mark: bytes, caller: Caller, expires: float) -> None:
        self._known[mark] = (caller, expires)
        if len(self._known) > self._limit:
            self._known.popitem(last=False)


def is_name(value: object) -> bool:
    """True for a staff number or the name of a system: visible signs alone, so that no two look alike."""
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable() and " " not in value


def _signed(token: str, keys: KeySet) -> Mapping[str, Any]:
    return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims


def _signed_or_refused(token: str, keys: KeySet) -> Mapping[str, Any]:
    try:
        return _signed(token, keys)
    except (JoseError, ValueError, TypeError):
        raise Unauthenticated from None


def _caller(claims: Mapping[str, Any], district: str) -> Caller:
    subject, place, system = claims.get("sub"), claims.get("place"), claims.get("machine", "")
    machine = bool(system)
    if not (is_name(subject) and isinstance(system, str) and _is_place(place, district, machine)):
        raise Unauthenticated
    street = street_of_system(system, str(place), district)
    return Caller(
        subject=str(subject),
        machine=machine,
        posts=frozenset() if machine else frozenset(_texts(claims, "posts")),
        district=district,
        street=street,
        level=level_of(street),
        unit=str(claims.get("unit", "")),
        lines=None if machine or claims.get("lines") is None else tuple(_texts(claims, "lines")),
        system=system,
        destinations=frozenset(_texts(claims, "destinations")) if "destinations" in claims else None,
    )


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_place(value: object, district: str, machine: bool) -> bool:
    if value == EVERY_STREET:
        return machine
    return isinstance(value, str) and is_street(value, district)


def _texts(claims: Mapping[str, Any], name: str) -> list[str]:
    listed = claims.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(entry, str) for entry in listed):
        raise Unauthenticated
    return listed
