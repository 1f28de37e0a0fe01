"""What a store of files offers; the same suite proves it for memory and for PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chassis.event_store.model import Append, AppendResult, Drawn, FileKey, IdempotencyKey, Loaded


class KeyTaken(Exception):
    """Another change was faster: it took the next revision of the file, or (`by_cause`) the request id."""

    def __init__(self, *, by_cause: bool = False) -> None:
        self.by_cause = by_cause
        super().__init__("the request id is taken" if by_cause else "the next revision is taken")


class Store(Protocol):
    """Files of facts. Every method raises Away when the store does not answer, and obeys the acting scope."""

    async def load(self, key: FileKey, cause: IdempotencyKey | None, serials: Sequence[str] = ()) -> Loaded:
        """The file, any answer to the cause, and a number from each counter named; one round trip.

        Numbers leave gaps and never come twice. None is drawn for a cause that was answered.
        """

    async def append(self, change: Append, recorded_at: datetime) -> None:
        """Write the change; one round trip, one commit. Raises KeyTaken, and NotPermitted outside the scope."""

    async def texts(self, key: FileKey) -> tuple[bytes | None, Mapping[str, bytes]]:
        """The wrapped data key and every ciphertext of the file; no key once the file is erased."""

    async def load_many(self, keys: Sequence[FileKey]) -> list[Loaded]:
        """The files, in order; one statement, as the worker."""

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        """Write changes of different files, all in one statement, as the worker; one outcome for each.

        A stale change is left out and the others are written. A race lost while writing raises KeyTaken and
        nothing is written: load and decide the batch again.
        """

    async def draw(self, district: str, counts: Mapping[str, int]) -> Drawn:
        """Draw several consecutive numbers of each counter at once; the first of each. As the worker."""
