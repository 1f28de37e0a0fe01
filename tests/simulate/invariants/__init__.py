"""Invariants of a world in which all is quiet; each yields a sentence for everything that contradicts it.

To add one: a function of a `Checked` in one of these modules, and its place in `INVARIANTS`. It reads facts, rows and
the answers that callers got, and none of the rules of the product: what it expects it counts itself.
"""

from collections.abc import Callable, Sequence

from tests.simulate.invariants import answers, days, ends, machines, rights, told
from tests.simulate.invariants.checked import Checked, Violations
from tests.simulate.play import Played
from tests.simulate.record import records

INVARIANTS: Sequence[Callable[[Checked], Violations]] = (
    machines.nothing_is_left,
    machines.every_fact_is_heard_once,
    machines.chains_hold,
    answers.answers_are_true,
    answers.facts_come_once,
    answers.cards_come_once,
    answers.reports_stand,
    answers.refusals_are_right,
    ends.one_end,
    ends.figures_agree,
    ends.withdrawals_have_an_outcome,
    ends.hand_offs_agree,
    days.days_of_intake,
    days.days_of_cases,
    days.days_of_delivery,
    rights.last_days_are_working_days,
    rights.matters_add_up,
    rights.extensions_are_lawful,
    rights.pauses_are_lawful,
    rights.refusals_have_reasons,
    rights.packages_are_the_streets,
    rights.cards_count_while_they_are_valid,
    told.messages_are_true,
    told.figures_are_the_fold,
)
"""Every invariant, in the order in which their sentences are printed."""


def check(played: Played) -> list[str]:
    """Everything in a quiet world that contradicts an invariant."""
    checked = Checked(played, records(played.world))
    return [f"{invariant.__name__}: {sentence}" for invariant in INVARIANTS for sentence in invariant(checked)]
