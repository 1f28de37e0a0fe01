"""Callers: what they may read, and the key under which a call is done once."""

from datetime import date

import pytest
from onewindow.intake.v1.intake_service_pb2 import WithdrawRequest

from chassis.refusals import Invalid
from chassis.rpc.identity.caller import Caller, set_caller
from chassis.scope import EVERY_STREET, Scope
from law.desk import Post
from protocol.requests import (
    actor_line,
    actor_message,
    actor_of,
    civil_day,
    idempotency_key,
    oversees,
    own_scope,
    readable_scope,
)

CLERK = Caller("NHX-001", False, frozenset({"CLERK"}), "440105", "440105008", "STREET", unit="南华西街道")
SUPERVISOR = Caller("HZQ-301", False, frozenset({"SUPERVISOR"}), "440105", "440105000", "DISTRICT")


def test_a_clerk_reads_the_own_street() -> None:
    assert readable_scope(CLERK) == own_scope(CLERK) == Scope("440105", "440105008")
    assert not oversees(CLERK)


def test_a_supervisor_of_the_district_reads_every_street() -> None:
    assert readable_scope(SUPERVISOR) == Scope("440105", EVERY_STREET)


def test_a_supervisor_of_a_street_reads_that_street() -> None:
    street = Caller("NHX-301", False, frozenset({"SUPERVISOR"}), "440105", "440105008", "STREET")
    assert oversees(street)
    assert readable_scope(street) == Scope("440105", "440105008")


@pytest.mark.parametrize(
    ("line", "staff_no", "unit", "caller"),
    [
        ("staff/440105008/NHX-001 南华西街道", "NHX-001", "南华西街道", "staff/440105008/NHX-001"),
        ("machine/*/spiffe://a/b", "spiffe://a/b", "", "machine/*/spiffe://a/b"),
        ("NHX-001 南华西街道", "NHX-001", "南华西街道", ""),
        ("office", "office", "", ""),
        ("sweep:deemed", "office", "", ""),
    ],
)
def test_an_event_names_the_number_and_the_whole_name_of_its_actor(
    line: str, staff_no: str, unit: str, caller: str
) -> None:
    message = actor_message(line)
    assert (message.staff_no, message.unit, message.caller) == (staff_no, unit, caller)


def test_acts_know_the_caller_by_number_unit_and_posts() -> None:
    actor = actor_of(CLERK)
    assert (actor.staff_no, actor.unit, actor.posts) == ("NHX-001", "南华西街道", frozenset({Post.CLERK}))
    assert actor_line(CLERK) == "staff/440105008/NHX-001 南华西街道"
    assert actor_line(SUPERVISOR) == "staff/440105000/HZQ-301"


def test_equal_requests_have_equal_keys_and_others_do_not() -> None:
    set_caller(CLERK)
    first = idempotency_key("Withdraw", WithdrawRequest(request_id="r1", application_id="a"))
    again = idempotency_key("Withdraw", WithdrawRequest(request_id="r1", application_id="a"))
    other = idempotency_key("Withdraw", WithdrawRequest(request_id="r1", application_id="b"))
    assert first == again
    assert (first.caller, first.request_id) == (other.caller, other.request_id)
    assert first.fingerprint != other.fingerprint


def test_a_day_is_read() -> None:
    assert civil_day("2016-02-29", "day") == date(2016, 2, 29)


@pytest.mark.parametrize("text", ["2015-02-29", "2016-13-01", "", "today"])
def test_a_day_that_no_calendar_has_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        civil_day(text, "supply_by")
    assert [fault.field for fault in refused.value.fields] == ["supply_by"]
