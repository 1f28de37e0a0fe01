"""Runs histories: one, many in worker processes, and the shrinking of one that fails."""

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count

from tests.simulate.history import History, history_of
from tests.simulate.invariants import check
from tests.simulate.play import Played, Player, begin_all
from tests.simulate.scheduler import NeverQuiet
from tests.simulate.stage import running
from tests.simulate.world import LoopCrashed, World

_OTHER_CHANCES = 12
"""Courses of chance that are tried for each shorter history, since another number of steps draws other chances."""
_COLLECTED = 200
"""Histories whose garbage is collected at once: a world that is cleared leaves little."""
_played = count(1)
_SHARE = 25
"""Seeds that a worker takes at a time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of one history."""

    history: History
    violations: tuple[str, ...]
    played: Played | None = None

    @property
    def failed(self) -> bool:
        """True when an invariant does not hold."""
        return bool(self.violations)


def run(history: History, prepare: Callable[[World], None] = lambda _world: None) -> Outcome:
    """Play one history to its end and check every invariant."""
    with _collection_of_several():
        player = Player(history, prepare)
        with running(player.world):
            try:
                player.world.scheduler.run(player.whole())
                violations = check(player.played)
            except (NeverQuiet, LoopCrashed) as error:
                violations = [f"never quiet: {error}"]
    return Outcome(history, tuple(violations), player.played)


def failures(seeds: Sequence[int], processes: int = 1) -> Iterator[Outcome]:
    """The histories among these seeds that fail, as they are found."""
    shares = [seeds[first : first + _SHARE] for first in range(0, len(seeds), _SHARE)]
    begin_all()
    if processes == 1:
        for share in shares:
            yield from _failing(share)
        return
    gc.collect()
    gc.freeze()  # what every worker has from the beginning is nobody's garbage
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for found in pool.imap_unordered(_failing, shares):
            yield from found


def shrink(outcome: Outcome, seconds: float = 60.0) -> Outcome:
    """A shorter history with the same violation: every step without which it still fails is left out."""
    until = time.perf_counter() + seconds
    best, wanted = outcome, _kinds(outcome)
    size = max(1, len(best.history.steps) // 2)
    while size:
        place = 0
        while place < len(best.history.steps):
            steps = best.history.steps
            shorter = replace(best.history, steps=(*steps[:place], *steps[place + size :]))
            found = _still_fails(shorter, wanted) if time.perf_counter() < until else None
            if found is None:
                place += size
            else:
                best = found
        size //= 2
    return best


def _still_fails(history: History, wanted: set[str]) -> Outcome | None:
    for chances in (history.chances, *range(_OTHER_CHANCES)):
        outcome = run(replace(history, chances=chances))
        if wanted & _kinds(outcome):
            return replace(outcome, violations=tuple([v for v in outcome.violations if v.split(":")[0] in wanted]))
    return None


def _kinds(outcome: Outcome) -> set[str]:
    return {violation.split(":")[0] for violation in outcome.violations}


def _failing(seeds: Sequence[int]) -> list[Outcome]:
    failing = []
    with _collection_of_several():
        for seed in seeds:
            outcome = run(history_of(seed))
            if outcome.failed:
                failing.append(replace(outcome, played=None))
            if outcome.played is not None:
                outcome.played.clear()
    return failing


@contextmanager
def _collection_of_several() -> Iterator[None]:
    """The garbage of several histories is collected at once, behind them: each of them is over in milliseconds.

    Inside another such block nothing is enabled at its end, where a collection would follow at once.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if next(_played) % _COLLECTED == 0:
            gc.collect()
        if enabled:
            gc.enable()
