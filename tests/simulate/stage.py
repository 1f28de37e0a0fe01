"""The stage: while a world runs, the services ask it for time, for ids, and for what is outside."""

import asyncio
import logging
import random as global_random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import ModuleType
from typing import Any
from uuid import UUID

import structlog
import uuid_utils.compat

from chassis.vault import objects
from services.approval.handoff import parts as handoff_parts_module
from services.notify.adapters import parts as notify_parts_module
from tests.simulate.outside import MemoryObjects, PlainTypesetter, SimulatedGateway
from tests.simulate.scheduler import Scheduler
from tests.simulate.world import MACHINES_BEGIN, World

_CLOCKS = {"time": MACHINES_BEGIN.timestamp(), "monotonic": 0.0}
"""Clocks of the machine that are virtual while a world runs, and where each of them begins."""
_current: list[World] = []


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
    notify_parts_module.shipped_templates = cache(notify_parts_module.shipped_templates)


def _replace(module: ModuleType, name: str, simulated: Callable[..., object]) -> None:
    real = getattr(module, name)

    def chosen(*arguments: object) -> object:
        return (simulated if _current else real)(*arguments)

    setattr(module, name, chosen)


def _travel() -> Any:
    world = _current[-1]
    delay = world.delay()
    return asyncio.sleep(delay) if delay else None


def _virtual(scheduler: Scheduler, begins: float) -> float:
    return begins + scheduler.instant


@contextmanager
def running(world: World) -> Iterator[World]:
    """The world, whose clock and chance are those of the process until the block ends."""
    install()
    _current.append(world)
    real = {name: getattr(time, name) for name in _CLOCKS}
    for name, begins in _CLOCKS.items():
        setattr(time, name, partial(_virtual, world.scheduler, begins))
    state, logs = global_random.getstate(), structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    global_random.seed(world.random.random())
    try:
        yield world
    finally:
        world.scheduler.unwind()
        for name, clock in real.items():
            setattr(time, name, clock)
        global_random.setstate(state)
        structlog.configure(**logs)
        _current.remove(world)
