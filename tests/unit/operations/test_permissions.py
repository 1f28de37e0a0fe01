"""Each NATS account may use its own subjects, and no other."""

import json
import re

import pytest

from chassis.nats.streams import Stream, consumer_creation
from operations.streams import authorization, permissions
from protocol.streams import SERVICES, received_by


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
def test_no_service_changes_a_stream_and_each_makes_its_own_consumer_alone(service: str) -> None:
    forbidden = ("STREAM.CREATE", "STREAM.UPDATE", "STREAM.PURGE", "STREAM.DELETE", "DURABLE.CREATE", "CONSUMER.DELETE")
    own = permissions()[service].publish
    assert not [subject for subject in own if any(act in subject for act in forbidden)]
    made = {subject for subject in own if "CONSUMER.CREATE" in subject}
    assert made == {f"$JS.API.CONSUMER.CREATE.{Stream(source).name}.{service}" for source in received_by(service)}
    assert made == {consumer_creation(Stream(source).name, service)[0] for source in received_by(service)}
    assert not [subject for subject in made if "*" in subject or ">" in subject], "no filter, no other name"


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
