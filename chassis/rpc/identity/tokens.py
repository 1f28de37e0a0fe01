"""Access tokens of the single sign-on: signature, issuer, audience and times, then the caller.

Claims: `sub` staff number, `unit`, `posts` (names of the contract's posts without prefix), `lines` (without the claim
every line, with an empty one none), `place` (nine digits; the district's own ends in 000). A system's token has
`machine` instead of posts, may have place "*" unless it works at one street, and `destinations`, those whose referrals
a district system works on.
A claim that is there and does not fit, null among them, makes the whole token void; one that is absent does not count.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from chassis.clock import real_seconds
from chassis.refusals import Unauthenticated
from chassis.rpc.identity.caller import ANY_PLACE, EVERY_STREET, Caller, PlaceRules, is_street, level_of
from chassis.rpc.identity.key_sets import KeySource

ALGORITHMS = ("ES256", "RS256")

_LENGTH_LIMIT = 8 * 1024
_TEXT_LIMIT = 64
"""Signs of a number, unit, post or line, as desk.v1.Actor has them."""
_DESTINATION_LIMIT = 40
_LATEST = 2**53
"""The greatest number that every reader of JSON reads alike."""
_WIDE_BLANK = "\u3000"
_UNREADABLE = (JoseError, ValueError, TypeError, RecursionError)
"""Errors of the library with a token that is none; claims nested too deep end in the last."""


@dataclass(frozen=True, slots=True)
class ExpectedClaims:
    """Claims that a token must have, the seconds by which the issuer's clock may differ from ours, and places."""

    issuer: str
    audience: str
    district: str
    skew_seconds: float = 30.0
    places: PlaceRules = ANY_PLACE


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
        except _UNREADABLE:
            raise Unauthenticated from None

    def _believed(self, claims: Mapping[str, Any]) -> tuple[Caller, float]:
        expected, now = self._expected, real_seconds()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != expected.issuer or expected.audience not in audiences or not _all_fit(claims):
            raise Unauthenticated
        expires, begins = float(claims["exp"]), float(claims.get("nbf", 0))
        if now >= expires + expected.skew_seconds or now < begins - expected.skew_seconds:
            raise Unauthenticated
        return _caller(claims, expected), expires + expected.skew_seconds

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
    return isinstance(value, str) and 0 < len(value) <= _TEXT_LIMIT and value.isprintable() and " " not in value


def is_plain(value: object, limit: int = _TEXT_LIMIT) -> bool:
    """True for a text of at most `limit` signs, each of them visible or a blank within a line."""
    return isinstance(value, str) and len(value) <= limit and value.replace(_WIDE_BLANK, " ").isprintable()


def _signed(token: str, keys: KeySet) -> Mapping[str, Any]:
    return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims


def _signed_or_refused(token: str, keys: KeySet) -> Mapping[str, Any]:
    try:
        return _signed(token, keys)
    except _UNREADABLE:
        raise Unauthenticated from None


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LATEST <= value <= _LATEST


def _are_plain(value: object, limit: int = _TEXT_LIMIT) -> bool:
    return isinstance(value, list) and all(is_plain(entry, limit) for entry in value)


_FITS: Mapping[str, Callable[[object], bool]] = {
    "exp": _is_time,
    "nbf": _is_time,
    "sub": is_name,
    "place": is_name,
    "machine": lambda value: value == "" or is_name(value),
    "unit": is_plain,
    "posts": _are_plain,
    "lines": _are_plain,
    "destinations": lambda value: _are_plain(value, _DESTINATION_LIMIT),
}
"""Rule of each claim that is read; `iss` and `aud` are compared with the expected ones instead."""
_REQUIRED = frozenset({"exp", "sub", "place"})


def _all_fit(claims: Mapping[str, Any]) -> bool:
    """True when every claim that is there fits its rule, and those that every token has are there."""
    return claims.keys() >= _REQUIRED and all(fits(claims[name]) for name, fits in _FITS.items() if name in claims)


def _caller(claims: Mapping[str, Any], expected: ExpectedClaims) -> Caller:
    district, place, system = expected.district, claims["place"], claims.get("machine", "")
    machine = bool(system)
    if not ((machine and place == EVERY_STREET) or is_street(place, district)):
        raise Unauthenticated
    street = expected.places.street_of(system, place, district)
    if not expected.places.fits(system, street):
        raise Unauthenticated
    return Caller(
        subject=claims["sub"],
        machine=machine,
        posts=frozenset() if machine else frozenset(claims.get("posts", ())),
        district=district,
        street=street,
        level=level_of(street),
        unit=claims.get("unit", ""),
        lines=tuple(claims["lines"]) if "lines" in claims and not machine else None,
        system=system,
        destinations=frozenset(claims["destinations"]) if "destinations" in claims else None,
    )
