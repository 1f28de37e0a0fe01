"""Safe acknowledgements to a durable consumer whose acks are cumulative (AckPolicy.ALL).

An ack of message n also acknowledges every earlier message that the server has delivered to anyone: to a replica that
died before it applied them, or over a connection that broke. An ack that is sent too early therefore loses events.

Example: messages 1 to 5 were delivered to a replica that applied 1 to 3 and died before its ack. The next replica opens
a session, and the server reports: acknowledged up to 0, delivered up to 5, 5 pending. It redelivers 1 to 5 after their
timeouts; message 6, just published, may arrive before them. An ack of 6 would cover 4 and 5 too, and if this replica
died then, they would never be applied. So the session begins with five messages in doubt, counts each one that is
applied, and sends no ack before the count is nought; then one ack of 6 covers all six.

A gap between two deliveries (the consumer's number 8 after 6) means that a message was lost on the way. The session
ends, and the next one begins with the server's own numbers.

The server's numbers may go back: its store was put back, or the consumer was deleted and made anew. A reply subject of
before then names another message, or none. What the server does not report as delivered is therefore forgotten, and all
of it when the consumer is another one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamDelivery:
    """Numbers of a delivered message: its place in the stream, and in the deliveries of the consumer."""

    stream_seq: int
    consumer_seq: int
    reply: str


class AckLedger:
    """Applied and not yet acknowledged messages of one consumer.

    Kept over the sessions of one leadership and no longer: another replica may have led meanwhile, on a store that was
    put back, and a reply of before would then name messages that nobody applied.
    """

    def __init__(self) -> None:
        self._settled: dict[int, str] = {}
        self._doubt_up_to = 0
        self._in_doubt = 0
        self._next = 1
        self._consumer = ""

    def begin(self, floor: int, delivered_up_to: int, deliveries: int, pending: int, consumer: str = "") -> None:
        """Start of a session, with the state of the consumer at the server.

        `floor` is the last acknowledged message and `delivered_up_to` the last delivered one, by their numbers in the
        stream; `deliveries` counts the deliveries so far, `pending` those without an ack. `consumer` tells one consumer
        from another of its name: the instant at which it was made.
        """
        if consumer != self._consumer:
            self._settled.clear()
        self._consumer = consumer
        self._settled = {seq: reply for seq, reply in self._settled.items() if floor < seq <= delivered_up_to}
        self._doubt_up_to = delivered_up_to
        self._in_doubt = pending - len(self._settled)
        self._next = deliveries + 1

    @property
    def doubtful(self) -> bool:
        """True when deliveries are pending that this process has not applied."""
        return self._in_doubt > 0

    def is_next(self, delivery: StreamDelivery) -> bool:
        """True when this is the very next delivery; False when one was lost on the way."""
        expected, self._next = self._next, delivery.consumer_seq + 1
        return delivery.consumer_seq == expected

    def settle(self, deliveries: list[StreamDelivery]) -> str | None:
        """Records applied messages; the reply subject whose ack covers all of them, or None while an ack is unsafe."""
        for delivery in deliveries:
            if delivery.stream_seq not in self._settled and delivery.stream_seq <= self._doubt_up_to:
                self._in_doubt -= 1
            self._settled[delivery.stream_seq] = delivery.reply
        if self.doubtful or not self._settled:
            return None
        return self._settled[max(self._settled)]

    def acknowledged(self) -> None:
        """Forgets the settled messages: the server has confirmed the ack that `settle` named."""
        self._settled.clear()


def read_reply(reply: str) -> StreamDelivery:
    """Numbers in the reply subject of a delivered message, with or without a JetStream domain in it."""
    parts = reply.split(".")
    first = 5 if len(parts) == 9 else 7
    return StreamDelivery(int(parts[first]), int(parts[first + 1]), reply)
