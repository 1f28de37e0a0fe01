"""A PostgreSQL that speaks TLS: a door before the real one, which was built without."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_TLS_REQUEST = 8
"""Bytes of the request with which a client begins."""


@asynccontextmanager
async def tls_door(host: str, port: int, certificate: Path, key: Path) -> AsyncIterator[int]:
    """The port of the door, while it is open; the certificate is read at every connection."""

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            await reader.readexactly(_TLS_REQUEST)
            writer.write(b"S")
            await writer.drain()
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, key)
            await writer.start_tls(context)
            behind_reader, behind = await asyncio.open_connection(host, port)
            await asyncio.gather(_carry(reader, behind), _carry(behind_reader, writer))

    async with await asyncio.start_server(enter, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
