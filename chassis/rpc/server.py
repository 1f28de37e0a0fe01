"""RPC server: limits, keepalive, TLS with certificates that may be replaced, and the gate before every method."""

from collections.abc import Iterable
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor

from chassis.rpc.access import requests_of, rules_of
from chassis.rpc.access_log import AccessLog
from chassis.rpc.deadlines import Deadlines, Ends
from chassis.rpc.errors import ErrorMap
from chassis.rpc.gate import CallerResolver, Gate
from chassis.rpc.identity.caller import ANY_PLACE, PlaceRules
from chassis.rpc.identity.key_sets import FileKeys, KeySource, PublishedKeys
from chassis.rpc.identity.rotating_certificates import IdentityFiles, Pems
from chassis.rpc.identity.system_registry import SystemRegistry
from chassis.rpc.identity.tokens import ExpectedClaims, TokenVerifier
from chassis.rpc.interceptor import Interceptor
from chassis.rpc.limits import OpenCalls, Places, RateLimit
from chassis.settings.service import EdgeSettings, OfficeSettings
from chassis.settings.watched_file import WatchedFile

ServerOptions = list[tuple[str, int]]

_STREAM_SLACK_SECONDS = 10.0
_STREAMS_PER_CONNECTION = 1000
"""Above all places: HTTP/2 resets what is beyond, without a reason, and a caller's streams would keep its calls out."""
_BEYOND_PLACES = 64
"""Calls beyond the places that the gate refuses by name at one time; more are refused by the library, without a reason.

Each call that the library lets in is read before its caller is known. With the defaults those are 256 + 256 + 64 = 576
requests of up to 6 MiB: 3.4 GiB if all came whole at one instant, against 18 GiB with four times the places.
"""
_HEADER_BYTES = 16 * 1024


def guarded_server(
    settings: OfficeSettings,
    services: Iterable[ServiceDescriptor],
    option: Any,  # noqa: ANN401 the extension's class is generated
    errors: ErrorMap,
    ends: Ends | None = None,
    caller_places: PlaceRules = ANY_PLACE,
) -> grpc.aio.Server:
    """A server whose methods are all guarded by the rule that the contract declares under `option`.

    `ends` is what ends the open calls early when the process leaves; `caller_places` are the places of callers.
    """
    services = list(services)
    gate = Gate(
        identity=_identity(settings, caller_places),
        rules=rules_of(services, option),
        deadlines=_deadlines(settings),
        open_calls=_open_calls(settings),
        places=Places(settings.rpc_concurrency, settings.rpc_streams, settings.rpc_streams_per_caller),
        errors=errors,
        ends=ends or Ends(),
        caller_places=caller_places,
    )
    access_log = AccessLog(settings.log_successes_one_in)
    return grpc.aio.server(
        interceptors=[Interceptor(gate, access_log, requests_of(services), settings.rpc_message_bytes)],
        options=options(settings),
        maximum_concurrent_rpcs=_places(settings) + _BEYOND_PLACES,
    )


def open_port(server: grpc.aio.Server, settings: EdgeSettings) -> int:
    """Binds the RPC port, with TLS where a certificate is set; returns its number.

    Raises RuntimeError when it is taken, UnusableFile where certificate and key do not belong together.
    """
    if settings.tls_certificate_file is None or settings.tls_key_file is None:
        return server.add_insecure_port(settings.rpc_address)
    files = (settings.tls_certificate_file, settings.tls_key_file, settings.tls_client_authority_file)
    credentials = _credentials(IdentityFiles(*files))
    return server.add_secure_port(settings.rpc_address, credentials)


def options(settings: EdgeSettings) -> ServerOptions:
    """Options of gRPC: sizes, pings, the age of connections; no proxy and no shared port.

    A connection that has its age is given no more calls, and is cut after the grace: it lasts longer than any stream
    that began just before, so that each stream ends by its own limit and with its reason.
    """
    grace_seconds = settings.rpc_stream_limit_seconds + _STREAM_SLACK_SECONDS
    return [
        ("grpc.so_reuseport", 0),
        ("grpc.enable_http_proxy", 0),
        ("grpc.max_receive_message_length", max(settings.rpc_message_bytes, settings.rpc_message_cap_bytes)),
        ("grpc.max_send_message_length", settings.rpc_message_bytes),
        ("grpc.max_metadata_size", _HEADER_BYTES),
        ("grpc.max_concurrent_streams", max(_STREAMS_PER_CONNECTION, _places(settings))),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", settings.rpc_ping_interval_seconds * 1000),
        ("grpc.max_connection_age_ms", settings.rpc_connection_age_seconds * 1000),
        ("grpc.max_connection_age_grace_ms", int(grace_seconds * 1000)),
    ]


def _places(settings: EdgeSettings) -> int:
    return settings.rpc_concurrency + settings.rpc_streams


def _open_calls(settings: EdgeSettings) -> OpenCalls:
    return OpenCalls(
        strangers=RateLimit(settings.open_calls_per_minute, settings.open_calls_burst),
        callers=RateLimit(settings.open_calls_caller_per_minute, settings.open_calls_caller_burst),
    )


def _identity(settings: OfficeSettings, places: PlaceRules) -> CallerResolver:
    expected = ExpectedClaims(
        settings.token_issuer, settings.token_audience, settings.district, settings.token_skew_seconds, places
    )
    machines = settings.machines_file
    registry = SystemRegistry(WatchedFile(machines), settings.district, places) if machines is not None else None
    return CallerResolver(TokenVerifier(_key_source(settings), expected, settings.token_cache), registry)


def _key_source(settings: OfficeSettings) -> KeySource:
    if settings.jwks_file is not None:
        return FileKeys(WatchedFile(settings.jwks_file))
    assert settings.jwks_url is not None, "the settings demand one of both"
    return PublishedKeys(settings.jwks_url, settings.jwks_refresh_seconds, settings.jwks_timeout_seconds)


def _deadlines(settings: EdgeSettings) -> Deadlines:
    return Deadlines(
        default=settings.rpc_deadline_seconds,
        limit=settings.rpc_deadline_limit_seconds,
        stream_limit=settings.rpc_stream_limit_seconds,
        least=settings.rpc_least_left_milliseconds / 1000,
    )


def _credentials(files: IdentityFiles) -> grpc.ServerCredentials:
    def fetch() -> grpc.ServerCertificateConfiguration | None:
        pems = files.replaced()
        return None if pems is None else _configuration(pems)

    return grpc.dynamic_ssl_server_credentials(
        _configuration(files.pems),
        fetch,  # type: ignore[arg-type] # None says unchanged; the stubs leave it out
        require_client_authentication=files.pems.authority is not None,
    )


def _configuration(pems: Pems) -> grpc.ServerCertificateConfiguration:
    assert pems.key is not None and pems.certificate is not None, "the settings demand both"
    return grpc.ssl_server_certificate_configuration([(pems.key, pems.certificate)], root_certificates=pems.authority)
