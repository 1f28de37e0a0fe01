"""Secrets for trying out, never committed: `python -m tools.cluster.dev_secrets [--into onewindow]`.

Keys of the real kinds, for deploy/dev alone, made anew by each run; a district makes its own. Without --into they are
printed as YAML. `--certificates FILE` makes only the certificates, by the authority that is next after the one in
FILE (`kubectl get secret onewindow-dev-authority -o json`).
"""

import argparse
import json
import secrets
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from embedded import keys
from embedded.data_dir import DataDir
from tools.cluster.dev_certificates import Authorities

SERVICES = ("intake", "approval", "notify", "metrics")
DISTRICT = "440105"
TRUST_DOMAIN = "onewindow.local"
_SEALED_IN = ("intake", "approval", "notify")
_CONFIGURATOR: dict[str, object] = {
    "sub": "CATALOGUE",
    "posts": ["CONFIGURATOR"],
    "place": f"{DISTRICT}000",
    "unit": f"{DISTRICT}000",
    "lines": [],
}
"""Claims of the configurator who publishes the sample catalogue."""
_TOKEN_SECONDS = 90 * 86_400
_SYSTEMS = {"test": "PROBE", "district": "DISTRICT_SYSTEM", "portal": "PORTAL"}
"""Systems that call by certificate, by the name behind spiffe://onewindow.local/."""

Texts = Mapping[str, str]

_KEY_FILES: Mapping[str, Texts] = {
    "onewindow-query-code": {"pepper": keys.PEPPER},
    "onewindow-seal": {"public.pem": keys.SEAL_PUBLIC, "private.pem": keys.SEAL_PRIVATE},
    "onewindow-read-pass": {"public.pem": keys.READ_PASS_PUBLIC, "private.pem": keys.READ_PASS_PRIVATE},
    "onewindow-jwks": {"jwks.json": keys.JWKS},
    "onewindow-dev-issuer": {keys.TOKEN_ISSUER: keys.TOKEN_ISSUER},
}
"""Secrets whose content the embedded stack makes too: Secret, key, and the file of a data directory."""


def everything() -> list[dict[str, Any]]:
    """All Secrets that deploy/dev and the chart with its values need."""
    found = {**_logins(), **_office_keys(), **certificates(Authorities.new())}
    return [_secret(name, texts) for name, texts in found.items()]


