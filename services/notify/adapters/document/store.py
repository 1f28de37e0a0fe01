"""Documents in the object store, each encrypted with the data key of its dossier."""

from dataclasses import dataclass

from chassis.event_store import FileKey, Store
from chassis.refusals import NotFound
from chassis.vault import FileVault
from chassis.vault.objects import Objects, path_of


@dataclass(frozen=True, slots=True)
class EncryptedDocuments:
    """Documents by the digest of their bytes."""

    store: Store
    vault: FileVault
    objects: Objects

    async def put(self, key: FileKey, wrapped_key: bytes, name: str, pdf: bytes) -> None:
        """Store a document under a name. Raises TooLarge, Away."""
        _, encrypted = self.vault.seal(key, wrapped_key, {name: pdf})
        await self.objects.put(path_of(key, name), encrypted[name])

    async def read(self, key: FileKey, name: str) -> bytes:
        """The document. Raises NotFound once the dossier is erased, Away."""
        wrapped_key, _ = await self.store.texts(key)
        if wrapped_key is None:
            raise NotFound
        return self.vault.open(key, wrapped_key, {name: await self.objects.get(path_of(key, name))})[name]
