"""Public keys of the single sign-on: from a mounted file or from its address, read again when they are rotated."""

import asyncio
import json
import time
from typing import Protocol

import aiohttp
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.refusals import Away
from chassis.settings.watched_file import UnusableFile, WatchedFile

_SIZE_LIMIT = 256 * 1024
_PAUSE_SECONDS = 10.0
"""Seconds between two fetches because of an unknown key or a failure."""

_log = structlog.get_logger(__name__)


class KeySource(Protocol):
    """Source of the keys that verify tokens."""

    async def keys(self) -> KeySet:
        """Keys as known now; raises Away when none were ever read."""

    async def look_again(self) -> KeySet:
        """Keys after a look for new ones, because a token names an unknown key."""


class FileKeys:
    """Keys in a mounted JWKS file; after an unreadable replacement the last ones stay valid.

    The file is looked at every `look_seconds`: a look at each call would cost more than the rest of the gate.
    """

    def __init__(self, file: WatchedFile, look_seconds: float = 1.0) -> None:
        self._file = file
        try:
            self._keys = _key_set(file.read())
        except ValueError as error:
            raise UnusableFile(f"{file.path.name}: {error}") from error
        self._look_seconds = look_seconds
        self._looked_at = time.monotonic()

    async def keys(self) -> KeySet:
        """Keys of the file as mounted now."""
        if time.monotonic() - self._looked_at >= self._look_seconds:
            await self.look_again()
        return self._keys

    async def look_again(self) -> KeySet:
        """Keys of the file after a look at it."""
        self._looked_at = time.monotonic()
        if self._file.changed():
            try:
                self._keys = _key_set(self._file.read())
            except ValueError:
                _log.warning("token keys unreadable", file=self._file.path.name)
        return self._keys


class PublishedKeys:
    """Keys at the address of the single sign-on; while it is away, the last ones stay valid."""

    def __init__(self, url: str, refresh_seconds: float, timeout_seconds: float) -> None:
        self._url = url
        self._refresh = refresh_seconds
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._keys: KeySet | None = None
        self._tried_at = float("-inf")
        self._read_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def keys(self) -> KeySet:
        """Keys last read; when they are old, new ones are fetched in the background."""
        if self._keys is None:
            return await self.look_again()
        if time.monotonic() - self._read_at > self._refresh:
            self._begin()
        return self._keys

    async def look_again(self) -> KeySet:
        """Keys after one fetch, unless one was tried a moment ago; raises Away when there are none."""
        if fetching := self._begin():
            await asyncio.shield(fetching)
        if self._keys is None:
            raise Away
        return self._keys

    def _begin(self) -> asyncio.Task[None] | None:
        """The current fetch, or a new one when the last try is long enough ago."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        if time.monotonic() - self._tried_at < _PAUSE_SECONDS:
            return None
        self._tried_at = time.monotonic()
        self._fetching = asyncio.create_task(self._read())
        return self._fetching

    async def _read(self) -> None:
        try:
            self._keys = _key_set(await self._fetch())
            self._read_at = time.monotonic()
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
            _log.warning("token keys not fetched", error=type(error).__name__)

    async def _fetch(self) -> bytes:
        async with (
            aiohttp.ClientSession(timeout=self._timeout, raise_for_status=True) as session,
            session.get(self._url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise ValueError(f"the single sign-on answered {answer.status}")
            body = await answer.content.read(_SIZE_LIMIT)
            if not answer.content.at_eof():
                raise ValueError("the key set is larger than any real one")
            return body


def _key_set(text: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(json.loads(text))
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise ValueError("the key set is no JWKS") from error
