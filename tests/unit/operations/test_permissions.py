"""Each NATS account may use its own subjects, and no other."""

import json
import re

import pytest

from operations.streams import authorization, permissions
from protocol.streams import SERVICES


def test_each_service_publishes_and_receives_its_own_and_the_admin_manages_streams() -> None:
    accounts = permissions()
    assert accounts.keys() == {*SERVICES, "admin"}
    for name, allowed in accounts.items():
        assert allowed.subscribe == (f"_INBOX.{name}.>",)
    assert {subject.split(".")[1] for subject in accounts["intake"].publish if subject.startswith("onewindow.")} == {
        "intake",
        "sealed",
    }
    assert not [subject for subject in accounts["metrics"].publish if subject.startswith("onewindow.")]
    assert not [subject for subject in accounts["admin"].publish if not subject.startswith("$JS.API.")]


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_changes_a_stream_or_a_consumer(service: str) -> None:
    forbidden = (
        "STREAM.CREATE",
        "STREAM.UPDATE",
        "STREAM.PURGE",
        "STREAM.DELETE",
        "CONSUMER.CREATE",
        "CONSUMER.DELETE",
    )
    assert not [subject for subject in permissions()[service].publish if any(act in subject for act in forbidden)]


def test_notify_alone_receives_the_envelopes() -> None:
    readers = [name for name, allowed in permissions().items() if "$JS.ACK.OW_SEALED." in " ".join(allowed.publish)]
    assert readers == ["notify"]


def test_the_configuration_takes_each_password_from_the_environment() -> None:
    text = authorization()
    passwords = re.findall(r'"password": (\S+),', text)
    assert passwords == [f"$ONEWINDOW_{name.upper()}_PASSWORD" for name in (*SERVICES, "admin")]
    users = [
        re.sub(r"\$ONEWINDOW_\w+", '"x"', line.strip().rstrip(",")) for line in text.splitlines() if "user" in line
    ]
    assert [json.loads(line)["user"] for line in users if line.startswith("{")] == [*SERVICES, "admin"]
