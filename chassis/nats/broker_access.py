"""Access to NATS: address, TLS, and the login by password or nkey; mounted files are read at every connect."""

import asyncio
import base64
import logging
import ssl
from binascii import crc_hqx
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nats.aio.client import Client
from nats.errors import Error

from chassis.settings.login import filled
from chassis.settings.servers import NatsSettings
from chassis.settings.watched_file import FileAway, WatchedFile

OnError: TypeAlias = Callable[[Exception], Awaitable[None]]
OnChange: TypeAlias = Callable[[], Awaitable[None]]

_USER_SEED = bytes([(18 << 3) | (20 >> 2), (20 << 3) & 0xFF])
_USER_KEY = bytes([20 << 3])
"""Prefixes of nkeys: `SU` before the seed of a user, `U` before the public key."""
_CLOSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """Address of NATS, and the mounted files of TLS and login."""

    url: str
    authority: Path | None = None
    """PEM authorities of the server; with them TLS is demanded."""
    certificate: Path | None = None
    key: Path | None = None
    """Own certificate and its key, where the server demands one."""
    credentials: Path | None = None
    """Folder with `username` and `password`, or with `nkey.seed`."""

    @property
    def demands_tls(self) -> bool:
        """True when nothing may be sent in the clear."""
        return self.authority is not None or self.url.startswith("tls://")

    @property
    def by_nkey(self) -> bool:
        """True when the login is an nkey."""
        return self.credentials is not None and (self.credentials / "nkey.seed").exists()

    def context(self) -> ssl.SSLContext:
        """TLS context from the files as mounted now."""
        context = ssl.create_default_context(cafile=self.authority)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context

    def credential(self, name: str) -> str:
        """Content of `username` or `password` as mounted now; empty without such a login. Raises FileAway."""
        if self.credentials is None or self.by_nkey:
            return ""
        return filled(WatchedFile(self.credentials / name))

    def signature(self, nonce: str) -> tuple[str, bytes]:
        """Public key of the mounted nkey, and its signature of the nonce. Raises FileAway, ValueError."""
        assert self.credentials is not None
        private = Ed25519PrivateKey.from_private_bytes(_unwrapped(filled(WatchedFile(self.credentials / "nkey.seed"))))
        public = _USER_KEY + private.public_key().public_bytes_raw()
        name = base64.b32encode(public + _checksum(public)).decode().rstrip("=")
        return name, base64.b64encode(private.sign(nonce.encode()))


class AccessClient(Client):
    """The client of nats-py, with files that are read at every connect and a connection that always comes back.

    Name and password are callables of the library, the TLS context is a public property. Three private names are used,
    each with a test that fails when it goes: `_server_info`, the server's greeting; `_public_nkey`, which the library
    reads once; `_process_err`, which ends the connection for ever on most errors.
    """

    def __init__(self, access: BrokerAccess, on_error: OnError) -> None:
        super().__init__()
        self._access = access
        self._on_error = on_error

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """TLS context from the files as mounted now."""
        return self._access.context()

    def user(self) -> str:
        """User name for this connect; also called without a login, as the place where a server without TLS is refused.

        Raises nats.errors.Error, which the library reports and tries again.
        """
        if self._access.demands_tls and not self._server_info.get("tls_required"):
            raise Error("nats: the server offers no TLS")
        return self._credential("username")

    def password(self) -> str:
        """Password for this connect. Raises nats.errors.Error."""
        return self._credential("password")

    def sign(self, nonce: str) -> bytes:
        """Signature for this connect, by the nkey as mounted now. Raises nats.errors.Error."""
        self.user()
        try:
            self._public_nkey, signature = self._access.signature(nonce)
        except (FileAway, ValueError) as error:
            raise Error(f"nats: {error}") from error
        return signature

    def reconnect_for_ever(self, wait: float) -> None:
        """From now on a lost connection is made anew, every `wait` seconds, without an end.

        The first connection is not left to the library's own repetition, which a failed handshake would stop.
        """
        self.options |= {"allow_reconnect": True, "max_reconnect_attempts": -1, "reconnect_time_wait": wait}

    def _credential(self, name: str) -> str:
        try:
            return self._access.credential(name)
        except FileAway as error:
            raise Error(f"nats: {error}") from error

    async def _process_err(self, err_msg: str) -> None:
        """Reconnects when the server ends the connection: a password was changed, or this client was too slow.

        The library would close the connection for good on any error but a refused subject.
        """
        if "permissions violation" in err_msg.lower():
            await super()._process_err(err_msg)
        else:
            await self._on_error(Error(f"nats: {err_msg}"))
            await self.force_reconnect()


async def connect_once(
    access: BrokerAccess,
    name: str,
    on_error: OnError,
    connect_timeout: float = 5.0,
    *,
    on_loss: OnChange | None = None,
    on_return: OnChange | None = None,
) -> AccessClient:
    """A connection that does not come back once it is lost. Raises nats.errors.Error, OSError, TimeoutError."""
    client = AccessClient(access, on_error)
    try:
        await client.connect(
            access.url,
            name=name,
            inbox_prefix=f"_INBOX.{name}",
            allow_reconnect=False,
            max_reconnect_attempts=1,  # 0 would mean for ever
            reconnect_time_wait=0,
            connect_timeout=int(connect_timeout),
            ping_interval=10,
            pending_size=0,
            user=client.user,
            password=client.password,
            signature_cb=client.sign if access.by_nkey else None,
            error_cb=on_error,
            disconnected_cb=on_loss,
            reconnected_cb=on_return,
        )
    except BaseException:
        with suppress(Exception):
            # After a handshake that failed the library waits for the end of a connection that has ended.
            async with asyncio.timeout(_CLOSE_SECONDS):
                await client.close()
        raise
    return client


def access_of(settings: NatsSettings) -> BrokerAccess:
    """Access to NATS by the settings."""
    return BrokerAccess(
        settings.nats_url,
        settings.nats_authority_file,
        settings.nats_certificate_file,
        settings.nats_key_file,
        settings.nats_credentials_dir,
    )


def _unwrapped(seed: str) -> bytes:
    raw = base64.b32decode(seed + "=" * (-len(seed) % 8))
    if not raw.startswith(_USER_SEED) or len(raw) != len(_USER_SEED) + 32 + 2 or _checksum(raw[:-2]) != raw[-2:]:
        raise ValueError("nkey.seed is no seed of a user (SU…)")
    return raw[len(_USER_SEED) : -2]


def _checksum(raw: bytes) -> bytes:
    return crc_hqx(raw, 0).to_bytes(2, "little")


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Drops asyncio's remark about TLS, which comes whenever NATS ends a connection.

    A refused login would fill the log with it, every two seconds, and push out the sentence that says what is wrong.
    """
    return not record.getMessage().startswith("returning true from eof_received()")


logging.getLogger("asyncio").addFilter(_worth_a_line)
