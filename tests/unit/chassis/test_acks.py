"""Acknowledgements: an ack never covers a message that was not applied, whatever dies and is redelivered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.inbox.acks import AckLedger, StreamDelivery, read_reply
from tests.support.examples import examples


def delivery(stream_seq: int, consumer_seq: int = 0) -> StreamDelivery:
    return StreamDelivery(stream_seq, consumer_seq, f"ack {stream_seq}")


def test_a_fresh_consumer_acknowledges_the_last_of_what_was_applied() -> None:
    ledger = AckLedger()
    ledger.begin(floor=0, delivered_up_to=0, deliveries=0, pending=0)
    assert ledger.settle([delivery(1), delivery(2)]) == "ack 2"
    ledger.acknowledged()
    assert ledger.settle([]) is None, "nothing is left to acknowledge"


def test_nothing_is_acknowledged_while_deliveries_of_a_dead_replica_are_awaited() -> None:
    ledger = AckLedger()
    ledger.begin(floor=0, delivered_up_to=5, deliveries=5, pending=5)
    assert ledger.doubtful
    assert ledger.settle([delivery(6)]) is None, "an ack of 6 would cover 1 to 5"
    assert ledger.settle([delivery(seq) for seq in (1, 2, 3, 5)]) is None, "4 is still missing"
    assert ledger.settle([delivery(4)]) == "ack 6"
    assert not ledger.doubtful


def test_a_message_that_comes_twice_is_counted_once() -> None:
    ledger = AckLedger()
    ledger.begin(floor=0, delivered_up_to=2, deliveries=2, pending=2)
    assert ledger.settle([delivery(1), delivery(1)]) is None
    assert ledger.settle([delivery(2)]) == "ack 2"


def test_messages_that_this_process_applied_before_its_session_broke_are_not_awaited() -> None:
    ledger = AckLedger()
    ledger.begin(floor=0, delivered_up_to=0, deliveries=0, pending=0)
    assert ledger.settle([delivery(1), delivery(2), delivery(3)]) == "ack 3"  # and the ack is lost with the connection
    ledger.begin(floor=1, delivered_up_to=3, deliveries=3, pending=2)
    assert not ledger.doubtful, "2 and 3 were applied here"
    assert ledger.settle([]) == "ack 3"


def test_a_reply_of_before_the_store_was_put_back_is_never_sent() -> None:
    ledger = AckLedger()
    ledger.begin(floor=50, delivered_up_to=50, deliveries=50, pending=0, consumer="one")
    assert ledger.settle([delivery(seq) for seq in range(51, 58)]) == "ack 57"  # lost with the server
    ledger.begin(floor=50, delivered_up_to=50, deliveries=50, pending=0, consumer="one")
    assert ledger.settle([delivery(51)]) == "ack 51", "an ack of 57 would cover new messages that nobody applied"


def test_a_reply_of_a_consumer_that_was_deleted_is_never_sent_to_the_next() -> None:
    """The numbers are the same, and the new consumer has delivered the same messages to a replica that died."""
    ledger = AckLedger()
    ledger.begin(floor=3, delivered_up_to=3, deliveries=3, pending=0, consumer="one")
    assert ledger.settle([delivery(4), delivery(5)]) == "ack 5"
    ledger.begin(floor=0, delivered_up_to=5, deliveries=5, pending=5, consumer="another")
    assert ledger.settle([]) is None
    assert ledger.settle([delivery(seq) for seq in (1, 2, 3)]) is None, "4 and 5 are still in doubt"
    again = [StreamDelivery(seq, seq, f"another's ack {seq}") for seq in (4, 5)]
    assert ledger.settle(again) == "another's ack 5"


def test_what_was_applied_before_a_consumer_was_deleted_does_not_end_the_doubt_about_the_next() -> None:
    ledger = AckLedger()
    ledger.begin(floor=0, delivered_up_to=0, deliveries=0, pending=0, consumer="one")
    assert ledger.settle([delivery(1), delivery(2)]) == "ack 2"
    ledger.begin(floor=0, delivered_up_to=2, deliveries=2, pending=2, consumer="another")
    assert ledger.doubtful
    assert ledger.settle([]) is None, "the reply names the consumer that is gone"


def test_a_gap_between_two_deliveries_is_noticed() -> None:
    ledger = AckLedger()
    ledger.begin(floor=0, delivered_up_to=7, deliveries=7, pending=0)
    assert ledger.is_next(delivery(8, 8))
    assert ledger.is_next(delivery(9, 9))
    assert not ledger.is_next(delivery(11, 11)), "delivery 10 was lost"
    assert ledger.is_next(delivery(12, 12))


@settings(max_examples=examples(200))
@given(st.data())
def test_an_ack_covers_applied_messages_alone(drawing: st.DataObject) -> None:
    """A replica died with some of its deliveries applied; its successor sees them again, mixed with new ones."""
    delivered = drawing.draw(st.integers(0, 8), "deliveries of the replica that died")
    floor = drawing.draw(st.integers(0, delivered), "messages that it acknowledged")
    new = drawing.draw(st.integers(0, 4), "messages published since")
    order = drawing.draw(st.permutations(range(floor + 1, delivered + new + 1)), "order of arrival")
    ledger, applied = AckLedger(), set(range(1, floor + 1))
    ledger.begin(floor, delivered, delivered, pending=delivered - floor)
    acknowledged = None
    for seq in order:
        applied.add(seq)
        reply = ledger.settle([delivery(seq)])
        if reply is not None:
            acknowledged = int(reply.removeprefix("ack "))
            covered = {each for each in range(1, acknowledged + 1) if each <= delivered}
            assert covered <= applied, "a message of the dead replica was acknowledged and never applied"
            ledger.acknowledged()
    if order:
        assert acknowledged is not None, "once all are applied, an ack is sent"


@pytest.mark.parametrize(
    "reply",
    [
        "$JS.ACK.OW_INTAKE.approval.1.42.7.1480000000000000000.3",
        "$JS.ACK.hub.account.OW_INTAKE.approval.1.42.7.1480000000000000000.3.token",
    ],
)
def test_the_numbers_stand_in_the_reply_subject_with_and_without_a_domain(reply: str) -> None:
    assert read_reply(reply) == StreamDelivery(42, 7, reply)
