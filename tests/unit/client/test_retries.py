"""Retries as docs/integration/clients.md describes them: which codes, how often, with which pauses."""

from itertools import pairwise

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from grpc.aio import AioRpcError, Metadata

from client.retries import PATIENT, UNANSWERED, RetryPolicy, answered

QUICK = RetryPolicy(attempts=4, first_pause=0.0, longest_pause=0.0)


def failure(code: grpc.StatusCode, retry_seconds: float = 0.0, reason: str = "") -> AioRpcError:
    """A call that ended with this code; with RetryInfo and ErrorInfo where seconds and a reason are given."""
    named = [error_details_pb2.ErrorInfo(reason=reason, domain="onewindow")] if reason else []
    delays = [error_details_pb2.RetryInfo(retry_delay=Duration(nanos=int(retry_seconds * 1e9)))]
    details = [Any() for _ in (*named, *delays)] if retry_seconds else [Any() for _ in named]
    for packed, detail in zip(details, (*named, *delays), strict=False):
        packed.Pack(detail)
    status = status_pb2.Status(code=code.value[0], message="away", details=details)
    trailers = Metadata(("grpc-status-details-bin", status.SerializeToString())) if details else Metadata()
    return AioRpcError(code, Metadata(), trailers, "away", None)


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


@pytest.mark.parametrize("code", sorted(UNANSWERED, key=str))
async def test_a_call_that_was_not_answered_is_made_again(code: grpc.StatusCode) -> None:
    calls = Calls(failure(code), failure(code))
    assert (await answered(calls, QUICK), calls.tries) == ("answer", 3)


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code not in UNANSWERED])
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


async def test_a_request_that_is_too_large_for_the_library_is_sent_once() -> None:
    calls = Calls(failure(grpc.StatusCode.RESOURCE_EXHAUSTED))
    with pytest.raises(AioRpcError):
        await answered(calls)
    assert calls.tries == 1


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
