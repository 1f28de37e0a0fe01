"""Random histories through the real services: every invariant holds, and a seed plays the same history each time."""

from tests.simulate.history import history_of
from tests.simulate.run import Outcome, failures, run

_SEEDS = 300


def test_every_invariant_holds() -> None:
    assert [(outcome.history.seed, outcome.violations) for outcome in failures(range(_SEEDS))] == []


def test_a_seed_plays_the_same_history_each_time() -> None:
    for seed in range(0, 60, 3):
        first, second = run(history_of(seed)), run(history_of(seed))
        assert _course(first) == _course(second)


def _course(outcome: Outcome) -> object:
    assert outcome.played is not None
    world = outcome.played.world
    answers = [(each.step, each.acknowledged, each.refusal) for each in outcome.played.attempts]
    facts = {
        service: [(row["file_id"], row["kind"], row["event_id"]) for row in database.table("fact")]
        for service, database in world.databases.items()
    }
    return world.scheduler.steps, world.scheduler.instant, answers, facts
