"""Client channel whose mounted certificates may be replaced while calls go on."""

import asyncio
from collections.abc import Sequence

import grpc
import grpc.aio

from chassis.rpc.identity.rotating_certificates import IdentityFiles, Pems

ChannelOptions = Sequence[tuple[str, int]]

_GRACE_SECONDS = 60.0
"""Seconds in which the calls on an old channel end; each has a deadline far below."""


class RotatingChannel:
    """Channel to one target; plaintext without `files`."""

    def __init__(self, target: str, files: IdentityFiles | None, options: ChannelOptions) -> None:
        self._target = target
        self._files = files
        self._options = list(options)
        self._channel = self._made(files.pems if files else None)
        self._leaving: set[asyncio.Task[None]] = set()

    def channel(self) -> grpc.aio.Channel:
        """Channel for the next call."""
        pems = self._files.replaced() if self._files else None
        if pems is not None:
            old, self._channel = self._channel, self._made(pems)
            leaving = asyncio.create_task(old.close(_GRACE_SECONDS))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
        return self._channel

    async def close(self) -> None:
        """Closes the channel, and earlier ones whose calls are still ending."""
        for leaving in self._leaving:
            leaving.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        await self._channel.close(None)

    def _made(self, pems: Pems | None) -> grpc.aio.Channel:
        if pems is None:
            return grpc.aio.insecure_channel(self._target, options=self._options)
        credentials = grpc.ssl_channel_credentials(pems.authority, pems.key, pems.certificate)
        return grpc.aio.secure_channel(self._target, credentials, options=self._options)
