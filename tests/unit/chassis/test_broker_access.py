"""Login and TLS at NATS from mounted files, and the private names of the library that our client stands on."""

import base64
import inspect
import logging
from binascii import crc_hqx
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nats.aio.client import Client
from nats.errors import Error

from chassis.nats.broker_access import AccessClient, BrokerAccess
from chassis.settings.watched_file import FileAway
from tests.support.certificates import Authority, mount


def an_nkey() -> tuple[bytes, Ed25519PublicKey]:
    key = Ed25519PrivateKey.generate()
    raw = bytes([18 << 3 | 20 >> 2, 20 << 3 & 0xFF]) + key.private_bytes_raw()
    return base64.b32encode(raw + crc_hqx(raw, 0).to_bytes(2, "little")).rstrip(b"="), key.public_key()


async def ignore(_: Exception) -> None:
    """Errors are of no interest."""


def a_client(access: BrokerAccess) -> AccessClient:
    return AccessClient(access, ignore)


def test_the_library_has_the_private_names_that_our_client_uses() -> None:
    client = Client()
    assert client._server_info == {}, "the greeting of the server, which says whether TLS is offered"
    assert client._public_nkey is None, "sent as `nkey` beside the signature"
    assert list(inspect.signature(Client._process_err).parameters) == ["self", "err_msg"]
    assert inspect.iscoroutinefunction(Client._process_err)
    assert "_process_err(" in inspect.getsource(inspect.getmodule(Client) or Client), "and it is called"
    assert "self.ssl_context" in inspect.getsource(Client), "the context is read at every handshake"


def test_name_and_password_are_read_at_every_connect(tmp_path: Path) -> None:
    mount(tmp_path, username=b"intake\n", password=b"first\n")
    client = a_client(BrokerAccess("nats://x", credentials=tmp_path))
    assert (client.user(), client.password()) == ("intake", "first")
    mount(tmp_path, username=b"intake2\n", password=b"second\n")
    assert (client.user(), client.password()) == ("intake2", "second")


def test_without_a_login_nothing_is_sent(tmp_path: Path) -> None:
    client = a_client(BrokerAccess("nats://x"))
    assert (client.user(), client.password()) == ("", "")
    mount(tmp_path, **{"nkey.seed": an_nkey()[0]})
    client = a_client(BrokerAccess("nats://x", credentials=tmp_path))
    assert (client.user(), client.password()) == ("", ""), "an nkey is proved by its signature"


def test_a_missing_or_empty_file_is_an_error_that_the_library_tries_again(tmp_path: Path) -> None:
    client = a_client(BrokerAccess("nats://x", credentials=tmp_path))
    with pytest.raises(Error, match="cannot read"):
        client.user()
    mount(tmp_path, username=b"intake", password=b"")
    with pytest.raises(Error, match="is empty"):
        client.password()


def test_an_nkey_signs_the_nonce_and_may_be_replaced(tmp_path: Path) -> None:
    client = a_client(BrokerAccess("nats://x", credentials=tmp_path))
    names = set()
    for nonce in ("one", "two"):
        seed, public = an_nkey()
        mount(tmp_path, **{"nkey.seed": seed + b"\n"})
        public.verify(base64.b64decode(client.sign(nonce)), nonce.encode())
        assert client._public_nkey is not None
        assert client._public_nkey.startswith("U")
        names.add(client._public_nkey)
    assert len(names) == 2


@pytest.mark.parametrize("seed", ["", "SUAnonsense", "SAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_seed_that_is_none_is_refused(tmp_path: Path, seed: str) -> None:
    mount(tmp_path, **{"nkey.seed": seed.encode()})
    access = BrokerAccess("nats://nowhere", credentials=tmp_path)
    with pytest.raises((FileAway, ValueError), match=r"empty|seed|padding|Non-base32"):
        access.signature("nonce")
    with pytest.raises(Error):
        a_client(access).sign("nonce")


@pytest.mark.parametrize("url", ["nats://x", "tls://x"])
def test_where_tls_is_demanded_a_server_without_it_gets_no_login(tmp_path: Path, url: str) -> None:
    mount(tmp_path, **{"username": b"intake", "password": b"secret", "ca.crt": Authority().pem})
    authority = None if url.startswith("tls") else tmp_path / "ca.crt"
    client = a_client(BrokerAccess(url, authority, credentials=tmp_path))
    with pytest.raises(Error, match="offers no TLS"):
        client.user()
    client._server_info = {"tls_required": True}
    assert client.user() == "intake"


def test_the_context_believes_the_authority_and_shows_the_certificate_of_now(tmp_path: Path) -> None:
    authority = Authority()
    key, certificate = authority.give()
    mount(tmp_path, **{"ca.crt": authority.pem, "tls.crt": certificate, "tls.key": key})
    files = (tmp_path / "ca.crt", tmp_path / "tls.crt", tmp_path / "tls.key")
    client = a_client(BrokerAccess("nats://x", *files))
    assert [known["serialNumber"] for known in client.ssl_context.get_ca_certs()]
    mount(tmp_path, **{"tls.key": b"nonsense"})
    with pytest.raises(OSError, match=r"PEM|SSL|key"):
        _ = client.ssl_context


async def test_an_error_of_the_server_is_reported_and_the_connection_stays_open_for_a_new_one() -> None:
    reported: list[str] = []

    async def report(error: Exception) -> None:
        reported.append(str(error))

    client = AccessClient(BrokerAccess("nats://x"), report)
    client._error_cb = report
    await client._process_err("'user authentication revoked'")
    await client._process_err("'permissions violation for publish to x'")
    assert reported == [
        "nats: 'user authentication revoked'",
        "nats: permissions violation for publish to x",
    ]
    assert not client.is_closed


def test_a_connection_that_is_lost_is_made_anew_for_ever() -> None:
    client = a_client(BrokerAccess("nats://x"))
    client.reconnect_for_ever(0.5)
    assert (client.options["allow_reconnect"], client.options["max_reconnect_attempts"]) == (True, -1)


def test_asyncio_remarks_about_tls_are_left_out_of_the_log() -> None:
    def passes(message: str) -> bool:
        record = logging.LogRecord("asyncio", logging.WARNING, "", 0, message, None, None)
        return bool(logging.getLogger("asyncio").filter(record))

    assert not passes("returning true from eof_received() has no effect when using ssl")
    assert passes("Task was destroyed but it is pending!")
