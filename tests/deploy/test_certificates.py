"""Certificates for trying out, while a rotation has reached one pod and not yet another."""

from base64 import b64encode
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from tools.cluster import dev_secrets
from tools.cluster.dev_certificates import Authorities

SHOWN = "onewindow-intake-tls"


def _certificates(pem: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem.encode())


def _believes(mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether the certificate of one is by an authority that the other names."""
    [shown] = _certificates(theirs["tls.crt"])
    for authority in _certificates(mine["ca.crt"]):
        try:
            shown.verify_directly_issued_by(authority)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _kept(secrets: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each["stringData"] for each in secrets}


def _rotated(made: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    held = {name: b64encode(text.encode()).decode() for name, text in made["onewindow-dev-authority"].items()}
    return _kept(dev_secrets.rotated({"data": held}))


def test_those_before_and_after_a_rotation_believe_each_other_and_nobody_a_rotation_further() -> None:
    first = _kept(dev_secrets.everything())
    second = _rotated(first)
    third = _rotated(second)
    shown = [each[SHOWN] for each in (first, second, third)]
    believed = [[_believes(mine, theirs) for theirs in shown] for mine in shown]
    assert believed == [[True, True, False], [True, True, True], [False, True, True]]


def test_a_rotation_replaces_every_certificate_and_each_list_of_authorities_and_no_other_secret() -> None:
    first = _kept(dev_secrets.everything())
    second = _rotated(first)
    authorities = {"onewindow-database-authority", "onewindow-nats-authority", "onewindow-dev-authority"}
    assert set(second) == {name for name in first if name.endswith("-tls")} | authorities
    assert all(first[name] != texts for name, texts in second.items())


def test_every_authority_has_a_name_of_its_own_so_that_no_chain_is_tried_with_the_wrong_key() -> None:
    named = [each.subject for each in _certificates(Authorities.new().rotated().trusted)]
    assert len(set(named)) == len(named) == 3
