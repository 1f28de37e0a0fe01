"""Hearing: what other services tell is stored and applied once, in order for each file, whatever NATS does."""

from .applying import Apply
from .consumer import Hearing, Hears
from .effects import Effect, change_many
from .events import HeardEvent
from .inbox import Marks
from .transaction import HearingTx, Retry

__all__ = ["Apply", "Effect", "HeardEvent", "Hearing", "HearingTx", "Hears", "Marks", "Retry", "change_many"]
