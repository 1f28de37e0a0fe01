"""A small service behind the real edge: what the tests of chassis.rpc and chassis.process.serve call."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import grpc
import grpc.aio
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio  # type: ignore[attr-defined] # the stubs know only the other kind
from grpc_tools import protoc
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.clock import real_seconds
from chassis.refusals import LostRace, NotFound
from chassis.rpc.deadlines import Ends
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import current_caller
from chassis.rpc.server import guarded_server, open_port
from chassis.settings.service import ServiceSettings
from tests.support.wire_refusal import WireRefusal, refusal_of

DISTRICT = "440105"
STREET = "440105008"
ISSUER = "https://sso.example"
FILES = ("text.of_nothing", "case_id", "request_id")
"""How requests of the echo service name what they are about."""
PROTO = Path(__file__).parent / "proto"
ROOT = Path(__file__).resolve().parents[3]


class Closed(Exception):
    """The window is closed on rest days."""

    reason = "CLOSED"
    sentence = "今日窗口不办公。"
    article = "行政许可法 42"
    field = "window"


class Late(Closed):
    """It is after hours, and no part of what was handed in is to blame."""

    field = ""


def compiled(folder: Path) -> ModuleType:
    """The messages of the echo service, compiled into `folder` once for a run; the rules they use come from gen/."""
    if "echo.v1.echo_pb2" not in sys.modules:
        rules = ROOT / "gen" / "onewindow.binpb"
        options = [f"--proto_path={PROTO}", f"--descriptor_set_in={rules}", f"--python_out={folder}"]
        assert protoc.main(["protoc", *options, "echo/v1/echo.proto"]) == 0
        sys.path.append(str(folder))
    return import_module("echo.v1.echo_pb2")


@dataclass
class Issuer:
    """A single sign-on with one key and the file in which it publishes it."""

    file: Path
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))

    def __post_init__(self) -> None:
        self.publish(self.key)

    def publish(self, *keys: ECKey) -> None:
        """Replace the published keys, as a mounted file is replaced: whole."""
        extra = self.file.with_suffix(".new")
        extra.write_text(json.dumps(KeySet(list(keys)).as_dict(private=False)))
        extra.replace(self.file)

    def token(self, key: ECKey | None = None, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A token of a clerk at a street for an hour, changed by `claims` (None leaves one out)."""
        signing = key or self.key
        whole = {
            "iss": ISSUER,
            "aud": "onewindow",
            "exp": int(real_seconds()) + 3600,
            "sub": "10001",
            "posts": ["CLERK"],
            "place": STREET,
        } | claims
        given = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": signing.kid, **(header or {})}, given, signing)


def settings(issuer: Issuer, **changed: Any) -> ServiceSettings:
    """Settings of the echo service on free ports."""
    given = {
        "environment": "embedded",
        "rpc_address": "127.0.0.1:0",
        "health_address": "127.0.0.1:0",
        "metrics_address": "127.0.0.1:0",
        "jwks_file": issuer.file,
        "token_issuer": ISSUER,
        "district": DISTRICT,
        "database_host": "nowhere",
        "database_name": "echo",
        "database_rpc_role": "echo_rpc",
        "database_worker_role": "echo_worker",
        "nats_url": "nats://nowhere:4222",
    }
    return ServiceSettings.model_validate(given | changed)


