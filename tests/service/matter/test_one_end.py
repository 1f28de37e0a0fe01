"""One end for each matter: every pair of acts, in each order of acting and hearing, leaves four services that agree.

A scenario is a row of steps: what the street and the district do, and when approval hears its own facts. The applicant
withdraws before, between and after them. Whoever loses is told by the answer, or by a stated outcome.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import pytest
from onewindow.intake.v1 import application_pb2

from chassis.inbox import InboxEvent
from law.not_allowed import NotAllowed
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import Outcome, SpecialProcedure
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.pause import PauseTerm
from services.approval.domain.case.stages import AlreadyWithdrawn
from services.approval.domain.case.state import CaseClosing
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from services.intake.domain.application.withdraw_and_rate import TooLateToWithdraw
from services.metrics.domain import progress
from tests.service.matter.office import Account, Office
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, HEAD, PROMISED, RESIDENCE

pytestmark = pytest.mark.integration

ON: date = ACCEPTED_ON
DESKS = replace(RESIDENCE, refers_to="")
"""The same, decided at the district's desks instead of its system."""
PENDING, EFFECTIVE, TOO_LATE = (
    application_pb2.WITHDRAWAL_STATE_PENDING,
    application_pb2.WITHDRAWAL_STATE_EFFECTIVE,
    application_pb2.WITHDRAWAL_STATE_TOO_LATE,
)


@dataclass
class Matter:
    """One matter, and who was refused what."""

    office: Office
    application: UUID
    refused: list[NotAllowed] = field(default_factory=list)

    async def try_act(self, act: Callable[["Matter"], Awaitable[object]]) -> None:
        """Do one act; a refusal by name is noted."""
        try:
            await act(self)
        except NotAllowed as refusal:
            self.refused.append(refusal)


async def hear(matter: Matter) -> None:
    """Approval hears its own facts, once."""
    await matter.office.world.own.apply(await matter.office.world.unheard())


async def withdraw(matter: Matter) -> None:
    """The applicant withdraws, and approval hears it."""
    await matter.office.withdraw(matter.application, ON)
    await matter.office.hear_intake(matter.application)


async def refer(matter: Matter) -> None:
    """The street refers."""
    world = matter.office.world
    await world.cases.refer(world.call(matter.application, HEAD), "同意转报。")


async def grant(matter: Matter) -> None:
    """The head of the street grants."""
    world = matter.office.world
    await world.cases.decide(world.call(matter.application, HEAD), Outcome.GRANTED, "", "")


async def refuse(matter: Matter) -> None:
    """The head of the street refuses."""
    world = matter.office.world
    await world.cases.decide(world.call(matter.application, HEAD), Outcome.REFUSED, "不符合条件。", "")


async def extend(matter: Matter) -> None:
    """The head extends the term."""
    world = matter.office.world
    await world.cases.extend(world.call(matter.application, HEAD), 2, "案情复杂。")


async def pause(matter: Matter) -> None:
    """The clock stops."""
    world = matter.office.world
    await world.cases.pause(
        world.call(matter.application, HEAD), PauseTerm(HEAD, SpecialProcedure.HEARING, 5, ""), "听证。"
    )


async def resume(matter: Matter) -> None:
    """The clock runs again."""
    world = matter.office.world
    await world.cases.resume(world.call(matter.application, HEAD), None)


async def district_decides(matter: Matter) -> None:
    """The district's system, or the district's desk, grants."""
    world = matter.office.world
    key = world.leg_key(matter.application)
    if not (await world.kinds(key)):
        return
    if (await world.district(matter.application)).handed_over:
        report = DecisionReport(f"decided-{key.file_id}", Outcome.GRANTED, ON)
        await put_on_file(world.files, world.reports.decided(key, report, ""), "district-system")
        return
    command, call = Decide(HEAD, Outcome.GRANTED, "", "440105000〔2016〕决1号"), world.call(matter.application, HEAD)
    await world.files.change(
        key, call.cause, lambda case, _: [decide(case, command, ON)] if case else [], actor=HEAD.staff_no
    )


