"""Development tokens, as the district's single sign-on would issue them; only a home's own issuer key signs them."""

from collections.abc import Sequence

from embedded import keys
from embedded.errors import StackError
from embedded.home import Home

HOURS = 12
"""How long a member of staff stays signed in: longer than a working day, by the real clock."""
_WHOLE_DISTRICT = "000"
_PLACE_DIGITS = 9


def staff_token(home: Home, staff: str, posts: Sequence[str], place: str, lines: Sequence[str] = ()) -> str:
    """A token of a member of staff. `place` is a street (nine digits) or a district (six). Raises StackError."""
    claims: dict[str, object] = {
        "sub": staff,
        "posts": [post.upper() for post in posts],
        "place": whole_place(place),
        "unit": whole_place(place),
        "lines": list(lines),
    }
    return _signed(home, claims)


def system_token(home: Home, subject: str, machine: str, place: str = "*") -> str:
    """A token of a system that calls on its own behalf, such as DISTRICT_SYSTEM or PORTAL; by default for all streets.

    Raises StackError where no stack was ever brought up.
    """
    return _signed(home, {"sub": subject, "machine": machine.upper(), "place": place})


def whole_place(code: str) -> str:
    """Nine digits: a district's six are filled up with its own 000. Raises StackError on anything else."""
    whole = code + _WHOLE_DISTRICT if len(code) == _PLACE_DIGITS - len(_WHOLE_DISTRICT) else code
    if len(whole) != _PLACE_DIGITS or not whole.isascii() or not whole.isdigit():
        raise StackError(f"place：应为街道九位代码或区六位代码，不是 {code!r}")
    return whole


def _signed(home: Home, claims: dict[str, object]) -> str:
    if not (home.keys / keys.TOKEN_ISSUER).exists():
        raise StackError("这里没有签发令牌的密钥，请先执行 onewindow up；正式环境的令牌由区统一认证签发")
    return keys.sign(home, claims, HOURS * 3600)
