"""Leader election by advisory locks: one replica runs a loop that must not run twice at once.

Each replica tries the lock of each loop once a second, on a connection of the worker. The lock belongs to the session
of that connection: when the leader dies or its network fails, PostgreSQL ends the session, the lock is free, and the
next replica that tries has it. No lease expires and no clocks are compared.

Example: replicas A and B run the outbox publisher. A holds the lock and looks every second whether its connection
lives. A's node is unplugged: TCP keepalive lets PostgreSQL end A's session after at most 25 seconds, and B leads at its
next try. If A comes back, its look at the connection fails, and its loop is cancelled within a second. In the moment
between, both may publish: the work must bear that, and here the message ids and the keys of the store see to it.
"""

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
    """Times of leader election, in seconds."""

    retry: float = 1.0
    """Seconds between tries of a replica that does not lead."""
    heartbeat: float = 1.0
    """Seconds between checks of the lock's connection; the work is cancelled when it is lost."""
    heartbeat_limit: float = 5.0
    """Seconds a check may take before the connection counts as lost."""


DEFAULT_LEADER = LeaderSettings()


async def lead(
    pool: Pool,
    loop: str,
    work: Callable[[], Awaitable[None]],
    settings: LeaderSettings = DEFAULT_LEADER,
    *,
    lock: str = "",
) -> None:
    """Runs `work` whenever this replica holds the advisory lock, for ever.

    `loop` names the loop in logs and metrics; `lock` names its lock where that differs. The name of a lock never
    changes: releases that run side by side during an update must compete for the same one, or both would lead.

    The lock belongs to one connection of the worker; when that is lost, `work` is cancelled. The connection is not
    counted by the pool, so that a replica that leads every loop has as many for its work as one that leads none.
    """
    _leads.labels(loop).set(0)  # so that the series exists before any replica leads
    while True:
        try:
            async with pool.acquire() as connection:
                if await connection.fetchval("select pg_try_advisory_lock($1)", lock_key(lock or loop)):
                    with pool.uncounted():
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
    """Cancels a task until it ends: a rollback on a lost connection raises in place of the cancellation."""
    while not (await asyncio.wait((task,), timeout=settings.heartbeat))[0]:
        task.cancel()
    if not task.cancelled():
        task.exception()  # retrieved, even where the error of the other task is raised


async def _watch(pool: Pool, connection: Connection, settings: LeaderSettings) -> None:
    """Checks the connection; returns when its login was rotated, so that the next leader connects with the new one."""
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
