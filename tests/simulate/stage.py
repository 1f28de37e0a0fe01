"""The stage: while a world runs, the services ask it for time, for ids, and for what is outside."""

import logging
import random as global_random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from types import ModuleType
from typing import Any
from uuid import UUID

import structlog
import uuid_utils.compat
from prometheus_client.metrics import MetricWrapperBase

from chassis.settings.watched_file import WatchedFile
from chassis.vault import keys, objects
from services.approval.handoff import parts as handoff_parts_module
from services.intake.adapters.catalogue.cache import ENTRIES
from services.notify.adapters import parts as notify_parts_module
from tests.simulate.outside import MemoryObjects, PlainTypesetter, SimulatedGateway
from tests.simulate.scheduler import Scheduler
from tests.simulate.world import MACHINES_BEGIN, World

_CLOCKS = {"time": MACHINES_BEGIN.timestamp(), "monotonic": 0.0}
"""Clocks of the machine that are virtual while a world runs, and where each of them begins."""
_current: list[World] = []
_parse = keys._parsed
_parsed: dict[bytes, keys.KeyFile] = {}


class Unread:
    """In place of a series of the metrics, which nobody reads in a history."""

    def inc(self, _amount: float = 1) -> None:
        """Count."""

    def set(self, _value: float) -> None:
        """Show."""

    def observe(self, _amount: float) -> None:
        """Measure."""


_UNREAD = Unread()
_SERIES: Mapping[str, Callable[..., Any]] = {"labels": lambda *_labels: _UNREAD, "remove": lambda *_labels: None}
"""Methods of a metric while a world runs."""


def _uuid7() -> UUID:
    return _current[-1].uuid7() if _current else uuid_utils.compat.uuid7()


@cache
def install() -> None:
    """Let the services ask the current world for ids and for what is outside; without one everything is as it was."""
    real = uuid_utils.compat.uuid7
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if name.startswith(("chassis", "services", "protocol")) and getattr(module, "uuid7", None) is real:
            setattr(module, "uuid7", _uuid7)  # noqa: B010 # the module is any of them
    _replace(handoff_parts_module, "open_client", lambda *_: _current[-1].district.client(_travel))
    _replace(notify_parts_module, "SmsGateway", lambda *_: SimulatedGateway(_current[-1].carrier, _travel))
    _replace(notify_parts_module, "TypstTypesetter", PlainTypesetter)
    _replace(objects, "opened", lambda *_: MemoryObjects(_current[-1].blobs))
    _replace(keys, "_parsed", _parsed_once)
    # Entries of the catalogue are the same facts in every history, and each process reads them at its start.
    vars(ENTRIES)["decode"] = lru_cache(ENTRIES.decode)
    notify_parts_module.shipped_templates = cache(notify_parts_module.shipped_templates)


def _parsed_once(file: WatchedFile) -> keys.KeyFile:
    """The keys of a file, which are read once for every history."""
    content = file.read()
    if content not in _parsed:
        _parsed[content] = _parse(file)
    return _parsed[content]


def _replace(module: ModuleType, name: str, simulated: Callable[..., object]) -> None:
    real = getattr(module, name)

    def chosen(*arguments: object) -> object:
        return (simulated if _current else real)(*arguments)

    setattr(module, name, chosen)


def _travel() -> Any:
    world = _current[-1]
    delay = world.delay()
    return world.scheduler.way(delay) if delay else None


def _virtual(scheduler: Scheduler, begins: float) -> float:
    return begins + scheduler.instant


def _set_series(methods: Mapping[str, Callable[..., Any]]) -> None:
    for name, method in methods.items():
        setattr(MetricWrapperBase, name, method)


@contextmanager
def running(world: World) -> Iterator[World]:
    """The world, whose clock and chance are those of the process until the block ends."""
    install()
    _current.append(world)
    real = {name: getattr(time, name) for name in _CLOCKS}
    for name, begins in _CLOCKS.items():
        setattr(time, name, partial(_virtual, world.scheduler, begins))
    series = {name: getattr(MetricWrapperBase, name) for name in _SERIES}
    _set_series(_SERIES)
    state, logs = global_random.getstate(), structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    global_random.seed(world.random.random())
    try:
        yield world
    finally:
        world.scheduler.unwind()
        for name, clock in real.items():
            setattr(time, name, clock)
        _set_series(series)
        global_random.setstate(state)
        structlog.configure(**logs)
        _current.remove(world)
