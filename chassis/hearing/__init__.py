"""Hearing: what other services tell is stored and applied once, in order for each file, whatever NATS does."""

from .consumer import Hearing
from .dead_letters import DeadLetter, dead_letters
from .effects import Effect, change_many, write_many
from .events import HeardEvent
from .hears import Apply, Hears, Told, Verify, telling
from .inbox import Marks
from .rebuild import FactUnreadable, Rebuild, RebuildUnderWay, TablesBusy, rebuild
from .transaction import HearingTx, Retry

__all__ = [
    "Apply",
    "DeadLetter",
    "Effect",
    "FactUnreadable",
    "HeardEvent",
    "Hearing",
    "HearingTx",
    "Hears",
    "Marks",
    "Rebuild",
    "RebuildUnderWay",
    "Retry",
    "TablesBusy",
    "Told",
    "Verify",
    "change_many",
    "dead_letters",
    "rebuild",
    "telling",
    "write_many",
]
