"""A program that the supervisor keeps running."""

import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the stack: how it is started, how it is asked to stop, and how one knows that it is ready."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    """The whole environment of the program: nothing is inherited, so a laptop's habits cannot change the stack."""
    account: str | None = None
    """The operating system account it runs as; None: the one that typed the command."""
    wave: int = 0
    """Programs stop a wave at a time, the highest first; they start together, as pods do, and wait for each other."""
    stop_signal: int = signal.SIGTERM
    grace: float = 10.0
    """Seconds between the request to stop and the kill."""
    health: str | None = None
    """HOST:PORT that answers gRPC health SERVING when the program is ready."""
    listens: str | None = None
    """HOST:PORT that accepts a connection when the program is ready; looked at when there is no health port."""

    def as_json(self) -> dict[str, Any]:
        """What the supervisor reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Program":
        """The inverse of `as_json`."""
        return cls(**{**value, "argv": tuple(value["argv"])})
