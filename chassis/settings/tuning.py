"""How fast the loops behind the calls go, each limit with its sentence."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Batches and pauses; every duration in seconds. Pacing is the biggest lever on the CPU of a busy service."""

    outbox_batch: int = 500
    """Facts published in one batch."""
    outbox_quiet: float = 0.01
    """Seconds without another change after which the relay publishes what there is."""
    outbox_linger: float = 0.12
    """Seconds the relay waits at most while changes keep coming, so that a batch carries more."""
    outbox_poll: float = 0.5
    """Seconds after which the relay looks for facts although nobody in this process has woken it."""
    publish_timeout: float = 5.0
    """Seconds in which the stream must have stored a batch; what it has not is published again."""
    inbox_batch: int = 500
    """Events applied in one transaction."""
    inbox_quiet: float = 0.01
    """Seconds without another event after which a consumer applies what came."""
    inbox_linger: float = 0.05
    """Seconds a consumer waits at most while events keep coming, so that a batch carries more."""
    pull_expires: float = 30.0
    """Seconds a request for events stands at the server."""
    pull_heartbeat: float = 5.0
    """Seconds after which an idle server shows that it still has our request; after two of them we ask anew."""
    ack_timeout: float = 5.0
    """Seconds in which the server must confirm an ack; without it events come again, and are known."""
    away_pause: float = 1.0
    """Seconds before the same batch is tried again while PostgreSQL or NATS is away."""
    redrive_poll: float = 2.0
    """Seconds between looks at whether somebody wants a dead letter applied again."""
    sweep_batch: int = 500
    """Files decided and written in one statement of a sweep."""
    sweep_rest: float = 0.5
    """Rest of a sweep after each batch, as a share of the time the batch took, so that calls are answered."""
    sweep_poll: float = 30.0
    """Seconds after which the sweeps look at the date although the clock has not told of a change."""
    sweep_attempts: int = 3
    """Times a file that changed meanwhile is decided again within one sweep before it is left to the next day."""


DEFAULT_TUNING = Tuning()


async def linger(count: Callable[[], int], quiet: float, most: float) -> None:
    """Wait while `count` keeps growing: until it stood still for `quiet` seconds, at most `most`."""
    until = time.monotonic() + most
    seen = -1
    while (now := count()) != seen and (left := until - time.monotonic()) > 0:
        seen = now
        await asyncio.sleep(min(quiet, left))
