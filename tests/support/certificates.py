"""An authority of the test's own and the certificates it gives."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


class Authority:
    """Signs certificates; `pem` is what believes them."""

    def __init__(self, name: str = "authority") -> None:
        self._key = generate_private_key(SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        made = _builder(self._name, self._name, self._key)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.pem = made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def give(self, *uris: str, years: int = 100) -> tuple[bytes, bytes]:
        """Key and certificate for the loopback with `uris` as further names; it ends `years` after 2020."""
        key = generate_private_key(SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "somebody")])
        names = [x509.IPAddress(ip_address("127.0.0.1")), *(x509.UniformResourceIdentifier(uri) for uri in uris)]
        made = _builder(subject, self._name, key, years)
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate


def mount(folder: Path, **files: bytes) -> dict[str, Path]:
    """Write each file whole under its name and return where it lies."""
    for name, content in files.items():
        (folder / f".{name}").write_bytes(content)
        (folder / f".{name}").replace(folder / name)
    return {name: folder / name for name in files}


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, years: int = 100
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGINS)
        .not_valid_after(_BEGINS + timedelta(days=365 * years))
    )
