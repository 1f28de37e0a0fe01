"""A small certificate authority for trying out: deploy/dev has no other."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chassis.clock import real_seconds

_DAYS = 90


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority's certificate and key as PEM."""

    certificate: str
    key: str

    @classmethod
    def new(cls) -> Self:
        """A new authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named(f"onewindow development authority {x509.random_serial_number() % 10**8:08}")
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        built = _begun(name, name, key.public_key(), 10 * _DAYS).add_extension(constraint, critical=True)
        usage = _usage(sign_certificates=True)
        return cls(_pem(built.add_extension(usage, critical=True).sign(key, hashes.SHA256())), _pem_key(key))

    def issue(self, uri: str, hosts: Sequence[str], trusted: str) -> dict[str, str]:
        """A certificate for server and client with a SPIFFE name and host names, as the content of a Secret."""
        issuer = x509.load_pem_x509_certificate(self.certificate.encode())
        own = load_pem_private_key(self.key.encode(), None)
        assert isinstance(own, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        names = [*(x509.DNSName(host) for host in hosts), *([x509.UniformResourceIdentifier(uri)] if uri else [])]
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        built = (
            _begun(_named(hosts[0] if hosts else uri.rpartition("/")[2]), issuer.subject, key.public_key(), _DAYS)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign_certificates=False), critical=True)
            .add_extension(purposes, critical=False)
        )
        return {
            "tls.crt": _pem(built.sign(own, hashes.SHA256())),
            "tls.key": _pem_key(key),
            "ca.crt": trusted,
        }


@dataclass(frozen=True, slots=True)
class Authorities:
    """The issuing authority, the previous and the next one; a certificate of any of the three is trusted.

    A Secret reaches one pod up to a minute before another. A pod with the old Secret trusts the new certificates,
    because the old Secret names the next authority already; a pod with the new one trusts the old for one more
    rotation.
    """

    current: Authority
    upcoming: Authority
    previous: str = ""
    """The certificate alone: this authority issues nothing any more."""

    @classmethod
    def new(cls) -> Self:
        """The authorities before the first rotation."""
        return cls(Authority.new(), Authority.new())

    def rotated(self) -> Self:
        """The authorities after a rotation: the next one issues."""
        return type(self)(self.upcoming, Authority.new(), self.current.certificate)

    @property
    def trusted(self) -> str:
        """The certificates of all three authorities, as PEM."""
        return self.current.certificate + self.upcoming.certificate + self.previous

    def texts(self) -> dict[str, str]:
        """The content of the Secret."""
        now, upcoming = self.current, self.upcoming
        names = ("tls.crt", "tls.key", "next.crt", "next.key", "previous.crt")
        texts = (now.certificate, now.key, upcoming.certificate, upcoming.key, self.previous)
        return dict(zip(names, texts, strict=True))

    @classmethod
    def of_secret(cls, secret: Mapping[str, Any]) -> Self:
        """The authorities of a Secret as `kubectl get secret -o json` prints it."""
        text = {name: b64decode(encoded).decode() for name, encoded in secret["data"].items()}
        current, upcoming = Authority(text["tls.crt"], text["tls.key"]), Authority(text["next.crt"], text["next.key"])
        return cls(current, upcoming, text["previous.crt"])

    def issue(self, uri: str, hosts: Sequence[str]) -> dict[str, str]:
        """A certificate by the issuing authority, with all trusted ones."""
        return self.current.issue(uri, hosts, self.trusted)


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
    now = datetime.fromtimestamp(real_seconds(), UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _pem_key(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
