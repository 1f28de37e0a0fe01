"""Hearing: what other services tell is stored and applied once, in order for each file, whatever NATS does."""

from .applying import Apply
from .consumer import Hearing, Hears
from .dead_letters import DeadLetter, dead_letters
from .effects import Effect, change_many
from .events import HeardEvent
from .inbox import Marks
from .rebuild import Rebuild, rebuild
from .transaction import HearingTx, Retry

__all__ = [
    "Apply",
    "DeadLetter",
    "Effect",
    "HeardEvent",
    "Hearing",
    "HearingTx",
    "Hears",
    "Marks",
    "Rebuild",
    "Retry",
    "change_many",
    "dead_letters",
    "rebuild",
]
