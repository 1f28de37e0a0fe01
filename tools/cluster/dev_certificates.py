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

    def issue(self, uri: str, hosts: Sequence[str], believed: str) -> dict[str, str]:
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
            "ca.crt": believed,
        }


@dataclass(frozen=True, slots=True)
class Authorities:
    """Who issues now, who did before, and who will next: all three are believed.

    A Secret reaches one pod a minute before another. Whoever has the new one is believed by those who have the old
    one, which names it already, and believes them for one rotation more.
    """

    current: Authority
    following: Authority
    previous: str = ""
    """The certificate alone: it issues nothing any more."""

    @classmethod
    def new(cls) -> Self:
        """Before the first rotation."""
        return cls(Authority.new(), Authority.new())

    def rotated(self) -> Self:
        """The following one issues from now on."""
        return type(self)(self.following, Authority.new(), self.current.certificate)

    @property
    def believed(self) -> str:
        """What everybody believes."""
        return self.current.certificate + self.following.certificate + self.previous

    def texts(self) -> dict[str, str]:
        """As the content of a Secret."""
        now, following = self.current, self.following
        names = ("tls.crt", "tls.key", "next.crt", "next.key", "previous.crt")
        texts = (now.certificate, now.key, following.certificate, following.key, self.previous)
        return dict(zip(names, texts, strict=True))

    @classmethod
    def of_secret(cls, secret: Mapping[str, Any]) -> Self:
        """As `kubectl get secret -o json` prints them."""
        text = {name: b64decode(kept).decode() for name, kept in secret["data"].items()}
        current, following = Authority(text["tls.crt"], text["tls.key"]), Authority(text["next.crt"], text["next.key"])
        return cls(current, following, text["previous.crt"])

    def issue(self, uri: str, hosts: Sequence[str]) -> dict[str, str]:
        """A certificate by whoever issues now, beside all that are believed."""
        return self.current.issue(uri, hosts, self.believed)


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
