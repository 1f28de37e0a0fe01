"""A pass is believed while it lasts, if who signs passes signed it."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey

from chassis.rpc.identity.passes import BadPass, sign, verify


def pair(kind: str) -> tuple[bytes, bytes]:
    private = Ed25519PrivateKey.generate() if kind == "Ed25519" else generate_private_key(SECP256R1())
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


@pytest.fixture(params=["Ed25519", "P-256"])
def keys(request: pytest.FixtureRequest) -> tuple[bytes, bytes]:
    """A pair of either kind."""
    return pair(request.param)


def test_a_pass_says_what_was_signed_until_its_end(keys: tuple[bytes, bytes]) -> None:
    token = sign({"case": "c-1", "materials": ["ab"]}, keys[0], expires=1000)
    said = verify(token, keys[1], now=999)
    assert (said["case"], said["materials"]) == ("c-1", ["ab"])
    with pytest.raises(BadPass):
        verify(token, keys[1], now=1000)


@pytest.mark.parametrize("other", ["Ed25519", "P-256"])
def test_a_pass_of_another_signer_is_refused(keys: tuple[bytes, bytes], other: str) -> None:
    with pytest.raises(BadPass):
        verify(sign({"case": "c-1"}, pair(other)[0], expires=1000), keys[1], now=1)


def test_a_changed_or_unsigned_pass_is_refused(keys: tuple[bytes, bytes]) -> None:
    header, claims, signature = sign({"case": "c-1"}, keys[0], expires=1000).split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    for forged in (
        f"{header}.{claims}x.{signature}",
        f"{unsigned}.{claims}.",
        f"{unsigned}.{claims}.{signature}",
        "",
        "…",
    ):
        with pytest.raises(BadPass):
            verify(forged, keys[1], now=1)


def test_claims_nested_without_end_are_no_pass() -> None:
    private, public = pair("P-256")
    token = jws.serialize_compact({"alg": "ES256"}, "[" * 3000, ECKey.import_key(private))
    with pytest.raises(BadPass):
        verify(token, public, now=1)
