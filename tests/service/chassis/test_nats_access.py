"""TLS, certificates, passwords and nkeys at NATS, each read anew at every connect."""

import asyncio
import base64
import json
from binascii import crc_hqx
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nats.errors
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nats.aio.client import Client
from structlog.testing import capture_logs

from chassis.nats import broker
from chassis.nats.broker import request
from chassis.nats.broker_access import BrokerAccess, connect_once
from tests.support.certificates import Authority, mount
from tests.support.nats_servers import NatsOf, mounted

TLS = """
tls {{ cert_file: "{0}/server.crt", key_file: "{0}/server.key", ca_file: "{0}/authority.crt", verify: true }}
"""


def seed_and_public() -> tuple[str, str]:
    """A user's nkey, written out as the `nk` tool does."""
    key = Ed25519PrivateKey.generate()

    def text(prefix: bytes, raw: bytes) -> str:
        whole = prefix + raw
        return base64.b32encode(whole + crc_hqx(whole, 0).to_bytes(2, "little")).decode().rstrip("=")

    seed = text(bytes([18 << 3 | 20 >> 2, 20 << 3 & 0xFF]), key.private_bytes_raw())
    return seed, text(bytes([20 << 3]), key.public_key().public_bytes_raw())


def users(*accounts: dict[str, str]) -> str:
    return f"authorization {{ users: {json.dumps(accounts)} }}\n"


class Guarded:
    """A server behind mutual TLS, the files of both sides, and an account."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.authority = Authority()
        self.certify()
        self.server = NatsOf(root, TLS.format(root) + users({"user": "intake", "password": "first"}))
        mounted(root / "account", "intake", "first")
        self.access = BrokerAccess(
            self.server.url, root / "ca.crt", root / "tls.crt", root / "tls.key", root / "account"
        )

    def certify(self) -> None:
        """New certificates for both sides; each believes the authority of now."""
        (key, certificate), (own_key, own) = self.authority.give(), self.authority.give()
        mount(self.root, **{"server.key": key, "server.crt": certificate, "authority.crt": self.authority.pem})
        mount(self.root, **{"tls.key": own_key, "tls.crt": own, "ca.crt": self.authority.pem})

    def passwords(self, password: str) -> None:
        """The account's password becomes another, at the server."""
        self.server.configure(TLS.format(self.root) + users({"user": "intake", "password": password}))
        self.server.read_again()


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    guarded = Guarded(tmp_path)
    with guarded.server:
        yield guarded


async def works(client: Client) -> None:
    """Waits until the connection carries a question and its answer."""
    async with asyncio.timeout(20):
        while True:
            try:
                await request(client, "$JS.API.INFO", b"", 2.0)
                return
            except broker.AWAY:
                await asyncio.sleep(0.05)


async def test_certificates_and_passwords_that_were_replaced_are_shown_at_the_next_connect(guarded: Guarded) -> None:
    client = await broker.connect(guarded.access, "intake", reconnect_wait=0.05)
    await works(client)
    guarded.authority = Authority("newer")
    guarded.certify()
    mounted(guarded.root / "account", "intake", "second")
    guarded.passwords("second")  # the server ends the connections of an account that it changed
    async with asyncio.timeout(20):
        while client.stats["reconnects"] == 0:
            await asyncio.sleep(0.02)
    await works(client)
    await client.close()


async def test_a_server_of_another_authority_is_not_believed(guarded: Guarded) -> None:
    mount(guarded.root, **{"ca.crt": Authority("another").pem})
    connecting = asyncio.create_task(broker.connect(guarded.access, "intake", reconnect_wait=0.02))
    await asyncio.wait([connecting], timeout=0.3)
    assert not connecting.done()
    mount(guarded.root, **{"ca.crt": guarded.authority.pem})
    client = await connecting
    await works(client)
    await client.close()


async def test_a_refused_login_leaves_no_lines_about_the_ways_of_tls(
    guarded: Guarded, caplog: pytest.LogCaptureFixture
) -> None:
    mounted(guarded.root / "account", "intake", "another")
    refused: list[Exception] = []

    async def sentences(error: Exception) -> None:
        refused.append(error)

    with pytest.raises(nats.errors.Error):
        await connect_once(guarded.access, "intake", sentences)
    assert "Authorization" in str(refused)
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


async def test_a_nats_that_is_nowhere_is_named_with_what_to_look_at() -> None:
    with capture_logs() as lines:
        connecting = asyncio.create_task(
            broker.connect(BrokerAccess("nats://127.0.0.1:1"), "intake", reconnect_wait=0.02)
        )
        async with asyncio.timeout(20):
            while not (sentences := [line["sentence"] for line in lines if line["event"] == "nats_away"]):
                await asyncio.sleep(0.02)
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
    assert sentences[0].startswith("NATS（nats://127.0.0.1:1）没有应答")
    assert "nats.url" in sentences[0]


async def test_nothing_is_said_in_the_clear_where_an_authority_is_set(tmp_path: Path) -> None:
    said: list[bytes] = []

    async def clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.12.0","max_payload":65536,"headers":true}\r\n')
        said.append(await reader.read(1024))
        writer.close()

    async with await asyncio.start_server(clear, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        mount(tmp_path, **{"ca.crt": Authority().pem})
        access = BrokerAccess(
            f"nats://127.0.0.1:{port}",
            tmp_path / "ca.crt",
            credentials=mounted(tmp_path / "account", "intake", "secret"),
        )
        connecting = asyncio.create_task(broker.connect(access, "intake", reconnect_wait=0.02))
        async with asyncio.timeout(20):
            while not said:
                await asyncio.sleep(0.02)
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
    assert not any(b"secret" in words for words in said)


async def test_an_nkey_is_proved_and_may_be_replaced(tmp_path: Path) -> None:
    (seed, public), (later_seed, later_public) = seed_and_public(), seed_and_public()
    folder = tmp_path / "account"
    folder.mkdir()
    mount(folder, **{"nkey.seed": seed.encode() + b"\n"})
    with NatsOf(tmp_path, users({"nkey": public})) as server:
        access = replace(server.access(), credentials=folder)
        client = await broker.connect(access, "intake", reconnect_wait=0.05)
        await works(client)
        mount(folder, **{"nkey.seed": later_seed.encode()})
        server.configure(users({"nkey": later_public}))
        server.read_again()
        async with asyncio.timeout(20):
            while client.stats["reconnects"] == 0:
                await asyncio.sleep(0.02)
        await works(client)
        await client.close()
