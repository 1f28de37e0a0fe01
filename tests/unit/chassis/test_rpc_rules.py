"""Small rules of the RPC side: sentences of broken rules, outages, callers and their fingerprints, rates, headers."""

import errno
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2

from chassis.refusals import (
    Away,
    Invalid,
    LostRace,
    Overloaded,
    Refusal,
    StorageFull,
    TooLarge,
    TooManyCalls,
    Unauthenticated,
)
from chassis.rpc.access import AccessRule
from chassis.rpc.deadlines import Deadlines
from chassis.rpc.errors import as_refusal, filled, reason_of
from chassis.rpc.gate import CallerResolver, Gate, Headers, kind_of
from chassis.rpc.identity.caller import (
    DISTRICT,
    EVERY_STREET,
    STREET,
    Caller,
    caller_or_network,
    current_caller,
    fingerprint,
    level_of,
    set_caller,
)
from chassis.rpc.identity.system_registry import SystemRegistry
from chassis.rpc.identity.tokens import TokenVerifier
from chassis.rpc.limits import OpenCalls, Places, RateLimit, caller_key, network_of
from chassis.rpc.messages_zh import sentence
from chassis.rpc.validation import UnreadableRequest, check, has_visible, largest_field, reader

CLERK = Caller("10001", False, frozenset({"CLERK"}), "440105", "440105008", STREET)
PORTAL = Caller("spiffe://portal", True, frozenset(), "440105", EVERY_STREET, DISTRICT, system="PORTAL")


@pytest.mark.parametrize(
    ("rule", "value", "written", "read"),
    [
        ("required", None, "", "必填。"),
        ("string.max_len", 200, "", "字数过多，最多 200 个字。"),
        ("repeated.max_items", 20, "", "数量过多，最多 20 项。"),
        ("int32.gte", 1, "", "不得小于 1。"),
        ("int32.gte_lte", None, "must be >= 1 and <= 12", "应在 1 到 12 之间。"),
        ("int32.gte_lte", None, "no bounds in it", "不符合要求。"),
        ("double.lt", 0.5, "", "应大于 0.5。".replace("大", "小")),
        ("enum.const", object(), "", "应为 规定值。"),
        ("own.rule", None, "受理地点应为九位代码。", "受理地点应为九位代码。"),
        ("own.rule", None, "written in English", "不符合要求。"),
    ],
)
def test_every_broken_rule_has_a_sentence(rule: str, value: object, written: str, read: str) -> None:
    assert sentence(rule, value, written) == read


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (asyncpg.ConnectionDoesNotExistError("x"), Away),
        (asyncpg.QueryCanceledError("x"), Away),
        (asyncpg.InvalidPasswordError("x"), Away),
        (ConnectionResetError(), Away),
        (TimeoutError(), Away),
        (OSError(111, "no route"), Away),
        (asyncpg.InterfaceError("connection is closed"), Away),
        (asyncpg.InterfaceError("pool is closing"), Away),
        (asyncpg.DiskFullError("x"), StorageFull),
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull),
        (OSError(errno.ENOSPC, "No space left on device", "/var/spool/x"), StorageFull),
        (asyncpg.TooManyConnectionsError("x"), Overloaded),
        (asyncpg.DeadlockDetectedError("x"), LostRace),
        (asyncpg.CharacterNotInRepertoireError("x"), Invalid),
        (asyncpg.InterfaceError("the server expects 2 arguments"), None),
        (FileNotFoundError(2, "No such file", "/etc/key"), None),
        (asyncpg.UndefinedColumnError("x"), None),
        (LookupError(), None),
    ],
)
def test_an_error_of_the_driver_becomes_the_refusal_it_amounts_to(
    error: Exception, refusal: type[Refusal] | None
) -> None:
    assert type(as_refusal(error)) is (refusal or type(None))


def test_a_reason_is_the_class_name_in_upper_snake_case() -> None:
    class AlreadyExtended(Exception):
        """The term was extended before."""

    class SMSGatewayAway(Exception):
        """The gateway does not answer."""

    assert [reason_of(kind) for kind in (AlreadyExtended, SMSGatewayAway)] == ["ALREADY_EXTENDED", "SMS_GATEWAY_AWAY"]


