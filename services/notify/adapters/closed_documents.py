"""Documents in the store of objects, each closed with the data key of its dossier."""

from dataclasses import dataclass

from chassis.event_store import FileKey, Store
from chassis.refusals import NotFound
from chassis.vault import FileVault
from chassis.vault.objects import Objects, path_of


@dataclass(frozen=True, slots=True)
class ClosedObjects:
    """Keeps documents by the digest of their bytes."""

    store: Store
    vault: FileVault
    objects: Objects

    async def keep(self, key: FileKey, wrapped: bytes, name: str, pdf: bytes) -> None:
        """Keep a document under a name; raises TooLarge, Away."""
        _, closed = self.vault.seal(key, wrapped, {name: pdf})
        await self.objects.put(path_of(key, name), closed[name])

    async def read(self, key: FileKey, name: str) -> bytes:
        """The document; raises NotFound once the dossier is erased, Away."""
        wrapped, _ = await self.store.texts(key)
        if wrapped is None:
            raise NotFound
        return self.vault.open(key, wrapped, {name: await self.objects.get(path_of(key, name))})[name]
