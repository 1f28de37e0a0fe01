"""Access to methods: none, unless the contract names the caller."""

from types import ModuleType, SimpleNamespace
from typing import cast

import pytest
from prometheus_client import CollectorRegistry, Counter

from chassis.refusals import TooManyCalls
from chassis.rpc.access import NO_CALLER, requests_of, rules_of
from chassis.rpc.access_log import AccessLog
from chassis.rpc.errors import ErrorMap
from chassis.rpc.gate import Gate
from chassis.rpc.interceptor import Interceptor
from chassis.rpc.limits import RateLimit
from tests.support.echo.edge import STREET, Closed, Edge, Issuer, serving

CODES = {
    "OK", "CANCELLED", "INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND", "ALREADY_EXISTS",
    "FAILED_PRECONDITION", "ABORTED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "UNAVAILABLE", "INTERNAL",
}  # fmt: skip # every code that ends a call of a method


@pytest.mark.parametrize("method", ["SayUndeclared", "SayToNobody"])
async def test_a_method_without_a_rule_is_refused_to_every_caller(edge: Edge, method: str) -> None:
    for claims in ({}, {"posts": ["HEAD", "CLERK"]}, {"machine": "PORTAL"}):
        token = edge.issuer.token(**claims)
        refused = await edge.refusal(edge.call(method, text="x", token=token))
        assert (refused.code, refused.why.reason) == ("PERMISSION_DENIED", "NOT_PERMITTED")
        assert [each.field for each in refused.fields] == ["authorization"]


async def test_a_post_that_is_not_named_is_refused(edge: Edge) -> None:
    token = edge.issuer.token(posts=["HEAD"])
    assert (await edge.refusal(edge.call("Say", text="x", token=token))).code == "PERMISSION_DENIED"


async def test_a_post_counts_only_at_the_named_level(edge: Edge) -> None:
    street = edge.issuer.token(posts=["HEAD"], place=STREET)
    district = edge.issuer.token(posts=["HEAD"], place="440105000")
    assert (await edge.refusal(edge.call("SayAtDistrict", text="x", token=street))).code == "PERMISSION_DENIED"
    assert (await edge.call("SayAtDistrict", text="x", token=district)).text == "x"


async def test_a_system_is_let_in_by_name_and_never_by_a_post(edge: Edge) -> None:
    portal = edge.issuer.token(sub="portal", machine="PORTAL", place="*")
    assert (await edge.call("Say", text="x", token=portal)).caller == "portal"
    other = edge.issuer.token(sub="probe", machine="PROBE", place="*", posts=["CLERK"])
    assert (await edge.refusal(edge.call("Say", text="x", token=other))).code == "PERMISSION_DENIED"


async def test_without_a_token_only_open_methods_answer(edge: Edge) -> None:
    assert (await edge.refusal(edge.call("Say", text="x", token=None))).code == "UNAUTHENTICATED"
    assert (await edge.call("SayFreely", text="x", token=None)).text == "x"


async def test_a_bad_token_is_refused_even_where_none_is_needed(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("SayFreely", text="x", token="forged"))
    assert (refused.code, [each.field for each in refused.fields]) == ("UNAUTHENTICATED", ["authorization"])


async def test_open_calls_of_one_address_are_limited(edge: Edge) -> None:
    for _ in range(10):
        await edge.call("SayFreely", text="x", token=None)
    refused = await edge.refusal(edge.call("SayFreely", text="x", token=None))
    assert (refused.code, refused.why.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_CALLS")
    assert refused.retry.seconds > 0


def test_each_method_begins_at_0_with_each_code_that_ends_it(messages: ModuleType) -> None:
    service = messages.DESCRIPTOR.services_by_name["EchoService"]
    calls = Counter("own_calls", "Of this test alone.", ["method", "code"], registry=CollectorRegistry())
    gate = cast(Gate, SimpleNamespace(errors=ErrorMap({Closed: "FAILED_PRECONDITION"})))
    Interceptor(gate, AccessLog(calls=calls), requests_of([service]), 1)
    samples = [each for each in next(iter(calls.collect())).samples if each.name == "own_calls_total"]
    assert {each.value for each in samples} == {0}
    assert {(each.labels["method"], each.labels["code"]) for each in samples} == {
        *((f"/echo.v1.EchoService/{method.name}", code) for method in service.methods for code in CODES),
        ("unknown", "UNIMPLEMENTED"),
    }


async def test_residents_behind_one_system_are_not_counted_as_one_address(edge: Edge) -> None:
    portal = edge.issuer.token(sub="portal", machine="PORTAL", place="*")
    for _ in range(11):
        await edge.call("SayFreely", text="x", token=portal)
    for _ in range(10):
        await edge.call("SayFreely", text="x", token=None)
    assert (await edge.refusal(edge.call("SayFreely", text="x", token=None))).why.reason == "TOO_MANY_CALLS"
    await edge.call("SayFreely", text="x", token=portal)


async def test_a_known_caller_has_a_limit_of_its_own(messages: ModuleType, issuer: Issuer) -> None:
    async with serving(messages, issuer, open_calls_caller_burst=2, open_calls_caller_per_minute=1) as edge:
        one = edge.issuer.token(sub="portal", machine="PORTAL", place="*")
        other = [
            edge.issuer.token(sub="portal", machine="PORTAL", place=STREET),
            edge.issuer.token(sub="portal", posts=["CLERK"], place=STREET),
            edge.issuer.token(sub="another", machine="PORTAL", place="*"),
        ]
        for token in (one, one, *other, *other):
            await edge.call("SayFreely", text="x", token=token)
        refused = await edge.refusal(edge.call("SayFreely", text="x", token=one))
        assert (refused.code, refused.why.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_CALLS")
        await edge.call("Say", text="x", token=one)


def test_an_empty_bucket_refills_with_time_for_its_own_address_only() -> None:
    clock = [0.0]
    bucket = RateLimit(per_minute=60, burst=1, now=lambda: clock[0])
    bucket.count("ipv4:10.0.0.1")
    with pytest.raises(TooManyCalls):
        bucket.count("ipv4:10.0.0.1")
    bucket.count("ipv4:10.0.0.2")
    clock[0] = 1.0
    bucket.count("ipv4:10.0.0.1")


def test_the_rules_are_those_of_the_contract(edge: Edge) -> None:
    service = edge.messages.DESCRIPTOR.services_by_name["EchoService"]
    rules = rules_of([service], edge.messages.allow)
    assert rules["/echo.v1.EchoService/Say"].posts == {"CLERK"}
    assert rules["/echo.v1.EchoService/Say"].machines == {"PORTAL"}
    assert rules["/echo.v1.EchoService/SayAtDistrict"].levels == {"DISTRICT"}
    assert rules["/echo.v1.EchoService/SayFreely"].open
    assert rules["/echo.v1.EchoService/SayUndeclared"] == NO_CALLER
    assert len(rules) == len(service.methods)