def test_a_path_is_filled_when_the_request_has_something_there() -> None:
    request = submission_pb2.SubmitRequest(request_id="r")
    request.submission.item_code = "1"
    assert filled(request, "request_id")
    assert filled(request, "submission.item_code")
    assert not filled(request, "submission.item_code.deeper")
    assert not filled(request, "application_id")
    assert not filled(None, "request_id")


@pytest.mark.parametrize(
    ("street", "level"), [("440105000", DISTRICT), (EVERY_STREET, DISTRICT), ("440105008", STREET)]
)
def test_the_districts_own_code_ends_in_zeros(street: str, level: str) -> None:
    assert level_of(street) == level


def test_a_call_without_a_caller_is_unauthenticated() -> None:
    set_caller(CLERK)
    assert current_caller() is CLERK
    set_caller(None)
    with pytest.raises(Unauthenticated):
        current_caller()


def test_a_fingerprint_is_equal_for_a_true_repeat_only() -> None:
    request = pb.WithdrawRequest(request_id="r", application_id=str(UUID(int=1)))
    same = fingerprint("/x/Withdraw", request)
    assert fingerprint("/x/Withdraw", pb.WithdrawRequest(request_id="r", application_id=str(UUID(int=1)))) == same
    assert fingerprint("/x/Withdraw", pb.WithdrawRequest(request_id="r", application_id=str(UUID(int=2)))) != same
    assert fingerprint("/x/Other", request) != same


@pytest.mark.parametrize(("caller", "kind"), [(None, "open"), (CLERK, "staff"), (PORTAL, "machine")])
def test_logs_name_the_kind_of_caller(caller: Caller | None, kind: str) -> None:
    assert kind_of(caller) == kind


class Context:
    """Metadata and proven properties of a call."""

    def __init__(self, *metadata: tuple[str, str], **proven: list[bytes]) -> None:
        self._metadata, self._proven = metadata, proven

    def invocation_metadata(self) -> Any:
        return self._metadata or None

    def auth_context(self) -> Mapping[str, list[bytes]]:
        return self._proven


def test_of_two_tokens_the_first_counts() -> None:
    headers = Headers(
        cast("Any", Context(("authorization", "Bearer a"), ("authorization", "Bearer b"), ("traceparent", "00-x")))
    )
    assert (headers.authorization, dict(headers.trace)) == ("Bearer a", {"traceparent": "00-x"})
    none = Headers(cast("Any", Context()))
    assert (none.authorization, dict(none.trace)) == (None, {})


class Tokens:
    """Accepts one token."""

    async def caller(self, token: str) -> Caller:
        if token != "good":
            raise Unauthenticated
        return CLERK


class Registry:
    """Knows one system by any certificate."""

    def caller(self, presented: Mapping[str, list[bytes]]) -> Caller | None:
        return PORTAL if presented else None


async def test_a_caller_comes_by_token_first_and_by_certificate_else() -> None:
    resolver = CallerResolver(cast("TokenVerifier", Tokens()), cast("SystemRegistry", Registry()))
    proven = cast("Any", Context(peer_spiffe_id=[b"spiffe://portal"]))
    assert await resolver.caller("bearer good", proven) is CLERK
    assert await resolver.caller(None, proven) is PORTAL
    assert await resolver.caller(None, cast("Any", Context())) is None
    for authorization in ("Bearer bad", "Basic good", "good"):
        with pytest.raises(Unauthenticated):
            await resolver.caller(authorization, proven)
    without = CallerResolver(cast("TokenVerifier", Tokens()))
    assert await without.caller(None, proven) is None


def test_a_bucket_refills_evenly_and_old_ones_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.rpc.limits._KEYS", 2)
    now = [0.0]
    calls = RateLimit(per_minute=60, burst=2, now=lambda: now[0])
    for _ in range(2):
        calls.count("one")
    for _ in range(2):
        with pytest.raises(TooManyCalls):
            calls.count("one")
    with pytest.raises(TooManyCalls):
        calls.require("one")
    now[0] = 1.0
    calls.require("one")
    calls.count("one")
    with pytest.raises(TooManyCalls):
        calls.count("one")
    for another in ("two", "three"):
        calls.count(another)
    calls.count("one")


