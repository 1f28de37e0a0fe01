"""The limits of a store, each with its sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """How often, how long, how large."""

    attempts: int = 3
    """Times a change that lost the race for its file is decided again before LostRace."""
    fact_bytes: int = 48 * 1024
    """Bytes the serialised event of one fact may have; a NATS message carries 64 KiB with its headers."""
    states: int = 2048
    """Files whose state is remembered after it was folded, those used last; each takes a few kilobytes."""
    after_limit: float = 2.0
    """Seconds a call waits until the service has heard as far as the caller's position."""
    after_recheck: float = 0.02
    """Seconds to the second look of a call that waits, then twice as long each time; own hearing wakes it at once."""


DEFAULT_LIMITS = StoreSettings()
"""The limits of a service that sets none."""
