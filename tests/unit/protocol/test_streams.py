"""Streams: one table from which everything else follows."""

from protocol.streams import METRICS, PUBLISHERS, SEALED, SERVICES, STREAMS, published_by, received_by


def test_the_shares_fill_the_room() -> None:
    assert sum(one.share for one in STREAMS) == 16


def test_publishers_and_receivers_are_services() -> None:
    assert {one.publisher for one in STREAMS} <= set(SERVICES)
    assert {receiver for one in STREAMS for receiver in one.receivers} <= set(SERVICES)


def test_metrics_publishes_nothing_and_receives_every_fact() -> None:
    assert published_by(METRICS) == ()
    assert received_by(METRICS) == PUBLISHERS


def test_envelopes_are_received_by_notify_alone() -> None:
    assert [service for service in SERVICES if SEALED in received_by(service)] == ["notify"]


def test_the_names_at_the_server_stay() -> None:
    assert [one.stream.name for one in STREAMS] == ["OW_INTAKE", "OW_APPROVAL", "OW_NOTIFY", "OW_SEALED"]
    assert STREAMS[0].stream.subject == "onewindow.intake.v1.>"
