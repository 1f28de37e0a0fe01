"""How a client comes to NATS: address, TLS, name and password or nkey; mounted files are read at every connect."""

import asyncio
import base64
import json
import logging
import ssl
from binascii import crc_hqx
from collections.abc import Awaitable, Callable, Mapping
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

_USER_SEED = bytes([(18 << 3) | (20 >> 2), (20 << 3) & 0xFF])
_USER_KEY = bytes([20 << 3])
"""Prefixes of nkeys: `SU` before a user's seed, `U` before a user's public key."""


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """Where NATS is and as whom we come."""

    url: str
    authority: Path | None = None
    """PEM authorities of the server; with them TLS is demanded."""
    certificate: Path | None = None
    key: Path | None = None
    """Our own certificate and its key, where the server wants one."""
    credentials: Path | None = None
    """The folder with `username` and `password`, or with `nkey.seed`."""

    @property
    def private(self) -> bool:
        """Whether nothing may be said in the clear."""
        return self.authority is not None or self.url.startswith("tls://")

    def context(self) -> ssl.SSLContext:
        """TLS as the files say now."""
        context = ssl.create_default_context(cafile=self.authority)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.key)
        return context

    def password_login(self) -> Mapping[str, str]:
        """The name and password of a connect, as mounted now; empty for an nkey or nobody. Raises FileAway."""
        folder = self.credentials
        if folder is None or self._seed().exists():
            return {}
        return {name: filled(WatchedFile(folder / f)) for name, f in (("user", "username"), ("pass", "password"))}

    def nkey_login(self, nonce: str) -> Mapping[str, str]:
        """The key and signature of a connect by nkey; empty without one. Raises FileAway, ValueError."""
        if self.credentials is None or not self._seed().exists():
            return {}
        private = Ed25519PrivateKey.from_private_bytes(_unwrapped(filled(WatchedFile(self._seed()))))
        public = private.public_key().public_bytes_raw()
        signature = base64.b64encode(private.sign(nonce.encode()))
        return {"nkey": _public(public), "sig": signature.decode()}

    def _seed(self) -> Path:
        assert self.credentials is not None
        return self.credentials / "nkey.seed"


class AccessClient(Client):
    """The library's client, which asks its access anew at every connect and says nothing where TLS is missing."""

    def __init__(self, access: BrokerAccess) -> None:
        super().__init__()
        self._access = access

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """TLS as the files say now."""
        return self._access.context()

    def comes_back(self, wait: float, gone: Callable[[], Awaitable[None]], back: Callable[[], Awaitable[None]]) -> None:
        """From now on a lost connection is made anew for ever, every `wait` seconds, and both ends of a gap are told.

        The first connection is not left to the library's own repetition, which a failed handshake would stop.
        """
        self.options |= {"allow_reconnect": True, "max_reconnect_attempts": -1, "reconnect_time_wait": wait}
        self._disconnected_cb, self._reconnected_cb = gone, back

    def _connect_command(self) -> bytes:
        if self._access.private and not self._server_info.get("tls_required"):
            raise Error("nats: the server offers no TLS")
        said = json.loads(super()._connect_command().removeprefix(_CONNECT))
        try:
            said |= {
                **self._access.password_login(),
                **self._access.nkey_login(str(self._server_info.get("nonce", ""))),
            }
        except (FileAway, ValueError) as error:
            raise Error(f"nats: {error}") from error
        return _CONNECT + json.dumps(said).encode() + b"\r\n"

    async def _process_err(self, err_msg: str) -> None:
        """A connection that the server ends (a password was changed, it was too slow) is made anew.

        The library would close it for good on any error but a refused subject.
        """
        if "permissions violation" in err_msg.lower():
            await super()._process_err(err_msg)
        else:
            await self._error_cb(Error(f"nats: {err_msg}"))
            await self._process_op_err(Error(f"nats: {err_msg}"))


def _worth_a_line(record: logging.LogRecord) -> bool:
    """The library's stream does not know of its TLS, and asyncio says so whenever NATS ends a connection.

    A login that is refused would push the sentence about it out of the log, a line every two seconds.
    """
    return not record.getMessage().startswith("returning true from eof_received()")


logging.getLogger("asyncio").addFilter(_worth_a_line)

_CONNECT = b"CONNECT "
_CLOSE_SECONDS = 1.0

OnError: TypeAlias = Callable[[Exception], Awaitable[None]]


async def connect_once(
    access: BrokerAccess, name: str, on_error: OnError, connect_timeout: float = 5.0
) -> AccessClient:
    """A connection that does not come back once it is lost. Raises nats.errors.Error, OSError, TimeoutError."""
    client = AccessClient(access)
    try:
        await client.connect(
            access.url,
            name=name,
            inbox_prefix=f"_INBOX.{name}",
            allow_reconnect=False,
            max_reconnect_attempts=1,  # none would be for ever
            reconnect_time_wait=0,
            connect_timeout=int(connect_timeout),
            ping_interval=10,
            pending_size=0,
            error_cb=on_error,
        )
    except BaseException:
        with suppress(Exception):
            # After a handshake that failed the library waits for the end of a connection that has ended.
            async with asyncio.timeout(_CLOSE_SECONDS):
                await client.close()
        raise
    return client


def access_of(settings: NatsSettings) -> BrokerAccess:
    """What the settings name."""
    return BrokerAccess(
        settings.nats_url,
        settings.nats_authority_file,
        settings.nats_certificate_file,
        settings.nats_key_file,
        settings.nats_credentials_dir,
    )


def _unwrapped(seed: str) -> bytes:
    raw = base64.b32decode(seed + "=" * (-len(seed) % 8))
    if not raw.startswith(_USER_SEED) or len(raw) != len(_USER_SEED) + 32 + 2 or _sum(raw[:-2]) != raw[-2:]:
        raise ValueError("nkey.seed is no seed of a user (SU…)")
    return raw[len(_USER_SEED) : -2]


def _public(key: bytes) -> str:
    raw = _USER_KEY + key
    return base64.b32encode(raw + _sum(raw)).decode().rstrip("=")


def _sum(raw: bytes) -> bytes:
    return crc_hqx(raw, 0).to_bytes(2, "little")
