"""Development keys, made once per stack, and the tokens they sign: of the real kinds, worth nothing outside its folder.

Tokens look as those of the district's single sign-on; the services of this stack alone believe them.
"""

import json
import os
import secrets
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.clock import real_seconds
from chassis.rpc.identity.tokens import is_name
from embedded.data_dir import DataDir, write_whole
from embedded.errors import StackError

ISSUER = "https://sso.onewindow.invalid"
AUDIENCE = "onewindow"
KEY_ID = "embedded-1"

TOKEN_ISSUER = "token_issuer.json"
JWKS = "jwks.json"
VAULT = "vault.json"
PEPPER = "query_code_pepper"
SEAL_PRIVATE, SEAL_PUBLIC = "seal_private.pem", "seal_public.pem"
READ_PASS_PRIVATE, READ_PASS_PUBLIC = "read_pass_private.pem", "read_pass_public.pem"
POSTGRES_PASSWORD = "postgres_password"
DISTRICT_TOKEN = "district_token"

HOURS = 12
"""Hours a token of a member of staff is valid: longer than a working day, by the real clock."""
_YEAR = 366 * 86_400
_WHOLE_DISTRICT = "000"
_PLACE_DIGITS = 9


def provide(data_dir: DataDir) -> None:
    """Makes the keys that are missing; existing ones stay, for the vault is encrypted with them."""
    if not (data_dir.keys / TOKEN_ISSUER).exists():
        _make_issuer(data_dir.keys)
    if not (data_dir.keys / VAULT).exists():
        _write(data_dir.keys / VAULT, json.dumps({"current": 1, "keys": {"1": _random()}, "index": _random()}))
    for name in (PEPPER, POSTGRES_PASSWORD):
        if not (data_dir.keys / name).exists():
            _write(data_dir.keys / name, secrets.token_hex(32))
    if not (data_dir.keys / SEAL_PRIVATE).exists():
        _make_pair(data_dir.keys, x25519.X25519PrivateKey.generate(), (SEAL_PRIVATE, SEAL_PUBLIC))
    if not (data_dir.keys / READ_PASS_PRIVATE).exists():
        _make_pair(data_dir.keys, ec.generate_private_key(ec.SECP256R1()), (READ_PASS_PRIVATE, READ_PASS_PUBLIC))
    system: dict[str, object] = {"sub": "district-system", "machine": "DISTRICT_SYSTEM", "place": "*"}
    _write(data_dir.keys / DISTRICT_TOKEN, sign(data_dir, system, _YEAR))


def read(data_dir: DataDir, name: str) -> str:
    """The text of one key file."""
    return (data_dir.keys / name).read_text().strip()


def sign(data_dir: DataDir, claims: dict[str, object], seconds: float) -> str:
    """A token with these claims, signed by the issuer of this stack and valid for so many real seconds."""
    key = ECKey.import_key(json.loads(read(data_dir, TOKEN_ISSUER)))
    now = int(real_seconds())
    whole = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + int(seconds), **claims}
    return jwt.encode({"alg": "ES256", "kid": KEY_ID}, whole, key)


def staff_token(data_dir: DataDir, staff: str, posts: Sequence[str], place: str, lines: Sequence[str] = ()) -> str:
    """A token of a member of staff, of every line where none is named.

    `place` is a street (nine digits) or a district (six). Raises StackError, also for a number that no service takes.
    """
    if not is_name(staff):
        raise StackError(f"staff：应为1至64个可见字符的工号，不是 {staff!r}")
    claims: dict[str, object] = {
        "sub": staff,
        "posts": [post.upper() for post in posts],
        "place": whole_place(place),
        "unit": whole_place(place),
    }
    if lines:
        claims["lines"] = list(lines)
    return _signed(data_dir, claims)


def system_token(data_dir: DataDir, subject: str, machine: str, place: str = "*") -> str:
    """A token of a system that calls on its own behalf, such as DISTRICT_SYSTEM or PORTAL; by default for all streets.

    Raises StackError where no stack was ever brought up.
    """
    return _signed(data_dir, {"sub": subject, "machine": machine.upper(), "place": place})


def whole_place(code: str) -> str:
    """Nine digits: a district's six are filled up with its own 000. Raises StackError on anything else."""
    whole = code + _WHOLE_DISTRICT if len(code) == _PLACE_DIGITS - len(_WHOLE_DISTRICT) else code
    if len(whole) != _PLACE_DIGITS or not whole.isascii() or not whole.isdigit():
        raise StackError(f"place：应为街道九位代码或区六位代码，不是 {code!r}")
    return whole


def _signed(data_dir: DataDir, claims: dict[str, object]) -> str:
    if not (data_dir.keys / TOKEN_ISSUER).exists():
        raise StackError("这里没有签发令牌的密钥，请先执行 onewindow up；正式环境的令牌由区统一认证签发")
    return sign(data_dir, claims, HOURS * 3600)


def _make_issuer(folder: Path) -> None:
    key = ECKey.generate_key("P-256", {"kid": KEY_ID, "alg": "ES256", "use": "sig"})
    _write(folder / JWKS, json.dumps({"keys": [key.as_dict(private=False)]}))
    _write(folder / TOKEN_ISSUER, json.dumps(key.as_dict(private=True)))


def _make_pair(
    folder: Path, private: x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey, names: tuple[str, str]
) -> None:
    secret_half = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public_half = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write(folder / names[1], public_half.decode())
    _write(folder / names[0], secret_half.decode())


def _random() -> str:
    return b64encode(os.urandom(32)).decode()


def _write(path: Path, text: str) -> None:
    write_whole(path, f"{text.rstrip()}\n", mode=0o600)
