"""Quiescence of the office: nothing to publish, nothing to receive, every sweep of the day done, nothing due."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Self, TypeAlias

import aiohttp
import asyncpg
import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from embedded.errors import StackError
from protocol.streams import SERVICES, STREAMS

Unfinished: TypeAlias = Callable[[date], Awaitable[Sequence[str]]]
"""The work that something outside the databases still has to do on a day, each thing named with its place."""

_UNSETTLED = "select unsettled($1) from set_config('app.now', $2, false)"
"""Each database lists its open work of that day; `app.now` is the instant up to which a queue counts as due."""
_HANDED_OVER = """
select unsettled($1) || array(
  select distinct 'handoff:' || destination from handoff where state in ('waiting', 'sending') and told_on <= $1)
from set_config('app.now', $2, false)
"""
"""The same of approval, with what the district has not received although its system may be away."""
_REFERRING = "approval"
_NAMED = 8
"""Unfinished things that an error names."""
_RECONNECT_SECONDS, _RECONNECTS = 0.2, 600
"""Pause and number of the tries to reach a NATS server that is between two starts."""
_DISTRICT_LIMIT = aiohttp.ClientTimeout(total=5.0)


class NotSettled(StackError):
    """The office did not become quiescent in time; the text names the work that is still under way."""

    def __init__(self, now: datetime, within: float, unfinished: Sequence[str]) -> None:
        self.unfinished = tuple(unfinished)
        more = f" 等{len(unfinished)}项" if len(unfinished) > _NAMED else ""
        super().__init__(f"{now:%Y-%m-%d %H:%M} 在 {within:g} 秒内没有办完：{'、'.join(unfinished[:_NAMED])}{more}")


@dataclass(frozen=True, slots=True)
class SettleLimits:
    """The time for becoming quiescent, and the pause between two checks, both in seconds."""

    within: float = 120.0
    pause: float = 0.01
    handed_over: bool = False
    """Whether a day lasts until the district has received what was referred on it. A system that is away for seconds is
    then away for seconds of the office as well, and not for the days that a simulation passes in that time."""


class Quiescence:
    """Watches the databases and the streams over connections that stay open from day to day.

    The order of a check matters. Example: intake has just published a fact that approval will answer with another one.
    1. The databases are idle, and the ends of the streams are noted: OW_INTAKE 10, OW_APPROVAL 7.
    2. Every consumer is there and has received up to those ends, by its own count and by what the stream has, so their
       effects are committed by now.
    3. The databases are checked again: approval's new fact is in its outbox, or it is published already.
    4. In the second case the end of OW_APPROVAL is 8: it moved, so the office is not quiescent yet.
    """

    def __init__(
        self,
        databases: Sequence[tuple[str, asyncpg.Connection]],
        client: Client,
        limits: SettleLimits,
        others: Sequence[Unfinished] = (),
    ) -> None:
        self._databases = databases
        self._others = others
        self._client = client
        self._jetstream = client.jetstream()
        self._limits = limits

    @classmethod
    async def connect(
        cls,
        postgres_url: str,
        nats_url: str,
        limits: SettleLimits,
        services: Sequence[str] = SERVICES,
        others: Sequence[Unfinished] = (),
    ) -> Self:
        """Connects as PostgreSQL's superuser, who sees the rows of every place; `others` are checked as well."""
        connections = [(name, await asyncpg.connect(postgres_url, database=name)) for name in services]
        client = await nats.connect(
            nats_url, reconnect_time_wait=_RECONNECT_SECONDS, max_reconnect_attempts=_RECONNECTS, error_cb=_ignore
        )
        return cls(connections, client, limits, others)

    async def close(self) -> None:
        """Closes every connection."""
        await self._client.close()
        for _, connection in self._databases:
            await connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def wait(self, now: datetime) -> None:
        """Returns when the office is quiescent at this instant. Raises NotSettled with the open work."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._limits.within
        while unfinished := await self.unfinished(now):
            if loop.time() > until:
                raise NotSettled(now, self._limits.within, unfinished)
            await asyncio.sleep(self._limits.pause)

    async def unfinished(self, now: datetime) -> list[str]:
        """One check: the open work, each thing named with its place; empty when the office is quiescent.

        While NATS restarts, nothing is known about the facts, so the office is not quiescent.
        """
        try:
            return await self._look(now)
        except (NatsError, TimeoutError):
            return ["nats：没有应答"]

    async def _look(self, now: datetime) -> list[str]:
        if undone := await self._undone(now):  # the cheapest check first: while a day is busy, it is the only one
            return undone
        before = await self._ends()
        if behind := await self._behind(before):
            return behind
        if undone := await self._undone(now):
            return undone
        after = await self._ends()
        return [f"{stream}：有新的事实" for stream in after if after[stream] != before.get(stream)]

    async def _ends(self) -> dict[str, int]:
        return {str(one.config.name): one.state.last_seq for one in await self._jetstream.streams_info()}

    async def _behind(self, ends: Mapping[str, int]) -> list[str]:
        """What receivers have not applied. Their own counts follow a stream a little later, so its end decides.

        The last messages of a stream may have been deleted: then nothing stands behind the one that was received.
        """
        streams = list(ends)
        received = await asyncio.gather(*(self._jetstream.consumers_info(stream) for stream in streams))
        states = {(one.stream_name, one.name): one for consumers in received for one in consumers}
        missing = [
            f"{topology.stream.name}/{receiver}：没有订阅"
            for topology in STREAMS
            for receiver in topology.receivers
            if (topology.stream.name, receiver) not in states
        ]
        waiting = [
            f"{stream}/{name}：还有{(one.num_pending or 0) + (one.num_ack_pending or 0)}条未收取"
            for (stream, name), one in states.items()
            if one.num_pending or one.num_ack_pending
        ]
        if missing or waiting:
            return missing + waiting
        reached = {at: one.delivered.stream_seq if one.delivered else 0 for at, one in states.items()}
        return [
            f"{stream}/{name}：有新的事实未收取"
            for (stream, name), delivered in reached.items()
            if delivered < ends[stream] and await self._has_more(stream, delivered)
        ]

    async def _has_more(self, stream: str, after: int) -> bool:
        try:
            await self._jetstream.get_msg(stream, seq=after + 1, subject=">", next=True)
        except NotFoundError:
            return False
        return True

    async def _undone(self, now: datetime) -> list[str]:
        undone = await asyncio.gather(
            *(
                connection.fetchval(self._open_work(name), now.date(), now.isoformat())
                for name, connection in self._databases
            )
        )
        ours = [
            f"{name}：{thing}" for (name, _), things in zip(self._databases, undone, strict=True) for thing in things
        ]
        return ours or [thing for other in self._others for thing in await other(now.date())]

    def _open_work(self, name: str) -> str:
        return _HANDED_OVER if self._limits.handed_over and name == _REFERRING else _UNSETTLED


async def _ignore(_: Exception) -> None:
    """The library's lines about a broken connection would stand between those of a command: a check says it."""


def district_unfinished(control: str) -> Unfinished:
    """The open work of the simulated district at HOST:PORT; while it restarts, its day is not done."""

    async def unfinished(day: date) -> Sequence[str]:
        try:
            async with aiohttp.ClientSession(timeout=_DISTRICT_LIMIT) as session:
                pending = await (await session.get(f"http://{control}/pending")).json()
        except (aiohttp.ClientError, TimeoutError):
            return ["district：没有应答"]
        if pending["day"] < day.isoformat() or pending["unreported"]:
            return [f"district：{day}的办理结果还有{pending['unreported']}件未报"]
        return []

    return unfinished
