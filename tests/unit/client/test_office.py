"""The client of the four services against a server of the test: headers, deadlines, repeats, refusals, channels."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from onewindow.metrics.v1 import metrics_service_pb2 as pb
from onewindow.metrics.v1.metrics_service_pb2_grpc import MetricsServiceServicer, add_MetricsServiceServicer_to_server

from chassis.rpc.identity.rotating_certificates import Pems
from client.channels import EVERY_REPLICA, ONE_ADDRESS, mutual_tls
from client.office import CallFailed, OfficeClient
from client.retries import RetryPolicy
from tests.support.certificates import Authority


class Figures(MetricsServiceServicer):
    """Answers a report after so many refusals, and remembers the headers of each try."""

    def __init__(self) -> None:
        self.refusals: list[grpc.StatusCode] = []
        self.headers: list[dict[str, Any]] = []
        self.seconds: list[float] = []

    async def GetReport(self, request: pb.GetReportRequest, context: Any) -> pb.GetReportResponse:
        self.headers.append(dict(context.invocation_metadata()))
        self.seconds.append(context.time_remaining())
        if self.refusals:
            await context.abort(self.refusals.pop(0), "现在不能办理。")
        return pb.GetReportResponse(volume=len(self.headers))


@pytest.fixture
async def figures() -> Figures:
    return Figures()  # type: ignore[abstract] # the test calls one method


@pytest.fixture
async def client(figures: Figures) -> AsyncIterator[OfficeClient]:
    server = grpc.aio.server()
    add_MetricsServiceServicer_to_server(figures, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    addresses = dict.fromkeys(("intake", "approval", "notify", "metrics"), f"127.0.0.1:{port}")
    policy = RetryPolicy(attempts=3, first_pause=0.0, longest_pause=0.0)
    async with OfficeClient(addresses, {"W1": "the-token"}, policy=policy, call_seconds=7.0) as client:
        yield client
    await server.stop(None)


async def report(client: OfficeClient, caller: str = "W1") -> int:
    answer: pb.GetReportResponse = await client.call(caller, client.metrics.GetReport, pb.GetReportRequest())
    return answer.volume


async def test_a_call_carries_the_token_of_its_caller_and_a_deadline(client: OfficeClient, figures: Figures) -> None:
    assert await report(client) == 1
    assert figures.headers[0]["authorization"] == "Bearer the-token"
    assert figures.seconds[0] == pytest.approx(7.0, abs=2.0), "gRPC rounds a deadline on its way"


async def test_a_caller_without_a_token_is_known_by_its_certificate(client: OfficeClient, figures: Figures) -> None:
    await report(client, "")
    assert "authorization" not in figures.headers[0]


async def test_a_call_is_repeated_until_it_is_answered(client: OfficeClient, figures: Figures) -> None:
    figures.refusals = [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED]
    assert await report(client) == 3


async def test_a_refusal_carries_the_request_the_caller_the_code_and_the_sentence(
    client: OfficeClient, figures: Figures
) -> None:
    figures.refusals = [grpc.StatusCode.FAILED_PRECONDITION]
    with pytest.raises(CallFailed, match="GetReportRequest by W1: FAILED_PRECONDITION 现在不能办理。") as failed:
        await report(client)
    assert (failed.value.code, failed.value.refusal) == (grpc.StatusCode.FAILED_PRECONDITION, "现在不能办理。")


async def test_the_last_try_that_stays_unanswered_fails(client: OfficeClient, figures: Figures) -> None:
    figures.refusals = [grpc.StatusCode.UNAVAILABLE] * 3
    with pytest.raises(CallFailed, match=r"^GetReportRequest: UNAVAILABLE"):
        await report(client, "")
    assert len(figures.headers) == 3


async def test_other_channels_take_over_and_the_old_ones_are_given_back(client: OfficeClient) -> None:
    before = client.reconnect(None)
    assert len(before) == 4
    assert await report(client) == 1
    for channel in before:
        await channel.close(None)
    assert await report(client) == 2


async def test_certificates_of_both_sides_are_checked(figures: Figures) -> None:
    authority = Authority()
    server = grpc.aio.server()
    add_MetricsServiceServicer_to_server(figures, server)
    key, chain = authority.give()
    credentials = grpc.ssl_server_credentials([(key, chain)], authority.pem, require_client_auth=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    own_key, own_chain = authority.give()
    addresses = dict.fromkeys(("intake", "approval", "notify", "metrics"), f"127.0.0.1:{port}")
    async with OfficeClient(addresses, {}, mutual_tls(Pems(own_chain, own_key, authority.pem))) as client:
        assert await report(client, "") == 1
    await server.stop(None)


def test_every_replica_is_called_in_turn_and_found_soon() -> None:
    options = dict(EVERY_REPLICA)
    assert options["grpc.lb_policy_name"] == "round_robin"
    assert dict(ONE_ADDRESS).items() <= options.items()
