"""Certificates are replaced under load, as a cluster replaces them; whoever retries as documented sees no failure."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import grpc
import grpc.aio
import pytest

from chassis.rpc.channel import RotatingChannel
from chassis.rpc.identity.rotating_certificates import IdentityFiles
from chassis.settings.watched_file import UnusableFile
from tests.support.certificates import Authority, mount
from tests.support.echo.edge import Edge, Issuer, serving

ROTATIONS = 10
CLIENTS = 4
CALLS_BETWEEN = 40
"""Calls on new connections that succeed before the next rotation begins."""
PORTAL = "spiffe://onewindow/ns/portal/sa/portal"
FILES = {"certificate": "tls.crt", "key": "tls.key", "authority": "ca.crt"}
RETRIES = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 5,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "2s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
)
"""Retry of a client by the documents."""


class Secret:
    """A folder as the kubelet mounts a Secret: all files change in one step, by a link that is replaced."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._versions = itertools.count()
        root.mkdir()

    def put(self, **files: bytes) -> dict[str, Path]:
        """The next version, whole."""
        version = self.root / f"..{next(self._versions)}"
        version.mkdir()
        for name, content in files.items():
            (version / FILES[name]).write_bytes(content)
            if not (self.root / FILES[name]).is_symlink():
                (self.root / FILES[name]).symlink_to(f"..data/{FILES[name]}")
        (self.root / "..next").symlink_to(version.name)
        (self.root / "..next").replace(self.root / "..data")
        return {name: self.root / FILES[name] for name in files}


class Site:
    """A service and a system that calls it, each with a mounted Secret, and the authority of both."""

    def __init__(self, root: Path) -> None:
        self.server, self.client = Secret(root / "server"), Secret(root / "client")
        self.trusted = self.authority = Authority("0")
        self.mounted = self.certify()

    def certify(self) -> tuple[dict[str, Path], dict[str, Path]]:
        """New certificates for both; each believes the present authority and the one before."""
        believed = self.authority.pem + self.trusted.pem
        sides = []
        for secret, names in ((self.server, ()), (self.client, (PORTAL,))):
            key, certificate = self.authority.give(*names)
            sides.append(secret.put(certificate=certificate, key=key, authority=believed))
        return sides[0], sides[1]

    def believe(self, newer: Authority) -> None:
        """The first half of a change of authority: both believe it before anybody shows one of its certificates."""
        for secret in (self.server, self.client):
            files = {name: (secret.root / file).read_bytes() for name, file in FILES.items()}
            secret.put(**{**files, "authority": self.authority.pem + newer.pem})
        self.trusted, self.authority = self.authority, newer


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
async def secure(messages: ModuleType, issuer: Issuer, site: Site, tmp_path: Path) -> AsyncIterator[Edge]:
    server = site.mounted[0]
    register = mount(tmp_path, register=json.dumps({PORTAL: {"system": "PORTAL", "place": "*"}}).encode())["register"]
    async with serving(
        messages,
        issuer,
        tls_certificate_file=server["certificate"],
        tls_key_file=server["key"],
        tls_client_authority_file=server["authority"],
        machines_file=register,
        rpc_connection_age_seconds=1,
    ) as edge:
        yield edge


class Load:
    """Systems that call without end, each call on a connection of its own, with the certificate mounted then."""

    def __init__(self, edge: Edge, site: Site) -> None:
        self._edge, self._site = edge, site
        self.succeeded = 0
        self.failed: list[str] = []

    async def run(self) -> None:
        """Call until cancelled."""
        client = self._site.mounted[1]
        files = IdentityFiles(client["certificate"], client["key"], client["authority"])
        while True:
            pems = files.replaced() or files.pems
            credentials = grpc.ssl_channel_credentials(pems.authority, pems.key, pems.certificate)
            options = [("grpc.service_config", RETRIES), ("grpc.use_local_subchannel_pool", 1)]
            target = f"127.0.0.1:{self._edge.port}"
            async with grpc.aio.secure_channel(target, credentials, options=options) as channel:
                await self._call(channel)

    async def _call(self, channel: grpc.aio.Channel) -> None:
        call = channel.unary_unary("/echo.v1.EchoService/Say", None, self._edge.messages.SayResponse.FromString)
        request = self._edge.messages.SayRequest(text="x").SerializeToString()
        try:
            answer: Any = await call(request, timeout=10)
            assert answer.caller == PORTAL
            self.succeeded += 1
        except grpc.aio.AioRpcError as error:
            self.failed.append(f"{error.code().name}: {error.details()}")

    async def more(self) -> None:
        """Wait for as many successes again."""
        wanted = self.succeeded + CALLS_BETWEEN
        async with asyncio.timeout(60):
            while self.succeeded < wanted:
                await asyncio.sleep(0.01)