class EchoServicer:
    """Answers with what it hears; some words make it refuse, fail or wait."""

    def __init__(self, messages: ModuleType) -> None:
        self._messages = messages
        self.entered = asyncio.Event()
        self.cancelled = asyncio.Event()
        self.let_go = asyncio.Event()

    async def say(self, request: Any, context: Any) -> Any:
        """Echo, or what the word asks for."""
        await self._act(request.text)
        return self._messages.SayResponse(text=request.text, caller=current_caller().subject)

    async def say_freely(self, request: Any, context: Any) -> Any:
        """Echo to anybody."""
        return self._messages.SayResponse(text=request.text)

    async def collect(self, requests: AsyncIterator[Any], context: Any) -> Any:
        """All words of the stream, joined."""
        words = [request.text async for request in requests]
        await self._act(words[-1])
        return self._messages.SayResponse(text=" ".join(words), caller=current_caller().subject)

    async def repeat(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The word as often as asked, then what the word asks for."""
        for _ in range(request.times):
            yield self._messages.SayResponse(text=request.text, caller=current_caller().subject)
        await self._act(request.text)

    async def _act(self, word: str) -> None:
        if word in _RAISED:
            raise _RAISED[word]
        if word == "breathe":
            await asyncio.sleep(0.3)
        if word == "wait":
            self.entered.set()
            try:
                await self.let_go.wait()
            except asyncio.CancelledError:
                self.cancelled.set()
                raise


_RAISED: dict[str, Exception] = {
    "closed": Closed(),
    "late": Late(),
    "raced": LostRace(),
    "missing": NotFound("没有此办件。"),
    "bug": KeyError("a secret 440105194910011234"),
    "refused": ConnectionRefusedError(111, "Connect call failed"),
    "slow": TimeoutError(),
    "gone": asyncpg.InternalClientError('cannot switch to state 11; protocol is in the "failed" state'),
}


def add_echo(servicer: EchoServicer, server: grpc.aio.Server, messages: ModuleType) -> None:
    """Register the servicer as generated code would."""
    methods = {
        "Say": grpc.unary_unary_rpc_method_handler(servicer.say, **_wire(messages)),
        "SayAtDistrict": grpc.unary_unary_rpc_method_handler(servicer.say, **_wire(messages)),
        "SayToNobody": grpc.unary_unary_rpc_method_handler(servicer.say, **_wire(messages)),
        "SayUndeclared": grpc.unary_unary_rpc_method_handler(servicer.say, **_wire(messages)),
        "SayFreely": grpc.unary_unary_rpc_method_handler(servicer.say_freely, **_wire(messages)),
        "Collect": grpc.stream_unary_rpc_method_handler(servicer.collect, **_wire(messages)),
        "Repeat": grpc.unary_stream_rpc_method_handler(servicer.repeat, **_wire(messages)),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("echo.v1.EchoService", methods),))


def _wire(messages: ModuleType) -> dict[str, Any]:
    return {
        "request_deserializer": messages.SayRequest.FromString,
        "response_serializer": messages.SayResponse.SerializeToString,
    }


@dataclass
class Edge:
    """A running echo service and a channel to it."""

    messages: ModuleType
    channel: grpc.aio.Channel
    servicer: EchoServicer
    issuer: Issuer
    port: int
    ends: Ends = field(default_factory=Ends)

    def call(self, method: str, wire: bytes | None = None, *, token: str | None = "", **fields: Any) -> Any:
        """Call a unary method; a clerk's token unless another, or None, is given."""
        request = wire if wire is not None else self.messages.SayRequest(**fields).SerializeToString()
        callable_ = self.channel.unary_unary(
            f"/echo.v1.EchoService/{method}", None, self.messages.SayResponse.FromString
        )
        return callable_(request, metadata=self.headers(token), timeout=fields.get("timeout", 5))

    def headers(self, token: str | None = "") -> list[tuple[str, str]]:
        """The authorization header of `token`, a clerk's when empty, none when None."""
        shown = self.issuer.token() if token == "" else token
        return [] if shown is None else [("authorization", f"Bearer {shown}")]

    async def refusal(self, call: Any) -> WireRefusal:
        """Refusal of a call, as its client receives it."""
        return await refusal_of(call)


@asynccontextmanager
async def serving(messages: ModuleType, issuer: Issuer, **changed: Any) -> AsyncIterator[Edge]:
    """The echo service behind the edge, and a channel to it."""
    chosen = settings(issuer, **changed)
    service = messages.DESCRIPTOR.services_by_name["EchoService"]
    errors, ends = ErrorMap({Closed: "FAILED_PRECONDITION"}, files=FILES), Ends()
    server = guarded_server(chosen, [service], messages.allow, errors, ends)
    servicer = EchoServicer(messages)
    add_echo(servicer, server, messages)
    health_pb2_grpc.add_HealthServicer_to_server(aio.HealthServicer(), server)
    port = open_port(server, chosen)
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        yield Edge(messages, channel, servicer, issuer, port, ends)
    await server.stop(0)
