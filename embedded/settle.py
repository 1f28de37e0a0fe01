"""When the office rests: nothing to publish, nothing to hear, every sweep done, nothing due."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Self, TypeAlias

import asyncpg
import nats
from nats.aio.client import Client

from embedded.errors import StackError
from operations.databases import SERVICES

_UNSETTLED = "select unsettled($1) from set_config('app.now', $2, false)"
"""Each database names what it has not done on that day; `app.now` is the instant up to which a queue counts as due."""
Unfinished: TypeAlias = Callable[[date], Awaitable[Sequence[str]]]
"""What somebody outside the databases still has to do on a day, each thing named with its place."""
_NAMED = 8
"""How many unfinished things an error names."""


class NotSettled(StackError):
    """The office did not come to rest in time; the text names what is still under way."""

    def __init__(self, now: datetime, within: float, unfinished: Sequence[str]) -> None:
        self.unfinished = tuple(unfinished)
        more = f" 等{len(unfinished)}项" if len(unfinished) > _NAMED else ""
        super().__init__(f"{now:%Y-%m-%d %H:%M} 在 {within:g} 秒内没有办完：{'、'.join(unfinished[:_NAMED])}{more}")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the office may take to come to rest, and how often one looks, both in seconds."""

    within: float = 120.0
    pause: float = 0.01


class Rest:
    """Watches the databases and the streams over connections that stay open from day to day."""

    def __init__(
        self,
        databases: Sequence[tuple[str, asyncpg.Connection]],
        client: Client,
        pace: Pace,
        others: Sequence[Unfinished] = (),
    ) -> None:
        self._databases = databases
        self._others = others
        self._client = client
        self._jetstream = client.jetstream()
        self._pace = pace

    @classmethod
    async def open(
        cls,
        postgres_url: str,
        nats_url: str,
        pace: Pace,
        services: Sequence[str] = SERVICES,
        others: Sequence[Unfinished] = (),
    ) -> Self:
        """Connects as PostgreSQL's superuser, who sees the rows of every place; `others` are asked as well."""
        connections = [(name, await asyncpg.connect(postgres_url, database=name)) for name in services]
        return cls(connections, await nats.connect(nats_url), pace, others)

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
        """Returns when the office rests at this instant. Raises NotSettled, naming what does not, after too long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._pace.within
        while unfinished := await self.unfinished(now):
            if loop.time() > until:
                raise NotSettled(now, self._pace.within, unfinished)
            await asyncio.sleep(self._pace.pause)

    async def unfinished(self, now: datetime) -> list[str]:
        """One look: what is not done yet, each thing named with its place; empty when the office rests."""
        if undone := await self._undone(now):  # the cheapest look first: while a day is busy, it is the only one
            return undone
        before = await self._ends()
        # In this order: what was heard has left its traces in the databases by now, and what those still had to
        # publish would have moved a stream's end by the second look.
        if behind := await self._behind(before):
            return behind
        if undone := await self._undone(now):
            return undone
        after = await self._ends()
        return [f"{stream}：有新的事实" for stream in after if after[stream] != before.get(stream)]

    async def _ends(self) -> dict[str, int]:
        return {str(one.config.name): one.state.last_seq for one in await self._jetstream.streams_info()}

    async def _behind(self, streams: Iterable[str]) -> list[str]:
        heard = await asyncio.gather(*(self._jetstream.consumers_info(stream) for stream in streams))
        return [
            f"{one.stream_name}/{one.name}：还有{(one.num_pending or 0) + (one.num_ack_pending or 0)}条未听取"
            for consumers in heard
            for one in consumers
            if one.num_pending or one.num_ack_pending
        ]

    async def _undone(self, now: datetime) -> list[str]:
        told = await asyncio.gather(
            *(connection.fetchval(_UNSETTLED, now.date(), now.isoformat()) for _, connection in self._databases)
        )
        ours = [f"{name}：{thing}" for (name, _), things in zip(self._databases, told, strict=True) for thing in things]
        return ours or [thing for other in self._others for thing in await other(now.date())]
