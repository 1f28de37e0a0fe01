"""Shape of streams and consumers: settings of an existing one by which facts could be lost are named."""

from dataclasses import replace

import pytest
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType

from chassis.nats.streams import Stream, consumer_config, wrong_consumer


def test_a_stream_has_its_name_and_subjects_from_its_source() -> None:
    stream = Stream("intake")
    assert (stream.name, stream.subject) == ("OW_INTAKE", "onewindow.intake.v1.>")
    config = stream.config(max_bytes=1 << 30, replicas=3)
    assert (config.name, config.subjects, config.max_bytes, config.num_replicas) == (
        "OW_INTAKE",
        ["onewindow.intake.v1.>"],
        1 << 30,
        3,
    )
    assert list(stream.wrong(config)) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"retention": RetentionPolicy.WORK_QUEUE}, "retention="),
        ({"storage": StorageType.MEMORY}, "storage="),
        ({"discard": DiscardPolicy.OLD}, "discard="),
        ({"subjects": ["onewindow.>"]}, "subjects=onewindow.>"),
        ({"subjects": None}, "subjects="),
    ],
)
def test_a_setting_that_loses_facts_is_named(change: dict[str, object], named: str) -> None:
    config = replace(Stream("intake").config(1, 1), **change)  # type: ignore[arg-type] # a field of its type
    assert [wrong.startswith(named) for wrong in Stream("intake").wrong(config)] == [True]


def test_sizes_and_replicas_are_the_operators_choice() -> None:
    assert list(Stream("intake").wrong(Stream("intake").config(1 << 40, 5))) == []


@pytest.mark.parametrize(
    ("config", "named"),
    [
        (consumer_config("approval"), []),
        (replace(consumer_config("approval"), ack_wait=60), []),
        (replace(consumer_config("approval"), ack_policy=AckPolicy.NONE), ["ack_policy"]),
        (replace(consumer_config("approval"), deliver_policy=DeliverPolicy.NEW), ["deliver_policy"]),
        (
            ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, deliver_policy=DeliverPolicy.LAST),
            ["ack_policy", "deliver_policy"],
        ),
    ],
)
def test_a_consumer_that_would_lose_its_place_is_named(config: ConsumerConfig, named: list[str]) -> None:
    assert [wrong.partition("=")[0] for wrong in wrong_consumer(config)] == named


@pytest.mark.parametrize(
    "change",
    [
        {"filter_subject": "onewindow.intake.v1.ticket_taken.>"},
        {"filter_subjects": ["onewindow.intake.v1.a.>", "onewindow.intake.v1.b.>"]},
        {"deliver_subject": "elsewhere"},
        {"headers_only": True},
        {"max_deliver": 3},
    ],
)
def test_a_consumer_that_leaves_facts_out_is_named(change: dict[str, object]) -> None:
    (field,) = change
    assert [fault.partition("=")[0] for fault in wrong_consumer(consumer_config("approval").evolve(**change))] == [
        field
    ]
    assert list(wrong_consumer(consumer_config("approval"))) == []
