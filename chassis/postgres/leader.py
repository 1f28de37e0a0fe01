"""One of the replicas does what must not be done twice at once: whoever holds the advisory lock."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

import structlog
from prometheus_client import Gauge

from chassis.postgres.database import Connection, Pool, is_away

_log = structlog.get_logger()
_leads = Gauge("onewindow_leader", "1 where this replica leads the loop, else 0.", ["loop"])


@dataclass(frozen=True, slots=True)
class LeaderSettings:
    """How leadership passes on; seconds."""

    retry: float = 1.0
    """Seconds between tries of a replica that does not lead."""
    heartbeat: float = 1.0
    """Seconds between looks at whether the lock's connection lives; the work stops when it does not."""
    heartbeat_limit: float = 5.0
    """Seconds a look may take before the connection counts as lost."""


DEFAULT_LEADER = LeaderSettings()


async def lead(
    pool: Pool,
    loop: str,
    work: Callable[[], Awaitable[None]],
    settings: LeaderSettings = DEFAULT_LEADER,
    *,
    lock: str = "",
) -> None:
    """Run `work` whenever this replica holds the advisory lock, for ever.

    `loop` names the loop in logs and metrics; `lock` names its lock where that differs. The name of a lock never
    changes: releases that run side by side during an update must compete for the same one, or both would lead.

    The lock belongs to one connection of the worker: with it goes the leadership, and `work` is cancelled. In the
    moment between, two may lead: the work must bear it, and the store's keys see to that. The connection lies apart
    from the pool, so that a replica that leads every loop has as many for their work as one that leads none.
    """
    _leads.labels(loop).set(0)  # where nobody ever led, that is told too
    while True:
        try:
            async with pool.acquire() as connection:
                if await connection.fetchval("select pg_try_advisory_lock($1)", lock_key(lock or loop)):
                    with pool.apart():
                        await _leading(pool, connection, loop, work, settings)
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("leader_lost", loop=loop, reason=type(error).__name__)
        await asyncio.sleep(settings.retry)


def lock_key(lock: str) -> int:
    """Number of the advisory lock of this name, in this database."""
    return int.from_bytes(sha256(lock.encode()).digest()[:8], signed=True)


async def _leading(
    pool: Pool, connection: Connection, loop: str, work: Callable[[], Awaitable[None]], settings: LeaderSettings
) -> None:
    _leads.labels(loop).set(1)
    _log.info("leader_taken", loop=loop)
    working = asyncio.ensure_future(work())
    watching = asyncio.create_task(_watch(pool, connection, settings))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
    finally:
        _leads.labels(loop).set(0)
        for task in (working, watching):
            task.cancel()
        for task in (working, watching):
            await _stopped(task, settings)
        await _resign(connection, loop, settings)
    for task in (working, watching):
        if not task.cancelled():
            task.result()


async def _stopped(task: "asyncio.Future[None]", settings: LeaderSettings) -> None:
    """Cancelled until it ends: a rollback on a connection that is gone raises in place of the cancellation."""
    while not (await asyncio.wait((task,), timeout=settings.heartbeat))[0]:
        task.cancel()
    if not task.cancelled():
        task.exception()  # seen, even where the other task's is raised


async def _watch(pool: Pool, connection: Connection, settings: LeaderSettings) -> None:
    """Ends when the login was rotated: the next leader's connection is made with the new one."""
    while not pool.outdated(connection):
        await asyncio.sleep(settings.heartbeat)
        await connection.execute("select 1", timeout=settings.heartbeat_limit)


async def _resign(connection: Connection, loop: str, settings: LeaderSettings) -> None:
    try:
        await connection.execute("select pg_advisory_unlock_all()", timeout=settings.heartbeat_limit)
    except Exception as error:
        _log.warning("leader_lock_dropped", loop=loop, reason=type(error).__name__)
        with suppress(Exception):
            connection.terminate()
