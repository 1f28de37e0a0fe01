"""What the reference system does wrong on demand, for the next so many calls."""

import asyncio
from dataclasses import dataclass
from typing import Any

import grpc

KINDS = ("unavailable", "lost_answer", "refuse", "slow")
"""UNAVAILABLE at once; done and then UNAVAILABLE; INVALID_ARGUMENT; half a minute's wait first."""
_SLOW_SECONDS = 30.0


@dataclass(slots=True)
class Faults:
    """One kind of fault at a time."""

    kind: str = ""
    left: int = 0

    def order(self, kind: str, count: int) -> None:
        """From now on, so many calls go wrong in that way."""
        self.kind, self.left = kind, count

    async def before(self, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        """Go wrong before anything was done, if so ordered."""
        if self.kind == "lost_answer" or not self._strikes():
            return
        if self.kind == "slow":
            await asyncio.sleep(_SLOW_SECONDS)
        elif self.kind == "refuse":
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the district refuses the package")
        else:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the district's system is away")

    async def after(self, context: grpc.aio.ServicerContext[Any, Any]) -> None:
        """Lose the answer after everything was done, if so ordered."""
        if self.kind == "lost_answer" and self._strikes():
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the answer is lost")

    def _strikes(self) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        return True
