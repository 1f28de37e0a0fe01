"""Every refusal names its reason, and says that a repeat helps where one does: by class, and by the way it comes."""

import asyncio
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

import asyncpg
import pytest

import chassis
import law
import protocol
import services
from chassis.refusals import FieldFault, LostRace, Refusal
from chassis.rpc.errors import ErrorMap, reason_of
from law.not_allowed import NotAllowed
from tests.support.echo.edge import Edge, Issuer, serving
from tests.support.wire_refusal import WireRefusal, error_of

Failure = TypeVar("Failure", bound=Exception)
OF_THE_MOMENT = {"UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"}
"""Codes of refusals that say not now: the same request may be answered later."""
ALSO_OF_THE_MOMENT = {LostRace}
"""Others that a repeat may pass."""


def _of_the_product(kind: type[Failure]) -> Iterator[type[Failure]]:
    """Subclasses that the product defines, with every module of it imported."""
    for package in (chassis, law, protocol, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    waiting = [kind]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.partition(".")[0] in {"chassis", "law", "protocol", "services"}:
                yield each


REFUSALS = sorted({*_of_the_product(Refusal)}, key=reason_of)


@pytest.mark.parametrize("kind", REFUSALS, ids=reason_of)
def test_a_refusal_names_its_reason_and_says_whether_a_repeat_helps(kind: type[Refusal]) -> None:
    refused = WireRefusal(error_of(ErrorMap().status(kind())))
    assert (refused.code, refused.why.reason, refused.why.domain) == (kind.code, reason_of(kind), "onewindow")
    helps = kind.code in OF_THE_MOMENT or kind in ALSO_OF_THE_MOMENT
    assert refused.has_retry is helps
    assert (refused.retry.ToMilliseconds() > 0) is helps
    assert refused.sentence


@pytest.mark.parametrize("kind", REFUSALS, ids=reason_of)
def test_a_field_without_a_rule_of_its_own_is_refused_for_the_reason_of_the_whole(kind: type[Refusal]) -> None:
    error = kind(
        fields=[("place.street", "此处不符合要求。"), FieldFault("lines", "此处不符合要求。", "string.min_len")]
    )
    refused = WireRefusal(error_of(ErrorMap().status(error)))
    assert [each.reason for each in refused.fields] == [reason_of(kind), "STRING_MIN_LEN"]
    assert {each.reason for each in WireRefusal(error_of(ErrorMap().status(kind()))).fields} <= {reason_of(kind)}


def test_refusals_of_every_kind_are_held_to_it() -> None:
    codes = {kind.code for kind in REFUSALS}
    assert codes >= OF_THE_MOMENT | {"ABORTED", "INVALID_ARGUMENT", "NOT_FOUND", "UNAUTHENTICATED", "UNIMPLEMENTED"}


def test_no_refusal_of_the_law_asks_for_a_repeat() -> None:
    errors = ErrorMap({NotAllowed: "FAILED_PRECONDITION"})
    kinds = list(_of_the_product(NotAllowed))
    assert len(kinds) > 20
    refused = WireRefusal(error_of(errors.status(NotAllowed())))
    assert refused.why.reason == "NOT_ALLOWED"
    assert not refused.has_retry


Way = Callable[[Edge], Awaitable[Any]]


def _say(text: str = "x", **call: Any) -> Way:
    return lambda edge: edge.call("Say", text=text, **call)


def _raw(path: str, wire: bytes = b"", seconds: float | None = 5) -> Way:
    return lambda edge: edge.channel.unary_unary(path, None, None)(wire, metadata=edge.headers(), timeout=seconds)


def _without_deadline(text: str) -> Way:
    return lambda edge: edge.channel.unary_unary("/echo.v1.EchoService/Say", None, None)(
        edge.messages.SayRequest(text=text).SerializeToString(), metadata=edge.headers()
    )


async def _eleven_open_calls(edge: Edge) -> None:
    for _ in range(11):
        await edge.call("SayFreely", text="x", token=None)


async def _two_streams(edge: Edge) -> None:
    first = stream(edge, "wait")
    await first.read()
    await stream(edge, "wait").read()


async def _stream_of_another(edge: Edge) -> None:
    for number in ("1", "2", "3"):
        await stream(edge, "wait", edge.issuer.token(sub=number)).read()


async def _two_calls(edge: Edge) -> None:
    waiting = asyncio.ensure_future(edge.call("Say", text="wait"))
    await edge.servicer.entered.wait()
    try:
        await edge.call("Say", text="x")
    finally:
        waiting.cancel()


async def _long_stream(edge: Edge) -> None:
    await _rest(stream(edge, "wait"))


def stream(edge: Edge, text: str, token: str = "", times: int = 1) -> Any:
    """An open stream of answers."""
    repeat = edge.channel.unary_stream(
        "/echo.v1.EchoService/Repeat",
        edge.messages.SayRequest.SerializeToString,
        edge.messages.SayResponse.FromString,
    )
    return repeat(edge.messages.SayRequest(text=text, times=times), metadata=edge.headers(token))


WAYS: dict[str, tuple[Way, dict[str, Any], str, str, bool]] = {
    "no token": (_say(token=None), {}, "UNAUTHENTICATED", "UNAUTHENTICATED", False),
    "bad token": (_say(token="forged"), {}, "UNAUTHENTICATED", "UNAUTHENTICATED", False),
    "bad token in an open method": (
        lambda edge: edge.call("SayFreely", text="x", token="forged"), {}, "UNAUTHENTICATED", "UNAUTHENTICATED", False,
    ),
    "no rule": (lambda edge: edge.call("SayUndeclared", text="x"), {}, "PERMISSION_DENIED", "NOT_PERMITTED", False),
    "no deadline": (
        _without_deadline("wait"), {"rpc_deadline_seconds": 0.2}, "DEADLINE_EXCEEDED", "OUT_OF_TIME", True,
    ),
    "deadline too short": (_say(), {"rpc_least_left_milliseconds": 60_000}, "DEADLINE_EXCEEDED", "OUT_OF_TIME", True),
    "unknown method": (_raw("/echo.v1.EchoService/Sing"), {}, "UNIMPLEMENTED", "UNKNOWN_METHOD", False),
    "unknown service": (_raw("/echo.v2.EchoService/Say"), {}, "UNIMPLEMENTED", "UNKNOWN_METHOD", False),
    "no message": (_raw("/echo.v1.EchoService/Say", b"\x0a\xff"), {}, "INVALID_ARGUMENT", "INVALID", False),
    "a broken rule": (_say(""), {}, "INVALID_ARGUMENT", "INVALID", False),
    "too large": (_say("x" * 5_000_000), {}, "INVALID_ARGUMENT", "TOO_LARGE", False),
    "too many open calls": (_eleven_open_calls, {}, "RESOURCE_EXHAUSTED", "TOO_MANY_CALLS", True),
    "share of streams": (
        _two_streams, {"rpc_streams_per_caller": 1}, "RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS", True,
    ),
    "all streams": (_stream_of_another, {"rpc_streams": 2}, "RESOURCE_EXHAUSTED", "OVERLOADED", True),
    "all calls": (_two_calls, {"rpc_concurrency": 1}, "RESOURCE_EXHAUSTED", "OVERLOADED", True),
    "limit of a stream": (_long_stream, {"rpc_stream_limit_seconds": 0.3}, "UNAVAILABLE", "STREAM_ENDED", True),
    "PostgreSQL away": (_say("refused"), {}, "UNAVAILABLE", "AWAY", True),
    "lost race": (_say("raced"), {}, "ABORTED", "LOST_RACE", True),
    "no such file": (_say("missing"), {}, "NOT_FOUND", "NOT_FOUND", False),
    "a rule of the office": (_say("closed"), {}, "FAILED_PRECONDITION", "CLOSED", False),
    "a fault of ours": (_say("bug"), {}, "INTERNAL", "INTERNAL", False),
}  # fmt: skip # one way in each row


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_to_be_refused_names_reason_and_repeat(messages: ModuleType, issuer: Issuer, way: str) -> None:
    call, changed, code, reason, repeat = WAYS[way]
    async with serving(messages, issuer, **changed) as edge:
        refused = await edge.refusal(call(edge))
    assert (refused.code, refused.why.reason, refused.why.domain) == (code, reason, "onewindow")
    assert refused.has_retry is repeat
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refused.sentence)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.CannotConnectNowError("x"), asyncpg.ConnectionDoesNotExistError("x"), OSError(111, "refused"),
        asyncpg.DeadlockDetectedError("x"), asyncpg.TooManyConnectionsError("x"),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip # errors of drivers
