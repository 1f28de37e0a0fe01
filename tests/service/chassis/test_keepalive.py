"""Keepalive pings of clients: an idle connection stays as long as its client keeps to the published interval."""

import asyncio
from types import ModuleType

import grpc
import grpc.aio

from tests.support.echo.edge import Edge, Issuer, serving


async def _kept(edge: Edge, seconds: float) -> bool:
    """True when an idle client that pings each second still has its connection after so long."""
    options = [
        ("grpc.keepalive_time_ms", 1000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.enable_http_proxy", 0),
    ]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=options) as channel:
        await asyncio.wait_for(channel.channel_ready(), 5)
        try:
            await asyncio.wait_for(channel.wait_for_state_change(grpc.ChannelConnectivity.READY), seconds)
        except TimeoutError:
            return True
        return False


async def test_an_idle_client_pings_as_often_as_it_may_and_no_oftener(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, rpc_ping_interval_seconds=1) as edge:
        assert await _kept(edge, 5.0)
    async with serving(messages, issuer, rpc_ping_interval_seconds=60) as edge:
        assert not await _kept(edge, 10.0)