def test_a_caller_is_counted_by_kind_place_and_number_and_a_stranger_by_address() -> None:
    elsewhere = replace(CLERK, street="440105009")
    machine = replace(CLERK, machine=True)
    assert len({caller_key(each, "ipv4:10.0.0.1:1") for each in (CLERK, elsewhere, machine, PORTAL, None)}) == 5
    assert caller_key(CLERK, "ipv4:10.0.0.1:1") == caller_key(CLERK, "ipv4:10.0.0.2:1")
    assert caller_key(None, "ipv4:10.0.0.1:1") == caller_key(None, "ipv4:10.0.0.1:2")
    assert caller_key(None, "ipv6:%5B::1%5D:1") != caller_key(None, "ipv6:%5B::2%5D:1")
    assert caller_key(None, "unix:") == "unix"


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("ipv4:10.0.0.1:1", "10.0.0.1"),
        ("ipv6:%5B2001:db8:1:2:3::4%5D:1", "2001:db8:1:2::/64"),
        ("ipv6:[2001:db8:1:2:ffff::9]:1", "2001:db8:1:2::/64"),
        ("ipv6:[2001:db8:1:3::9]:1", "2001:db8:1:3::/64"),
        ("ipv6:[::ffff:10.0.0.1]:1", "10.0.0.1"),
        ("unix:", "unix"),
    ],
)
def test_a_stranger_guesses_with_the_share_of_their_network(peer: str, network: str) -> None:
    assert network_of(peer) == network


async def test_a_call_is_made_by_its_caller_and_without_one_by_its_network() -> None:
    many = RateLimit(per_minute=60, burst=60)
    resolver = CallerResolver(cast("TokenVerifier", Tokens()))
    gate = Gate(resolver, {}, Deadlines(), OpenCalls(many, many), Places(1, 1, 1))

    class FromAfar(Context):
        def peer(self) -> str:
            return "ipv6:[2001:db8:1:2::9]:1"

    for authorization, counted in (("Bearer good", CLERK.whole_name), (None, "2001:db8:1:2::/64")):
        await gate.admit(AccessRule(open=True), authorization, cast("Any", FromAfar()))
        assert caller_or_network() == counted
    set_caller(None)


@pytest.mark.parametrize(
    ("text", "visible"),
    [("理由", True), (" a ", True), ("", False), (" \t\n", False), ("\u200b\u3164", False), ("\u0301", False)],
)
def test_a_text_needs_a_visible_sign(text: str, visible: bool) -> None:
    assert has_visible(text) is visible


def test_bytes_that_are_no_message_are_refused_when_they_are_checked() -> None:
    read = reader(pb.WithdrawRequest.FromString, 1000)
    assert isinstance(read(b"\x0a\xff\xff\xff\xff"), UnreadableRequest)
    with pytest.raises(Invalid, match="无法识别"):
        check(read(b"\x0a\xff\xff\xff\xff"))


def _submission(**fields: Any) -> Message:
    return submission_pb2.SubmitRequest(request_id="r", submission=submission_pb2.Submission(**fields))


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (pb.WithdrawRequest(request_id="r" * 2000), "request_id"),
        (_submission(applicant={"address": "长" * 2000}), "submission.applicant.address"),
        (_submission(materials=[{"material_code": "M01", "copies": 1}] * 300), "submission.materials"),
        (submission_pb2.UploadMaterialRequest(chunk=b"x" * 2000), "chunk"),
    ],
)
def test_a_request_that_is_too_large_is_refused_by_the_field_that_has_most_of_it(request_: Message, field: str) -> None:
    read = reader(type(request_).FromString, 1000, cast("Descriptor", request_.DESCRIPTOR))
    with pytest.raises(TooLarge) as refused:
        check(read(request_.SerializeToString()))
    assert [(fault.field, fault.rule) for fault in refused.value.fields] == [(field, "request.max_bytes")]


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        (b"", ""),
        (b"\xff" * 2000, ""),
        (b"\x0a\xff\xff\xff\xff\x0f", ""),
        (b"\x0b" + b"x" * 2000, ""),
        (b"\xfa\x3f\x02xx", ""),
        (b"\x08\x01\x0d\0\0\0\0\x09" + b"\0" * 8, "request_id"),
        (b"\x0a\x01x" * 5000 + b"\x12" + b"x" * 9, "request_id"),
    ],
)
def test_hostile_bytes_are_read_no_further_than_they_make_sense(wire: bytes, field: str) -> None:
    assert largest_field(wire, pb.WithdrawRequest.DESCRIPTOR) == field
    assert largest_field(wire, None) == ""
