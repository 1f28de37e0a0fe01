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
        name = _named("onewindow development authority")
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        built = _begun(name, name, key.public_key(), 10 * _DAYS).add_extension(constraint, critical=True)
        usage = _usage(sign_certificates=True)
        return cls(_pem(built.add_extension(usage, critical=True).sign(key, hashes.SHA256())), _pem_key(key))

    @classmethod
    def of_secret(cls, secret: Mapping[str, Any]) -> Self:
        """The authority in a Secret as `kubectl get -o json` prints it."""
        return cls(*(b64decode(secret["data"][name]).decode() for name in ("tls.crt", "tls.key")))

    def texts(self) -> dict[str, str]:
        """The authority as the content of a Secret."""
        return {"tls.crt": self.certificate, "tls.key": self.key}

    def issue(self, uri: str, hosts: Sequence[str]) -> dict[str, str]:
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
            "ca.crt": self.certificate,
        }


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
