"""Seeded faults: the histories find each of them, in fewer than 2,500."""

import pytest

from tests.simulate.faults import BY_NAME, FAULTS, find
from tests.simulate.run import shrink

_MOST = 2_500


def test_there_are_a_dozen() -> None:
    assert len(FAULTS) >= 12
    assert len(BY_NAME) == len(FAULTS)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_fault_is_found(name: str) -> None:
    assert find(BY_NAME[name], range(_MOST)) is not None, BY_NAME[name].wrong


def test_a_failing_history_is_shrunk_to_the_steps_that_matter() -> None:
    fault = BY_NAME["pause"]
    found = find(fault, range(_MOST))
    assert found is not None
    with fault.patch():
        shortest = shrink(found, seconds=4.0)
    acts = [step.act for step in shortest.history.steps]
    assert {"pause", "resume"} <= set(acts)
    assert len(acts) < len(found.history.steps)
