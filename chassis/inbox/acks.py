"""What may be acknowledged when one ack settles everything before it (AckPolicy.ALL).

An ack of message n also settles every earlier one that the server has delivered to somebody: to a replica that died
with them, or over a connection that broke. So a session begins by asking how many are out there, and acknowledges
nothing until that many have come again and were applied; and a hole in the numbers of deliveries ends the session.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message's numbers: in its stream, and among the deliveries of its consumer."""

    stream_seq: int
    consumer_seq: int
    reply: str


class AckLedger:
    """Which messages of one consumer were applied, and whether one ack for all of them is safe."""

    def __init__(self) -> None:
        self._settled: dict[int, str] = {}
        self._doubt_up_to = 0
        self._in_doubt = 0
        self._next = 1

    def begin(self, floor: int, delivered_up_to: int, deliveries: int, pending: int) -> None:
        """A session begins: what the server says is acknowledged, delivered, and delivered but not acknowledged."""
        self._settled = {seq: reply for seq, reply in self._settled.items() if seq > floor}
        known = sum(1 for seq in self._settled if seq <= delivered_up_to)
        self._doubt_up_to = delivered_up_to
        self._in_doubt = pending - known
        self._next = deliveries + 1

    @property
    def doubtful(self) -> bool:
        """Whether messages are out there that this process has not applied."""
        return self._in_doubt > 0

    def follows(self, message: Delivered) -> bool:
        """Whether this is the very next delivery; False when one was lost on the way."""
        expected, self._next = self._next, message.consumer_seq + 1
        return message.consumer_seq == expected

    def settle(self, messages: list[Delivered]) -> str | None:
        """These were applied; the reply subject whose ack settles all that were, or None while that is unsafe."""
        for message in messages:
            if message.stream_seq not in self._settled and message.stream_seq <= self._doubt_up_to:
                self._in_doubt -= 1
            self._settled[message.stream_seq] = message.reply
        if self.doubtful or not self._settled:
            return None
        return self._settled[max(self._settled)]

    def acknowledged(self) -> None:
        """The server has confirmed the ack that `settle` named."""
        self._settled.clear()


def read_reply(reply: str) -> Delivered:
    """The numbers in the reply subject of a delivered message, with or without a JetStream domain in it."""
    parts = reply.split(".")
    first = 5 if len(parts) == 9 else 7
    return Delivered(int(parts[first]), int(parts[first + 1]), reply)
