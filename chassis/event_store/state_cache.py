"""What this process saw last of files: states under the digest of their history, and how far each file went.

A remembered file may have moved on elsewhere. It is good enough to decide upon, since writing asks for the very head
that was decided upon; it is never good enough to refuse upon.
"""

from collections import OrderedDict
from dataclasses import replace
from typing import Generic, TypeVar

from chassis.event_store.codec import State
from chassis.event_store.model import FileKey, Loaded

_Name = TypeVar("_Name")
_Kept = TypeVar("_Kept")


class StateCache(Generic[State]):
    """At most `limit` states and files, those used last."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._files: OrderedDict[FileKey, Loaded] = OrderedDict()

    def keep_state(self, head: bytes, state: State) -> None:
        """This history makes this state, for ever."""
        _keep(self._states, head, state, self._limit)

    def knows(self, head: bytes) -> bool:
        """Whether the state of this history is remembered."""
        return head in self._states

    def state(self, head: bytes) -> State:
        """The state of a history that is known."""
        self._states.move_to_end(head)
        return self._states[head]

    def keep_file(self, key: FileKey, loaded: Loaded) -> None:
        """So far the file went when it was read or written here; its facts themselves are not kept."""
        if loaded.revision:
            _keep(self._files, key, replace(loaded, bodies=(), serials=(), answered=None), self._limit)

    def file(self, key: FileKey) -> Loaded | None:
        """The file without its facts, where its state is known too."""
        loaded = self._files.get(key)
        return loaded if loaded is not None and loaded.head in self._states else None

    def forget(self, key: FileKey) -> None:
        """The file is being changed by another road."""
        self._files.pop(key, None)


def _keep(kept: OrderedDict[_Name, _Kept], name: _Name, value: _Kept, limit: int) -> None:
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > limit:
        kept.popitem(last=False)