def test_what_a_service_stands_on_is_away_for_a_while(error: Exception) -> None:
    refused = WireRefusal(error_of(ErrorMap().status(error)))
    assert refused.why.domain == "onewindow"
    assert refused.has_retry


async def test_a_stream_ends_by_name_when_the_service_leaves(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer) as edge:
        open_stream = stream(edge, "wait")
        await open_stream.read()
        edge.ends.leave()
        late = stream(edge, "wait", times=2)
        refused = await edge.refusal(_rest(open_stream))
        assert (refused.code, refused.why.reason, refused.has_retry) == ("UNAVAILABLE", "LEAVING", True)
        assert (await edge.refusal(_rest(late))).why.reason == "LEAVING", "one that begins then is ended as well"


async def test_a_call_that_cannot_end_before_the_service_leaves_is_refused_by_name(
    messages: ModuleType, issuer: Issuer
) -> None:
    async with serving(messages, issuer) as edge:
        call = asyncio.ensure_future(edge.refusal(edge.call("Say", text="wait")))
        await edge.servicer.entered.wait()
        edge.ends.leave()
        assert not call.done(), "a call under way gets the time of grace"
        edge.ends.cut()
        refused = await call
        assert (refused.code, refused.why.reason, refused.has_retry) == ("UNAVAILABLE", "LEAVING", True)
        assert edge.servicer.cancelled.is_set()


async def _rest(call: Any) -> None:
    while await call.read():
        pass
