"""A withdrawal that a service of the last release received has one end as well, once this release leads.

Releases up to 0.2.0 told the street's leg neither of a withdrawal that had ended the district's leg nor of one that met
a decision or a return. In a rolling update one of them may lead approval while intake is of this release.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.inbox import Effect
from chassis.sweeps.sweeper import Sweeper
from services.approval.adapters.case import intake_subscription, leg_subscription
from services.approval.adapters.case.parts import withdrawals_sweep
from services.approval.domain.case.facts import CaseWithdrawn
from services.approval.domain.case.stages import POSSIBLE, CaseAct
from services.approval.domain.case.state import Case, CaseClosing
from services.approval.handoff.adapters import obligations
from tests.service.matter.office import Office
from tests.service.matter.test_one_end import (
    ON,
    PLACES,
    SCENARIOS,
    Matter,
    agree,
    district_decides,
    district_returns,
    grant,
    hear,
    refer,
    reviewed,
    settled,
    withdraw,
)
from tests.unit.approval.matters import FORWARDED, PROMISED

pytestmark = pytest.mark.integration


def _withdraw(case: Case, on: date) -> list[CaseWithdrawn]:
    """The end of an open leg; nothing on a closed one."""
    possible = CaseAct.WITHDRAW in POSSIBLE[case.stage]
    return [CaseWithdrawn(on, case.application_id, case.leg)] if possible else []


def _effect_on_street(event: Any, street: Any, fact: Any, context: Any) -> Any:
    """A decision or a return alone comes to the street."""

    def followed(case: Case | None) -> Sequence[Any]:
        if case is None or isinstance(fact, CaseWithdrawn):
            return []
        return leg_subscription._answer_on_street(case, fact, context.calendar)

    return Effect(event, street, followed)


@contextmanager
def last_release() -> Iterator[None]:
    """Approval receives as release 0.2.0 did."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (intake_subscription, leg_subscription, obligations):
            patch.setattr(module, "withdraw", _withdraw)
        patch.setattr(leg_subscription, "_effect_on_street", _effect_on_street)
        yield


def sweeper_of(office: Office) -> Sweeper:
    """The sweep of withdrawals alone."""
    world = office.world
    return Sweeper(world.worker, world.clock, "440105", [withdrawals_sweep(world.files)])


async def sweep(office: Office, day: date = ON) -> None:
    """This release leads: the day is swept, and what follows is received."""
    await sweeper_of(office).sweep_day(withdrawals_sweep(office.world.files), day)
    await office.world.settle()


async def facts_on_file(office: Office) -> int:
    """The number of facts of approval."""
    return int(await office.world.value("select count(*) from fact"))


@pytest.mark.parametrize(("name", "place"), PLACES)
async def test_a_withdrawal_that_the_last_release_received_has_one_end(office: Office, name: str, place: int) -> None:
    item, acts = SCENARIOS[name]
    matter = await reviewed(office, item)
    with last_release():
        for act in [*acts[:place], withdraw, *acts[place:]]:
            await matter.try_act(act)
        await office.world.settle()
    await sweep(office)
    agree(await settled(matter, random.Random(f"{name}/{place}")), withdrawn=True)
    before = await facts_on_file(office)
    await sweep(office)
    assert await facts_on_file(office) == before, "an answer is given once"


async def _received_by_the_last_release(office: Office, acts: Sequence[Any], item: Any = FORWARDED) -> Matter:
    matter = await reviewed(office, item)
    with last_release():
        for act in acts:
            await matter.try_act(act)
        await office.world.settle()
    return matter


async def test_the_answer_has_its_cause_and_the_day_of_the_withdrawal(office: Office) -> None:
    matter = await _received_by_the_last_release(office, [refer, hear, withdraw])
    key = office.world.street_key(matter.application)
    assert (await office.world.street(matter.application)).closing is CaseClosing.REFERRED
    await sweep(office, ON + timedelta(days=3))
    street = await office.world.street(matter.application)
    assert (street.closing, street.closed_on) == (CaseClosing.WITHDRAWN, ON)
    row = await office.world.worker.fetchrow(
        "select actor, kind, occurred_on from fact where file_id = $1 order by revision desc limit 1", key.file_id
    )
    assert row is not None and tuple(row) == ("sweep:withdrawals", "case_withdrawn", ON)
    caused = "select count(*) from cause where caller = 'sweep:withdrawals' and request_id = $1"
    assert await office.world.value(caused, f"{ON + timedelta(days=3)}/{key.file_id}") == 1


@pytest.mark.parametrize(
    ("item", "acts", "end"),
    [
        pytest.param(PROMISED, [grant, withdraw], CaseClosing.GRANTED, id="decided"),
        pytest.param(FORWARDED, [refer, hear, district_decides, hear, withdraw], CaseClosing.REFERRED, id="district"),
        pytest.param(FORWARDED, [refer, hear, district_returns, withdraw, hear], CaseClosing.WITHDRAWN, id="returned"),
    ],
)
async def test_a_withdrawal_of_which_nothing_was_said_is_answered(
    office: Office, item: Any, acts: Sequence[Any], end: CaseClosing
) -> None:
    matter = await _received_by_the_last_release(office, acts, item)
    silent = await office.world.street(matter.application)
    assert silent.closing is not CaseClosing.WITHDRAWN and silent.decision.withdrawal_too_late_on is None
    await sweep(office)
    street = await office.world.street(matter.application)
    assert street.closing is end
    assert (street.decision.withdrawal_too_late_on == ON) is (end is not CaseClosing.WITHDRAWN)


async def test_the_first_day_looks_at_all_withdrawals_and_later_ones_at_those_of_a_month(office: Office) -> None:
    world, today = office.world, ON + timedelta(days=400)
    sweeper = sweeper_of(office)
    first = await _received_by_the_last_release(office, [refer, hear, withdraw])
    await sweeper.sweep_up_to(today)
    await world.settle()
    assert (await world.street(first.application)).closing is CaseClosing.WITHDRAWN
    second = await _received_by_the_last_release(office, [refer, hear, withdraw])
    await sweeper.sweep_up_to(today + timedelta(days=1))
    assert (await world.street(second.application)).closing is CaseClosing.REFERRED
    await sweep(office, ON + timedelta(days=30))
    assert (await world.street(second.application)).closing is CaseClosing.WITHDRAWN
