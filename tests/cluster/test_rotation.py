"""Bar 4: certificates, authorities and database passwords are replaced ten times under load, and no call fails."""

import hashlib
import json
import secrets
import ssl
from base64 import b64encode
from collections.abc import Mapping

import pytest

from tests.cluster.office import SERVICES, Office, until
from tests.cluster.playing import Player, decoded, timed
from tools.cluster.dev_secrets import rotated
from tools.cluster.kube import Tree

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(3600)]

_REACHES_WITHIN = 240.0
_DIAL = """
import hashlib, json, socket, ssl, sys

def shown(host, port, cafile, chain, before):
    mine = ssl.create_default_context(cafile=cafile)
    mine.check_hostname = False
    if chain:
        mine.load_cert_chain(*chain)
    with socket.create_connection((host, port), 5) as plain:
        before(plain)
        with mine.wrap_socket(plain) as connection:
            return hashlib.sha256(connection.getpeercert(True)).hexdigest()
"""
_DIAL_SERVICES = f"""{_DIAL}
own = ("/tls/ca.crt", ("/tls/tls.crt", "/tls/tls.key"))
print(json.dumps([shown(host, 50051, *own, lambda plain: None) for host in sys.argv[1:]]))
"""
_DIAL_SERVERS = f"""{_DIAL}
def ask_for_tls(plain):
    plain.sendall(bytes.fromhex("0000000804d2162f"))
    assert plain.recv(1) == b"S"

believed = "/etc/onewindow/{{}}-authority/ca.crt"
print(json.dumps([
    shown("onewindow-postgres", 5432, believed.format("database"), None, ask_for_tls),
    shown("onewindow-nats", 4222, believed.format("nats"), None, lambda plain: plain.recv(65536)),
]))
"""
"""Dial as a client does: the handshake fails unless each side believes the other."""
_TAKE_OVER = {
    "postgres": ("psql", "-U", "postgres", "-Atqc", "select pg_reload_conf()"),
    "nats": ("nats-server", "--signal", "reload=1"),
}
"""How a server takes its new certificate over without a restart."""


@pytest.mark.parametrize("services", [SERVICES[:2], SERVICES[2:]], ids=" and ".join)
def test_certificates_authorities_and_database_passwords_are_replaced_and_no_call_fails(
    player: Player, services: tuple[str, ...]
) -> None:
    logins = [(service, kind) for service in services for kind in ("rpc", "worker")]
    _shown_by_servers(player.office)  # a run that was broken off may have left them with what they had before it
    for login in (*logins, logins[0]):  # the last goes back to the login of the beginning
        with timed(player, f"all certificates, and the other login of {'_'.join(login)}"):
            made = rotated(player.office.kube.get("secret", "onewindow-dev-authority"))
            player.office.kube.apply(made)
            _alternate(player.office, *login)
            _reached_everybody(player, {each["metadata"]["name"]: each["stringData"] for each in made})


def _reached_everybody(player: Player, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Until servers, services and the player have and show the new certificates."""
    office, own = player.office, texts["onewindow-client-tls"]["tls.crt"]
    wanted = [_digest(texts[f"onewindow-{server}-tls"]["tls.crt"]) for server in _TAKE_OVER]
    until(lambda: _shown_by_servers(office) == wanted, "PostgreSQL and NATS show their new ones", _REACHES_WITHIN)
    until(lambda: _mounted_by_the_player(player) == own, "the player has its new one", _REACHES_WITHIN)
    until(lambda: _shown(player) == _wanted(office, texts), "each pod shows its new one", _REACHES_WITHIN)


def _alternate(office: Office, service: str, kind: str) -> None:
    """As docs/zh/operations.md asks: the other login gets a password, the Secret names it, the first is closed."""
    name = f"onewindow-database-{service}"
    present = decoded(office.kube.get("secret", name), f"{kind}.username")
    other = f"{service}_{kind}_{'a' if present.endswith('_b') else 'b'}"
    password = secrets.token_urlsafe(24)
    if not office.rows("postgres", f"select 1 from pg_roles where rolname = '{other}'"):
        office.rows("postgres", f"create role {other} in role {service}_{kind}")
    office.rows("postgres", f"alter role {other} login password '{password}'")
    login = {f"{kind}.username": other, f"{kind}.password": password}
    encoded = {key: b64encode(text.encode()).decode() for key, text in login.items()}
    office.kube.run("patch", "secret", name, "--type=merge", "-p", json.dumps({"data": encoded}))
    using = f"select count(*) from pg_stat_activity where usename = '{present}'"
    until(lambda: office.number("postgres", using) == 0, f"nobody is logged in as {present}", _REACHES_WITHIN)
    office.rows("postgres", f"alter role {present} nologin")


def _shown_by_servers(office: Office) -> list[str]:
    for server, words in _TAKE_OVER.items():
        office.kube.run("exec", f"onewindow-{server}-0", "--", *words)
    python = ("/opt/onewindow/bin/python", "-c", _DIAL_SERVERS)
    found: list[str] = json.loads(office.kube.run("exec", "deploy/onewindow-intake", "--", *python))
    return found


def _mounted_by_the_player(player: Player) -> str:
    return player.python("import sys; sys.stdout.write(open('/tls/tls.crt').read())")


def _shown(player: Player) -> list[str]:
    addresses = [pod["status"]["podIP"] for pod in player.office.services()]
    found: list[str] = json.loads(player.python(_DIAL_SERVICES, *addresses))
    return found


def _wanted(office: Office, texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [_digest(texts[f"onewindow-{_component(pod)}-tls"]["tls.crt"]) for pod in office.services()]


def _component(pod: Tree) -> str:
    return str(pod["metadata"]["labels"]["app.kubernetes.io/component"])


def _digest(pem: str) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