async def district_returns(matter: Matter) -> None:
    """The district's system sends it back."""
    world = matter.office.world
    key = world.leg_key(matter.application)
    if await world.kinds(key):
        report = world.reports.returned(key, f"returned-{key.file_id}", "材料不清。")
        await put_on_file(world.files, report, "district-system")


Act = Callable[[Matter], Awaitable[None]]
SCENARIOS: dict[str, tuple[AcceptedItem, Sequence[Act]]] = {
    "granted": (PROMISED, [grant]),
    "refused": (PROMISED, [refuse]),
    "extended": (PROMISED, [extend]),
    "paused": (PROMISED, [pause, resume]),
    "extended, granted": (PROMISED, [extend, grant]),
    "closed by the referral": (FORWARDED, [refer, hear]),
    "closed by the referral, decided": (FORWARDED, [refer, hear, district_decides, hear]),
    "closed by the referral, returned": (FORWARDED, [refer, hear, district_returns, hear]),
    "closed by the referral, returned, refused": (FORWARDED, [refer, hear, district_returns, hear, refuse]),
    "waits for the district": (RESIDENCE, [refer, hear]),
    "waits for the district, decided": (RESIDENCE, [refer, hear, district_decides, hear]),
    "waits for the district, returned": (RESIDENCE, [refer, hear, district_returns, hear]),
    "returned, referred again": (RESIDENCE, [refer, hear, district_returns, hear, refer, hear]),
    "waits for the district's desk, decided": (DESKS, [refer, hear, district_decides, hear]),
}
PLACES = [
    pytest.param(name, place, id=f"{name}, withdrawn at {place}")
    for name, (_, acts) in SCENARIOS.items()
    for place in range(len(acts) + 1)
]


async def reviewed(office: Office, item: AcceptedItem) -> Matter:
    """A matter whose review is finished."""
    matter = Matter(office, await office.take(item))
    await office.world.review(matter.application)
    return matter


async def played(office: Office, name: str, place: int, *, intake_hears: bool) -> Matter:
    """The scenario with the withdrawal at this place, heard by approval to the end."""
    item, acts = SCENARIOS[name]
    matter = await reviewed(office, item)
    for number, act in enumerate([*acts[:place], withdraw, *acts[place:]]):
        if intake_hears and number == place:
            await office.hear_approval(matter.application)
        await matter.try_act(act)
    await office.world.settle()
    return matter


async def settled(matter: Matter, order: random.Random) -> Account:
    """What the services say after every stream was heard, in some order."""
    office, application = matter.office, matter.application
    await office.hear_approval(application)
    await office.tell(
        shuffled(order, await office.facts_of_intake(application), await office.facts_of_approval(application))
    )
    return await office.account(application)


def shuffled(order: random.Random, *streams: Sequence[InboxEvent]) -> list[InboxEvent]:
    """The events of the streams, each stream in its own order, the streams taking turns at random."""
    left = [list(stream) for stream in streams]
    events = []
    while any(left):
        events.append(order.choice([stream for stream in left if stream]).pop(0))
    return events


def agree(account: Account, *, withdrawn: bool) -> None:
    """Four services say one thing of the end of the matter."""
    street, shown = account.street, account.shown
    end = street.closing.value if street.closing else None
    judged = (end, street.on_time, street.early)
    assert account.ends == (judged, judged, judged)
    assert shown.outcome == (end or "")
    if not withdrawn:
        assert not shown.HasField("withdrawal")
        return
    late = street.decision.withdrawal_too_late_on is not None
    assert (end == "withdrawn") is not late, "a withdrawal is one everywhere, or it is answered"
    assert shown.withdrawal.state == (TOO_LATE if late else EFFECTIVE)
    assert progress.withdrawal_too_late(account.matter) is late
    decision = street.answer.outcome if street.answer else None
    truth = decision.name.lower() if late and decision else end
    assert progress.outcome(account.matter) == truth
    assert shown.withdrawal.decision == (truth if late else "")
    assert [code for code in account.messages if code in ("N11", "N12")] == ["N12" if late else "N11"]
    if late and end == "referred":
        assert "N04" in account.messages, "a withdrawal that ended nothing stops no message"
    announced = end in ("granted", "refused")
    assert ("N07" in account.messages, account.delivery) == (announced, end if announced else None)


