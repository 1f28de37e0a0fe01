"""Keepalive pings of clients: an idle connection stays as long as its client keeps to the published interval.

`python -m bench.edges idle` does the same with 300 clients for five minutes (docs/figures.md).
"""

from types import ModuleType

from bench.edges import IdleClients
from tests.support.echo.edge import Issuer, serving

PUBLISHED_SECONDS = 5.0
"""The most frequent pings that docs/integration/clients.md names."""


async def test_an_idle_client_pings_as_often_as_it_may(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer) as edge:
        idle = IdleClients(f"127.0.0.1:{edge.port}", PUBLISHED_SECONDS)
        assert await idle.stay(3, 4.5 * PUBLISHED_SECONDS) == 0, "a third ping that comes too early ends a connection"
        assert not idle.renewed


async def test_a_client_that_pings_more_often_is_sent_away(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_ping_interval_seconds=60) as edge:
        idle = IdleClients(f"127.0.0.1:{edge.port}", 1.0)
        assert await idle.stay(1, 6.0) > 0
        assert idle.renewed.total() > 0
