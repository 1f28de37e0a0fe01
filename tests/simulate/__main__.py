"""`make simulate`: plays random histories and checks the invariants; plays one again; shrinks one that fails.

Without options 10,000 histories are played in two processes. Exit code 1 when one of them fails.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from tests.simulate.faults import find_all
from tests.simulate.history import History, history_of
from tests.simulate.run import Outcome, failures, run, shrink

_NIGHT = 10_000
_FOR_A_FAULT = 5_000
_SHOWN = 5


def main(arguments: Sequence[str]) -> int:
    """Play what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=_NIGHT, help="how many histories are played")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=2, help="how many processes play them")
    parser.add_argument("--seed", type=int, help="one history, step by step")
    parser.add_argument("--chances", type=int, default=0, help="another course of chance for it")
    parser.add_argument("--steps", type=_step_numbers, help="only these steps of it, their numbers between commas")
    parser.add_argument("--faults", action="store_true", help="find each of the seeded faults, in 5,000 histories")
    parser.add_argument("--shrink", action="store_true", help="the fewest steps with which it still fails")
    chosen = parser.parse_args(arguments)
    if chosen.faults:
        return int(find_all(min(chosen.seeds, _FOR_A_FAULT)) > 0)
    if chosen.seed is not None:
        history = _history(chosen)
        if unknown := _numbers(chosen) - {step.number for step in history.steps}:
            parser.error(f"--steps: seed {chosen.seed} has no step {', '.join(map(str, sorted(unknown)))}")
        return _play_one(history, to_shrink=chosen.shrink)
    return _play_many(range(chosen.first, chosen.first + chosen.seeds), chosen.processes)


def _history(chosen: argparse.Namespace) -> History:
    history = replace(history_of(chosen.seed), chances=chosen.chances)
    if chosen.steps is None:
        return history
    kept = _numbers(chosen)
    return replace(history, steps=tuple([step for step in history.steps if step.number in kept]))


def _numbers(chosen: argparse.Namespace) -> set[int]:
    """The steps that are asked for; none where all are."""
    return set(chosen.steps or ())


def _step_numbers(typed: str) -> list[int]:
    return [int(number) for number in typed.split(",") if number]


def _play_one(history: History, *, to_shrink: bool) -> int:
    outcome = run(history)
    if to_shrink and outcome.failed:
        outcome = shrink(outcome)
    _print(outcome)
    if to_shrink and not outcome.failed:
        sys.stdout.write("nothing to shrink: the history does not fail\n")
    return int(outcome.failed)


def _play_many(seeds: Sequence[int], processes: int) -> int:
    began, failed = time.perf_counter(), 0
    for outcome in failures(seeds, processes):
        failed += 1
        if failed <= _SHOWN:
            sys.stdout.write(f"seed {outcome.history.seed} fails\n")
            sys.stdout.writelines(f"  {sentence}\n" for sentence in outcome.violations)
            sys.stdout.flush()
    seconds = time.perf_counter() - began
    rate = f"{len(seeds) / seconds:.0f} a second in {processes} processes"
    sys.stdout.write(f"{len(seeds)} histories, {failed} fail; {seconds:.1f} s, {rate}\n")
    return int(failed > 0)


def _print(outcome: Outcome) -> None:
    history = outcome.history
    numbers = ",".join(str(step.number) for step in history.steps)
    sys.stdout.write(f"--seed {history.seed} --chances {history.chances} --steps {numbers}\n")
    sys.stdout.write(f"{history}\n{history.conditions}\n")
    if outcome.played is not None:
        for attempt in outcome.played.attempts:
            if attempt.step.number:
                answer = attempt.refusal or attempt.code or "done"
                sys.stdout.write(f"{attempt.step.number:>3}  {attempt.step.act}: {answer}\n")
        sys.stdout.writelines(f"     {error[:300]}\n" for error in outcome.played.world.errors)
    sys.stdout.writelines(f"!    {sentence}\n" for sentence in outcome.violations)
    sys.stdout.write("every invariant holds\n" if not outcome.failed else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