@pytest.mark.parametrize("intake_hears", [False, True], ids=["intake is behind", "intake has heard"])
@pytest.mark.parametrize(("name", "place"), PLACES)
async def test_a_withdrawal_at_any_place_leaves_one_end_in_all_services(
    office: Office, name: str, place: int, intake_hears: bool
) -> None:
    order = random.Random(f"{name}/{place}")
    matter = await played(office, name, place, intake_hears=intake_hears)
    account = await settled(matter, order)
    refused_here = any(isinstance(refusal, TooLateToWithdraw) for refusal in matter.refused)
    agree(account, withdrawn=not refused_here)
    losers = [refusal for refusal in matter.refused if not isinstance(refusal, TooLateToWithdraw)]
    if account.street.closing is CaseClosing.WITHDRAWN:
        acts_left = [act for act in SCENARIOS[name][1][place:] if act not in (hear, resume)]
        assert all(isinstance(refusal, AlreadyWithdrawn) for refusal in losers)
        assert len(losers) <= len(acts_left) + 1
    else:
        assert losers == [], "nobody else has lost"
    if refused_here:
        assert intake_hears, "intake refuses by what it has heard"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_without_a_withdrawal_the_services_agree_as_well(office: Office, name: str) -> None:
    item, acts = SCENARIOS[name]
    matter = await reviewed(office, item)
    for act in acts:
        await matter.try_act(act)
    await office.world.settle()
    account = await settled(matter, random.Random(name))
    agree(account, withdrawn=False)
    assert matter.refused == []


@pytest.mark.parametrize("name", [name for name, (_, acts) in SCENARIOS.items() if hear not in acts[-1:]])
async def test_the_act_of_a_desk_and_a_withdrawal_at_the_same_instant(office: Office, name: str) -> None:
    item, acts = SCENARIOS[name]
    for _ in range(4):
        matter = await reviewed(office, item)
        for act in acts[:-1]:
            await matter.try_act(act)
        await asyncio.gather(matter.try_act(acts[-1]), matter.try_act(withdraw))
        await office.world.settle()
        agree(await settled(matter, random.Random(name)), withdrawn=True)


@pytest.mark.parametrize("act", [district_decides, district_returns])
@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closed by the referral", "waits for the decision"])
@pytest.mark.parametrize("first", ["act", "hearing"])
async def test_the_districts_report_and_a_withdrawal_at_the_same_instant(
    office: Office, act: Act, item: AcceptedItem, first: str
) -> None:
    for _ in range(4):
        matter = await reviewed(office, item)
        await matter.try_act(refer)
        await matter.try_act(hear)
        if first == "act":
            await asyncio.gather(matter.try_act(act), matter.try_act(withdraw))
        else:
            await matter.try_act(act)
            await asyncio.gather(matter.try_act(hear), matter.try_act(withdraw))
        await office.world.settle()
        agree(await settled(matter, random.Random(first)), withdrawn=True)


async def test_a_withdrawal_is_pending_until_approval_has_answered(office: Office) -> None:
    matter = await reviewed(office, PROMISED)
    await office.withdraw(matter.application, ON)
    await office.tell(await office.facts_of_intake(matter.application))
    account = await office.account(matter.application)
    assert (account.shown.outcome, account.shown.withdrawal.state) == ("withdrawn", PENDING)
    assert "N11" not in account.messages
