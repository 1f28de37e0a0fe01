"""Retries as docs/integration/clients.md describes them: which codes, how often, with which pauses."""

import asyncio
from itertools import pairwise
from pathlib import Path

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from grpc.aio import AioRpcError, Metadata

from client.retries import CROWDED, NEVER_FITS, PATIENT, UNANSWERED, RetryPolicy, answered

QUICK = RetryPolicy(attempts=4, first_pause=0.0, longest_pause=0.0)


def failure(code: grpc.StatusCode, retry_seconds: float = 0.0, reason: str = "", text: str = "away") -> AioRpcError:
    """A call that ended with this code; with RetryInfo and ErrorInfo where seconds and a reason are given."""
    named = [error_details_pb2.ErrorInfo(reason=reason, domain="onewindow")] if reason else []
    delays = [error_details_pb2.RetryInfo(retry_delay=Duration(nanos=int(retry_seconds * 1e9)))]
    details = [Any() for _ in (*named, *delays)] if retry_seconds else [Any() for _ in named]
    for packed, detail in zip(details, (*named, *delays), strict=False):
        packed.Pack(detail)
    status = status_pb2.Status(code=code.value[0], message="away", details=details)
    trailers = Metadata(("grpc-status-details-bin", status.SerializeToString())) if details else Metadata()
    return AioRpcError(code, Metadata(), trailers, text, None)


class Calls:
    """A call that fails with these codes, one a try, and answers then."""

    def __init__(self, *failures: AioRpcError) -> None:
        self.failures = list(failures)
        self.tries = 0

    async def __call__(self) -> str:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, in seconds; none of them takes time."""
    made: list[float] = []

    async def sleep(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr("client.retries.asyncio.sleep", sleep)
    return made


async def test_a_call_that_is_answered_is_made_once() -> None:
    calls = Calls()
    assert (await answered(calls), calls.tries) == ("answer", 1)


@pytest.mark.parametrize("code", sorted(UNANSWERED | CROWDED, key=str))
async def test_a_call_that_was_not_answered_is_made_again(code: grpc.StatusCode) -> None:
    calls = Calls(failure(code), failure(code))
    assert (await answered(calls, QUICK), calls.tries) == ("answer", 3)


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code not in UNANSWERED | CROWDED])
async def test_any_other_code_is_an_answer(code: grpc.StatusCode) -> None:
    calls = Calls(failure(code))
    with pytest.raises(AioRpcError):
        await answered(calls, QUICK)
    assert calls.tries == 1


@pytest.mark.parametrize("code", list(grpc.StatusCode)[1:])
async def test_a_refusal_is_repeated_where_the_service_says_when_and_only_there(code: grpc.StatusCode) -> None:
    calls = Calls(failure(code, 0.001, "OVERLOADED"), failure(code, 0.001, "OVERLOADED"))
    assert (await answered(calls, QUICK), calls.tries) == ("answer", 3)
    refused = Calls(failure(code, reason="TOO_LARGE"))
    with pytest.raises(AioRpcError):
        await answered(refused, QUICK)
    assert refused.tries == 1


@pytest.mark.parametrize(
    "text",
    [
        "SERVER: Received message larger than max (6291466 vs. 6291456)",
        "CLIENT: Sent message larger than max (6291466 vs. 6291456)",
        "received metadata size exceeds hard limit (17000 vs. 16384)",
    ],
)
async def test_a_request_that_is_too_large_for_the_library_is_sent_once(text: str) -> None:
    calls = Calls(failure(grpc.StatusCode.RESOURCE_EXHAUSTED, text=text))
    with pytest.raises(AioRpcError):
        await answered(calls)
    assert calls.tries == 1


@pytest.mark.parametrize("words", NEVER_FITS)
def test_the_library_uses_the_words_for_what_is_too_large(words: str) -> None:
    [library] = (Path(grpc.__file__).parent / "_cython").glob("cygrpc*.so")
    assert words.encode() in library.read_bytes()


async def test_a_call_beyond_the_places_of_the_library_is_answered_in_its_turn() -> None:
    async def slow(_: bytes, __: object) -> bytes:
        await asyncio.sleep(0.05)
        return b"answer"

    server = grpc.aio.server(maximum_concurrent_rpcs=1, options=[("grpc.so_reuseport", 0)])
    handlers = {"Say": grpc.unary_unary_rpc_method_handler(slow)}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("slow", handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        say = channel.unary_unary("/slow/Say", None, None)

        async def call() -> object:
            return await say(b"", timeout=5)

        assert await asyncio.gather(*(answered(call) for _ in range(5))) == [b"answer"] * 5
    await server.stop(0)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(grpc.StatusCode.ABORTED, "LOST_RACE"), (grpc.StatusCode.DEADLINE_EXCEEDED, "OUT_OF_TIME")],
)
async def test_a_service_of_an_older_release_owes_the_pause(code: grpc.StatusCode, reason: str) -> None:
    calls = Calls(failure(code, reason=reason))
    assert (await answered(calls, QUICK), calls.tries) == ("answer", 2)
    stale = Calls(failure(grpc.StatusCode.ABORTED, reason="STALE_REVISION"))
    with pytest.raises(AioRpcError):
        await answered(stale, QUICK)
    assert stale.tries == 1


async def test_a_refusal_after_a_repeated_try_is_an_answer() -> None:
    calls = Calls(failure(grpc.StatusCode.UNAVAILABLE), failure(grpc.StatusCode.FAILED_PRECONDITION))
    with pytest.raises(AioRpcError, match="FAILED_PRECONDITION"):
        await answered(calls, QUICK)
    assert calls.tries == 2


async def test_the_last_try_raises() -> None:
    calls = Calls(*[failure(grpc.StatusCode.UNAVAILABLE)] * 9)
    with pytest.raises(AioRpcError, match="UNAVAILABLE"):
        await answered(calls, QUICK)
    assert calls.tries == QUICK.attempts


async def test_one_attempt_is_not_repeated() -> None:
    calls = Calls(failure(grpc.StatusCode.UNAVAILABLE))
    with pytest.raises(AioRpcError):
        await answered(calls, RetryPolicy(attempts=1))
    assert calls.tries == 1


async def test_an_error_of_another_kind_is_not_repeated() -> None:
    async def broken() -> None:
        raise ValueError("no call")

    with pytest.raises(ValueError, match="no call"):
        await answered(broken)


async def test_pauses_double_with_jitter_of_half_up_to_the_longest(pauses: list[float]) -> None:
    policy = RetryPolicy(attempts=12)
    with pytest.raises(AioRpcError):
        await answered(Calls(*[failure(grpc.StatusCode.UNAVAILABLE)] * 12), policy)
    assert len(pauses) == policy.attempts - 1
    for nth, pause in enumerate(pauses):
        whole = min(policy.first_pause * 2**nth, policy.longest_pause)
        assert whole / 2 <= pause <= whole
    assert any(later != 2 * earlier for earlier, later in pairwise(pauses)), "they have jitter"


async def test_a_longer_pause_that_the_service_names_is_kept(pauses: list[float]) -> None:
    calls = Calls(failure(grpc.StatusCode.UNAVAILABLE, 0.25), failure(grpc.StatusCode.UNAVAILABLE, 0.001))
    assert await answered(calls) == "answer"
    assert pauses[0] == 0.25
    assert 0.05 <= pauses[1] <= 0.1


def test_the_patient_policy_goes_on_for_about_two_minutes() -> None:
    pauses = [min(PATIENT.first_pause * 2**nth, PATIENT.longest_pause) for nth in range(PATIENT.attempts - 1)]
    assert 75 <= sum(pauses) * 0.75 <= 125
