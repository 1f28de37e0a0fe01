"""Contract of an event store, with its settings; the same tests prove it for memory and for PostgreSQL.

Serial numbers are drawn from named counters in the statement that loads the file, before the act decides. The update
of the counter's row is committed at once: no two calls get the same number, and none waits for the decision of another.
Example: counter `receipt/440105008/2016` stands at 41. Call A draws 42, call B draws 43; A's act refuses, so 42 is
never used; B's application gets 43. Numbers leave gaps and never come twice. A repeat of an answered request draws no
number: it gets the first answer, with the number inside. A batch of n files draws n consecutive numbers by one update.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.event_store.model import Append, AppendResult, Drawn, FileKey, IdempotencyKey, Loaded


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Limits of the event store and of waiting for positions."""

    attempts: int = 3
    """Times a change that lost the race for its file is decided again before LostRace."""
    fact_bytes: int = 48 * 1024
    """Bytes that the serialised event of one fact may have; a NATS message carries 64 KiB with its headers."""
    states: int = 2048
    """Files whose state is cached after it was folded, those used last; each takes a few kilobytes."""
    after_limit: float = 2.0
    """Seconds a call waits until the service has reached the caller's position."""
    grace: float = 1.0
    """Seconds until a refusal for what others have not said is final at the earliest: their outboxes may hold it."""
    after_recheck: float = 0.02
    """Seconds to the second look of a waiting call, then twice as long each time; the own inbox wakes it at once."""


DEFAULT_STORE_SETTINGS = StoreSettings()
"""Settings of a service that has none of its own."""


class KeyTaken(Exception):
    """Another change was faster: it took the next revision of the file, or (`by_cause`) the request id."""

    def __init__(self, *, by_cause: bool = False) -> None:
        self.by_cause = by_cause
        super().__init__("the request id is taken" if by_cause else "the next revision is taken")


class TextTaken(Exception):
    """Another text is on file under a name of the change, which is not written: no text is replaced by another."""

    def __init__(self) -> None:
        super().__init__("a text is on file under this name")


class Store(Protocol):
    """Files of facts. Every method raises Away when the store does not answer, and obeys the acting scope."""

    async def load(self, key: FileKey, cause: IdempotencyKey | None, serials: Sequence[str] = ()) -> Loaded:
        """File, any earlier answer to the cause, and a number from each counter named; one round trip.

        Numbers leave gaps and never come twice. None is drawn for a cause that was answered.
        """

    async def append(self, change: Append, recorded_at: datetime) -> None:
        """Writes the change; one round trip, one commit.

        Raises KeyTaken, TextTaken for a text under a name that is on file, and NotPermitted outside the scope.
        """

    async def texts(self, key: FileKey) -> tuple[bytes | None, Mapping[str, bytes]]:
        """Wrapped data key and every ciphertext of the file; no key once the file is erased."""

    async def load_many(self, keys: Sequence[FileKey]) -> list[Loaded]:
        """Files, in the order of `keys`; one statement, as the worker."""

    async def append_many(self, changes: Sequence[Append], recorded_at: datetime) -> list[AppendResult]:
        """Writes changes of different files in one statement, as the worker; one result for each.

        A stale change is left out and the others are written. A race lost while writing raises KeyTaken, a text under
        a name that is on file TextTaken, and nothing is written: load and decide the batch again, or each file alone.
        """

    async def draw(self, district: str, counts: Mapping[str, int]) -> Drawn:
        """Draws consecutive numbers of each counter, as the worker; the first of each."""