def rotated(secret: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Certificates by the next authority, as Secrets; the present one is trusted until the rotation after."""
    found = certificates(Authorities.of_secret(secret).rotated())
    return [_secret(name, texts) for name, texts in found.items()]


def certificates(authority: Authorities) -> dict[str, Texts]:
    """Certificates of services, servers and calling systems, and the trusted authorities."""
    uris = {
        "onewindow-district-simulator-tls": "district",
        "onewindow-portal-tls": "portal",
        "onewindow-test-tls": "test",
    }
    found = {f"onewindow-{name}-tls": f"onewindow-{name}" for name in (*SERVICES, "postgres", "nats")}
    issued: dict[str, Texts] = {
        secret: authority.issue(f"spiffe://{TRUST_DOMAIN}/{uri}", ()) for secret, uri in uris.items()
    }
    for secret, host in found.items():
        names = (host, f"{host}.onewindow", f"{host}.onewindow.svc", f"{host}.onewindow.svc.cluster.local", "localhost")
        issued[secret] = authority.issue(f"spiffe://{TRUST_DOMAIN}/{host}", names)
    issued["onewindow-client-tls"] = authority.issue("", ("onewindow-client",))
    issued["onewindow-dev-authority"] = authority.texts()
    for name in ("onewindow-database-authority", "onewindow-nats-authority"):
        issued[name] = {"ca.crt": authority.trusted}
    return issued


def _logins() -> dict[str, Texts]:
    """Logins of PostgreSQL and NATS; _a is the first of two roles between which a password alternates."""
    nats = {user: _word() for user in (*SERVICES, "admin")}
    found: dict[str, Texts] = {
        "onewindow-database-admin": {"admin.username": "postgres", "admin.password": _word()},
        "onewindow-database-owners": dict(_owners()),
        "onewindow-nats-admin": {"username": "admin", "password": nats["admin"]},
        "onewindow-nats-passwords": {"passwords.conf": "".join(_variables(nats))},
    }
    for service in SERVICES:
        roles = {f"{kind}.username": f"{service}_{kind}_a" for kind in ("rpc", "worker")}
        found[f"onewindow-database-{service}"] = {**roles, "rpc.password": _word(), "worker.password": _word()}
        found[f"onewindow-nats-{service}"] = {"username": service, "password": nats[service]}
    return found


def _owners() -> Iterator[tuple[str, str]]:
    for service in SERVICES:
        yield f"{service}.username", f"{service}_owner_a"
        yield f"{service}.password", _word()


def _variables(passwords: Texts) -> Iterator[str]:
    for user, password in passwords.items():
        yield f'ONEWINDOW_{user.upper()}_PASSWORD: "{password}"\n'


def _office_keys() -> dict[str, Texts]:
    """Keys of vaults, query codes, envelopes and read passes, and a single sign-on that signs development tokens."""
    found: dict[str, Texts] = {"onewindow-machines": {"machines.json": json.dumps(_register())}}
    with TemporaryDirectory() as folder:
        home = DataDir(Path(folder))
        home.keys.mkdir(parents=True)
        keys.provide(home)
        for secret, files in _KEY_FILES.items():
            found[secret] = {key: keys.read(home, file) for key, file in files.items()}
        found["onewindow-configurator"] = {"token": keys.sign(home, _CONFIGURATOR, _TOKEN_SECONDS)}
    for service in _SEALED_IN:
        vault = {"current": 1, "keys": {"1": _key()}, "index": _key()}
        found[f"onewindow-vault-{service}"] = {"vault.json": json.dumps(vault)}
    return found


def _register() -> dict[str, dict[str, str]]:
    places = {"test": f"{DISTRICT}999"}
    return {
        f"spiffe://{TRUST_DOMAIN}/{name}": {"system": system, "place": places.get(name, "*")}
        for name, system in _SYSTEMS.items()
    }


def _secret(name: str, texts: Texts) -> dict[str, Any]:
    labels = {"app.kubernetes.io/part-of": "onewindow"}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "labels": labels},
        "type": "Opaque",
        "stringData": dict(texts),
    }


def _word() -> str:
    return secrets.token_urlsafe(24)


def _key() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


def namespace_object(name: str) -> dict[str, Any]:
    """The namespace of deploy/dev under another name: Pod Security "restricted" all the same."""
    found: dict[str, Any] = yaml.safe_load(Path("deploy/dev/namespace.yaml").read_text())
    found["metadata"]["name"] = name
    return found


def _put(namespace: str) -> int:
    """Make namespace and Secrets by kubectl, unless they exist."""
    kubectl = ("kubectl", "-n", namespace)
    if run([*kubectl, "get", "secret", "onewindow-dev-authority"], capture_output=True, check=False).returncode == 0:
        return 0
    run(["kubectl", "apply", "-f", "-"], input=yaml.safe_dump(namespace_object(namespace)), text=True, check=True)
    text = yaml.safe_dump_all(everything(), allow_unicode=True)
    return run([*kubectl, "create", "-f", "-"], input=text, text=True, check=False).returncode


def main() -> int:
    """Print the Secrets as YAML, or put them into a cluster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", metavar="NAMESPACE", help="make them by kubectl, unless they exist")
    parser.add_argument("--certificates", type=Path, metavar="FILE", help="onewindow-dev-authority as JSON")
    options = parser.parse_args()
    if options.into:
        return _put(options.into)
    found = rotated(json.loads(options.certificates.read_text())) if options.certificates else everything()
    yaml.safe_dump_all(found, sys.stdout, allow_unicode=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