async def test_certificates_and_authorities_are_rotated_under_load_without_a_failed_call(
    secure: Edge, site: Site
) -> None:
    load = Load(secure, site)
    calling = [asyncio.create_task(load.run()) for _ in range(CLIENTS)]
    for rotation in range(1, ROTATIONS + 1):
        site.believe(Authority(str(rotation)))
        await load.more()
        site.certify()
        await load.more()
    for call in calling:
        call.cancel()
    await asyncio.gather(*calling, return_exceptions=True)
    assert load.failed == []
    assert load.succeeded >= 2 * ROTATIONS * CALLS_BETWEEN


async def test_a_client_of_ours_takes_over_its_new_certificate_without_a_failed_call(secure: Edge, site: Site) -> None:
    client = site.mounted[1]
    files = IdentityFiles(client["certificate"], client["key"], client["authority"])
    outgoing = RotatingChannel(f"127.0.0.1:{secure.port}", files, [("grpc.enable_retries", 1)])
    channels = set()
    for rotation in range(1, 4):
        for certify in (False, True):
            if certify:
                site.certify()
            else:
                site.believe(Authority(str(rotation)))
            for _ in range(5):
                channels.add(id(outgoing.channel()))
                call = outgoing.channel().unary_unary(
                    "/echo.v1.EchoService/Say", None, secure.messages.SayResponse.FromString
                )
                answer: Any = await call(secure.messages.SayRequest(text="x").SerializeToString(), timeout=10)
                assert answer.caller == PORTAL
    await outgoing.close()
    assert len(channels) > 1


async def test_an_authority_that_is_gone_from_the_file_is_believed_no_more(secure: Edge, site: Site) -> None:
    key, certificate = site.authority.give(PORTAL)
    old = site.authority.pem
    site.believe(Authority("next"))
    site.certify()
    site.trusted = site.authority
    site.certify()
    credentials = grpc.ssl_channel_credentials(old + site.authority.pem, key, certificate)
    async with grpc.aio.secure_channel(f"127.0.0.1:{secure.port}", credentials) as channel:
        call = channel.unary_unary("/echo.v1.EchoService/Say", None, secure.messages.SayResponse.FromString)
        with pytest.raises(grpc.aio.AioRpcError):
            await call(b"", timeout=5)


@pytest.mark.parametrize("broken", ["key of another", "no key", "no certificate", "no authority"])
def test_a_replacement_that_does_not_belong_together_changes_nothing(tmp_path: Path, broken: str) -> None:
    authority = Authority()
    (key, certificate), (other, _) = authority.give(), authority.give()
    secret = Secret(tmp_path / "secret")
    paths = secret.put(key=key, certificate=certificate, authority=authority.pem)
    files = IdentityFiles(paths["certificate"], paths["key"], paths["authority"])
    wrong = {
        "key of another": {"key": other},
        "no key": {"key": b"half"},
        "no certificate": {"certificate": b"half"},
        "no authority": {"authority": b""},
    }[broken]
    secret.put(**{"key": key, "certificate": certificate, "authority": authority.pem, **wrong})
    assert files.replaced() is None
    assert files.pems.key == key
    with pytest.raises(UnusableFile, match=str(paths[next(iter(wrong))])):
        IdentityFiles(paths["certificate"], paths["key"], paths["authority"])
    newer, certified = authority.give()
    secret.put(key=newer, certificate=certified, authority=authority.pem)
    taken = files.replaced()
    assert taken is not None
    assert taken.key == newer
