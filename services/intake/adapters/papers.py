"""Electronic papers in the object store, each closed with the data key of its application."""

from dataclasses import dataclass

from chassis.event_store import FileKey, Store
from chassis.refusals import NotFound
from chassis.vault import FileVault
from chassis.vault.objects import Objects, path_of


@dataclass(frozen=True, slots=True)
class ClosedPapers:
    """Keeps papers by the digest of their bytes, so that a repeat lays the same paper in the same place."""

    store: Store
    vault: FileVault
    objects: Objects

    async def keep(self, key: FileKey, name: str, content: bytes) -> None:
        """Keep the content under a name; raises NotFound for a file that is not there, TooLarge, Away."""
        wrapped, _ = await self.store.texts(key)
        if wrapped is None:
            raise NotFound("未找到该申请。")
        _, closed = self.vault.seal(key, wrapped, {name: content})
        await self.objects.put(path_of(key, name), closed[name])
