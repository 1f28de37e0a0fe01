"""gRPC channels to the services: no proxy, quick reconnection, mutual TLS where there are credentials."""

from collections.abc import Sequence

import grpc

from chassis.rpc.identity.rotating_certificates import Pems

ChannelOptions = Sequence[tuple[str, object]]

ONE_ADDRESS: ChannelOptions = (
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
)
"""Options for a service at HOST:PORT."""

KEEPALIVE: ChannelOptions = (
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
)
"""Pings as often as docs/integration/clients.md says, for a network that drops idle connections."""

EVERY_REPLICA: ChannelOptions = (
    *ONE_ADDRESS,
    ("grpc.lb_policy_name", "round_robin"),
    ("grpc.dns_min_time_between_resolutions_ms", 1000),  # the default learns the address of a replaced pod after 30 s
)
"""Options for a service at dns:///NAME:PORT, where the name gives the address of each replica."""


def open_channel(
    address: str, credentials: grpc.ChannelCredentials | None = None, options: ChannelOptions = ONE_ADDRESS
) -> grpc.aio.Channel:
    """A channel to one service; without credentials in plaintext."""
    if credentials is None:
        return grpc.aio.insecure_channel(address, options=options)
    return grpc.aio.secure_channel(address, credentials, options=options)


def mutual_tls(pems: Pems) -> grpc.ChannelCredentials:
    """Credentials of a client with a certificate of its own."""
    return grpc.ssl_channel_credentials(pems.authority, pems.key, pems.certificate)
