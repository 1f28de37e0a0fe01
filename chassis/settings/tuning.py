"""Batches and pauses of the loops behind the calls."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Batches and pauses; every duration in seconds. They are the biggest lever on the CPU of a busy service."""

    outbox_batch: int = 500
    """Facts published in one batch."""
    outbox_quiet: float = 0.01
    """Seconds without another change after which the publisher sends the waiting rows."""
    outbox_linger: float = 0.12
    """Most seconds that the publisher waits while changes keep coming, so that a batch holds more."""
    outbox_poll: float = 0.5
    """Seconds between looks of the publisher when no change in this process wakes it."""
    publish_timeout: float = 5.0
    """Seconds in which the stream must have stored a batch; unacknowledged rows are published again."""
    inbox_batch: int = 500
    """Events applied in one transaction."""
    inbox_quiet: float = 0.01
    """Seconds without another event after which a consumer applies the received ones."""
    inbox_linger: float = 0.05
    """Most seconds that a consumer waits while events keep coming, so that a batch holds more."""
    pull_expires: float = 30.0
    """Seconds that a pull request stays valid at the server."""
    pull_heartbeat: float = 5.0
    """Seconds between heartbeats of an idle server; two missing ones end the session."""
    ack_timeout: float = 5.0
    """Seconds in which the server must confirm an ack; otherwise the events come again and are dropped."""
    away_pause: float = 1.0
    """Seconds until the same batch is tried again while PostgreSQL or NATS is away."""
    redrive_poll: float = 2.0
    """Seconds between looks for requests to redrive a dead letter."""
    self_healing: bool = True
    """True when a lost subscription is made anew, and what a stream has lost is published again."""
    watch_poll: float = 10.0
    """Seconds between looks at a subscription and at a stream: their presence, and how far they are."""
    day_margin: float = 300.0
    """Seconds before the end of a count in which facts may still be written."""
    day_poll: float = 60.0
    """Seconds between comparisons of a count that lacks facts."""
    sweep_batch: int = 500
    """Files decided and written in one statement of a sweep."""
    sweep_rest: float = 0.5
    """Rest of a sweep after each batch, as a share of the time the batch took, so that calls are answered."""
    sweep_poll: float = 30.0
    """Seconds between looks of the sweeps at the date when the clock reports no change."""
    sweep_attempts: int = 3
    """Times a file that changed meanwhile is decided again within one sweep before it is left to the next day."""
    recount_batch: int = 500
    """Open files looked at and written in one transaction of a recount."""
    recount_rest: float = 0.25
    """Rest of a recount after each batch, as a share of the time the batch took, so that calls are answered."""
    recount_poll: float = 2.0
    """Seconds between looks for open files that stand by an earlier calendar."""


DEFAULT_TUNING = Tuning()


async def linger(count: Callable[[], int], quiet: float, most: float) -> None:
    """Waits while `count` keeps growing: until it stood still for `quiet` seconds, at most `most`."""
    until = time.monotonic() + most
    seen = -1
    while (now := count()) != seen and (left := until - time.monotonic()) > 0:
        seen = now
        await asyncio.sleep(min(quiet, left))
