"""Cache of file states: states by the digest of their history, and the last known revision of each file.

A cached file may have moved on elsewhere. It is good enough for a decision, because the write demands the head that was
decided upon; it is never good enough for a refusal.
"""

from collections import OrderedDict
from dataclasses import replace
from typing import Generic, TypeVar

from chassis.event_store.codec import State
from chassis.event_store.model import FileKey, Loaded

_Name = TypeVar("_Name")
_Value = TypeVar("_Value")


class StateCache(Generic[State]):
    """At most `limit` states and files, those used last."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._files: OrderedDict[FileKey, Loaded] = OrderedDict()

    def keep_state(self, head: bytes, state: State) -> None:
        """Stores the state of a history; it never changes."""
        _keep(self._states, head, state, self._limit)

    def knows(self, head: bytes) -> bool:
        """True when the state of this history is cached."""
        return head in self._states

    def state(self, head: bytes) -> State:
        """State of a cached history."""
        self._states.move_to_end(head)
        return self._states[head]

    def keep_file(self, key: FileKey, loaded: Loaded) -> None:
        """Stores revision, head and data key of a file as read or written here, without its facts."""
        if loaded.revision:
            _keep(self._files, key, replace(loaded, bodies=(), serials=(), answered=None), self._limit)

    def file(self, key: FileKey) -> Loaded | None:
        """The file without its facts, where its state is cached too."""
        loaded = self._files.get(key)
        return loaded if loaded is not None and loaded.head in self._states else None

    def forget(self, key: FileKey) -> None:
        """Drops a file that is being changed without the cache."""
        self._files.pop(key, None)


def _keep(entries: OrderedDict[_Name, _Value], name: _Name, value: _Value, limit: int) -> None:
    entries[name] = value
    entries.move_to_end(name)
    if len(entries) > limit:
        entries.popitem(last=False)
