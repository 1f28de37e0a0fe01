"""Development keys, made once per home: real keys of the real kinds, worth nothing outside this folder."""

import json
import os
import secrets
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.clock import real_seconds
from embedded.home import Home, write_whole

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

_YEAR = 366 * 86_400


def provide(home: Home) -> None:
    """Makes the keys that are missing; what is there stays, for the vault is encrypted with it."""
    if not (home.keys / TOKEN_ISSUER).exists():
        _make_issuer(home.keys)
    if not (home.keys / VAULT).exists():
        _keep(home.keys / VAULT, json.dumps({"current": 1, "keys": {"1": _random()}, "index": _random()}))
    for name in (PEPPER, POSTGRES_PASSWORD):
        if not (home.keys / name).exists():
            _keep(home.keys / name, secrets.token_hex(32))
    if not (home.keys / SEAL_PRIVATE).exists():
        _make_pair(home.keys, x25519.X25519PrivateKey.generate(), (SEAL_PRIVATE, SEAL_PUBLIC))
    if not (home.keys / READ_PASS_PRIVATE).exists():
        _make_pair(home.keys, ec.generate_private_key(ec.SECP256R1()), (READ_PASS_PRIVATE, READ_PASS_PUBLIC))
    system: dict[str, object] = {"sub": "district-system", "machine": "DISTRICT_SYSTEM", "place": "*"}
    _keep(home.keys / DISTRICT_TOKEN, sign(home, system, _YEAR))


def read(home: Home, name: str) -> str:
    """The text of one key file."""
    return (home.keys / name).read_text().strip()


def sign(home: Home, claims: dict[str, object], seconds: float) -> str:
    """A token with these claims, signed by the issuer of this home and valid for so many real seconds."""
    key = ECKey.import_key(json.loads(read(home, TOKEN_ISSUER)))
    now = int(real_seconds())
    whole = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + int(seconds), **claims}
    return jwt.encode({"alg": "ES256", "kid": KEY_ID}, whole, key)


def _make_issuer(folder: Path) -> None:
    key = ECKey.generate_key("P-256", {"kid": KEY_ID, "alg": "ES256", "use": "sig"})
    _keep(folder / JWKS, json.dumps({"keys": [key.as_dict(private=False)]}))
    _keep(folder / TOKEN_ISSUER, json.dumps(key.as_dict(private=True)))


def _make_pair(
    folder: Path, private: x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey, names: tuple[str, str]
) -> None:
    closed = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    opened = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _keep(folder / names[1], opened.decode())
    _keep(folder / names[0], closed.decode())


def _random() -> str:
    return b64encode(os.urandom(32)).decode()


def _keep(path: Path, text: str) -> None:
    write_whole(path, f"{text.rstrip()}\n", mode=0o600)
