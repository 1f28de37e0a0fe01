"""Object store of materials: a folder, S3 or memory, by the same calls. Callers encrypt with the key of the file."""

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from chassis.event_store import FileKey
from chassis.refusals import Away, NotFound, StorageFull, TooLarge
from chassis.settings.watched_file import WatchedFile

if TYPE_CHECKING:
    from obstore.store import S3Config

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TIMEOUT = "30s"
_FULL = ("StorageFull", "507 Insufficient Storage")
"""Words of the library where nothing is left to write on: it has no class for that. The kind of a folder's error, and
of an S3 store the name of MinIO (XMinioStorageFull) or the status in HTTP."""


class Objects:
    """One store of encrypted blobs of at most `limit` bytes."""

    def __init__(self, store: ObjectStore, limit: int) -> None:
        self._store = store
        self._limit = limit

    async def put(self, path: str, blob: bytes) -> bytes:
        """Stores `blob` at `path`; its SHA-256. Raises TooLarge, StorageFull, Away (no answer)."""
        if len(blob) > self._limit:
            raise TooLarge
        try:
            await obstore.put_async(self._store, path, blob)
        except BaseError as error:
            raise (StorageFull if any(words in str(error) for words in _FULL) else Away) from error
        return hashlib.sha256(blob).digest()

    async def get(self, path: str) -> bytes:
        """Blob at `path`. Raises NotFound, or Away when the store does not answer."""
        try:
            found = await obstore.get_async(self._store, path)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except BaseError as error:
            raise Away from error

    async def size(self, path: str) -> int:
        """Size of the blob at `path` in bytes. Raises NotFound, or Away when the store does not answer."""
        try:
            return int((await obstore.head_async(self._store, path))["size"])
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound from error
        except BaseError as error:
            raise Away from error

    async def remove(self, path: str) -> None:
        """Deletes the blob at `path`, if there is one. Raises Away."""
        try:
            await obstore.delete_async(self._store, path)
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise Away from error


def opened(url: str, limit: int, credentials: WatchedFile | None = None) -> Objects:
    """Store at `url` (file://, s3://, memory://); `credentials` is a JSON file with settings of the S3 client."""
    return Objects(_store(url, credentials), limit)


def path_of(key: FileKey, name: str) -> str:
    """Path of an object of a file, below its place, so that all objects of a place can be moved or erased together."""
    if not _NAME.fullmatch(name):
        raise ValueError("name: letters, digits, dot, dash and underscore, at most 100")
    return f"{key.district}/{key.street}/{key.file_id}/{name}"


def _store(url: str, credentials: WatchedFile | None) -> ObjectStore:
    if url.startswith("memory://"):
        return MemoryStore()
    if url.startswith("file://"):
        return LocalStore(Path(unquote(url.removeprefix("file://"))), mkdir=True)
    config: S3Config = json.loads(credentials.read()) if credentials is not None else {}
    return S3Store.from_url(url, config=config, client_options={"timeout": _TIMEOUT})
