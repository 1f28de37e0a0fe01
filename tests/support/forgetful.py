"""Services that remember nothing: every cache of a process is emptied before each call and each batch of its inbox.

An answer that rested on what a process remembers would differ from the one after `kill -9`, or from the one of another
replica. A test process forgets while `remembering_nothing` holds; a service of its own process forgets when it is
started by this module:

    python -m tests.support.forgetful services.intake

Caches are emptied while no other call is under way, as they are when a process starts.
"""

import runpy
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import Any
from weakref import WeakSet

import pytest

from chassis.event_store import FileRepository, PositionWaiter
from chassis.event_store.state_cache import StateCache
from chassis.inbox.applier import Applier
from chassis.rpc.call import GuardedMethod
from chassis.rpc.identity.tokens import TokenVerifier
from chassis.vault import FileVault
from law.workdays import state_council
from protocol.calendars import ReceivedCalendars
from services.intake.adapters.catalogue.cache import CachedCatalogue
from services.intake.usecases.office import HallOffice
from services.metrics.usecases import SharedBoard

CACHES: Mapping[type, Mapping[str, Callable[[], object]]] = {
    StateCache: {"_states": OrderedDict, "_files": OrderedDict},
    TokenVerifier: {"_known": OrderedDict},
    FileVault: {"_opened": OrderedDict},
    ReceivedCalendars: {"_known": list, "_calendar": state_council},
    CachedCatalogue: {"_catalogue": lambda: None, "_publications": lambda: None, "_revisions": dict, "_entries": dict},
    HallOffice: {"_due_dates": lambda: None},
    SharedBoard: {"_looks": dict, "_current": dict},
}
"""What the services keep of what they read: class, attribute, and what it is when nothing was read."""


class Forgetter:
    """All caches of this process, and the calls that are under way."""

    def __init__(self) -> None:
        self.active = False
        self.emptied = 0
        self._caches: WeakSet[Any] = WeakSet()
        self._under_way = 0

    def install(self) -> None:
        """Follow every cache that is made from now on, and empty them before each call while active."""
        for kind in CACHES:
            _extend(kind, "__init__", self._following)
        for kind, method in ((FileRepository, "change"), (FileRepository, "read"), (PositionWaiter, "until_reached")):
            _extend(kind, method, self._forgetting)
        _extend(Applier, "apply", self._forgetting)
        _extend(GuardedMethod, "unary", lambda unary: _with_answer(unary, self._forgetting))
        _extend(GuardedMethod, "streamed", lambda streamed: _with_answer(streamed, self._forgetting_stream))

    def forget(self) -> None:
        """Empty every cache."""
        for cache in self._caches:
            for name, empty in CACHES[type(cache)].items():
                setattr(cache, name, empty())
        self.emptied += 1

    @contextmanager
    def _call(self) -> Iterator[None]:
        if self.active and not self._under_way:
            self.forget()
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def _following(self, init: Callable[..., None]) -> Callable[..., None]:
        @wraps(init)
        def followed(cache: Any, *given: Any, **named: Any) -> None:
            init(cache, *given, **named)
            self._caches.add(cache)

        return followed

    def _forgetting(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        async def forgetful(*given: Any, **named: Any) -> Any:
            with self._call():
                return await method(*given, **named)

        return forgetful

    def _forgetting_stream(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        async def forgetful(*given: Any, **named: Any) -> AsyncIterator[Any]:
            with self._call():
                pass
            async for answer in method(*given, **named):
                yield answer

        return forgetful


_forgetter = Forgetter()


@contextmanager
def remembering_nothing() -> Iterator[Forgetter]:
    """Empties every cache of this process before each call, until the block ends."""
    _forgetter.active = True
    try:
        yield _forgetter
    finally:
        _forgetter.active = False


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every cache of this process is emptied before each call, except in a test of what is kept (`remembers`)."""
    if request.node.get_closest_marker("remembers"):
        yield
        return
    with remembering_nothing():
        yield


def _extend(kind: type, name: str, extension: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    setattr(kind, name, extension(getattr(kind, name)))


def _with_answer(
    guard: Callable[..., Any], extension: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Callable[..., Any]:
    """The guard of a method, whose guarded answer is extended."""

    @wraps(guard)
    def guarded(self: GuardedMethod, answer: Any, validate: Any) -> Any:
        return extension(guard(self, answer, validate))

    return guarded


if __name__ == "__main__":
    # The module by its name, which the services' classes know: this one is called __main__ and follows nothing.
    with import_module("tests.support.forgetful").remembering_nothing():
        sys.argv = sys.argv[1:]
        runpy.run_module(f"{sys.argv[0]}.__main__", run_name="__main__")
else:
    _forgetter.install()
