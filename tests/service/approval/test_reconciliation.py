"""What was planted between our files and the district's is found whole, and nothing else is found."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from chassis.clock import SHANGHAI
from services.approval.handoff.adapters.client import DistrictRefusal, DistrictUnreachable
from services.approval.handoff.adapters.nightly import NightlyReconciliation, until_night
from services.approval.handoff.adapters.obligations import district_key
from services.approval.handoff.domain.reconciliation import Advice, Verdict
from simulation.district.register import RegisteredCase
from tests.service.approval.office import World
from tests.service.approval.reference import PAGE, Roads, open_reference, summary
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, RESIDENCE

pytestmark = pytest.mark.integration

TODAY = ACCEPTED_ON.isoformat()


@pytest.fixture
async def roads(world: World) -> AsyncIterator[Roads]:
    """A service and a reference system that know nothing of each other yet."""
    async with open_reference(world) as reference:
        yield Roads(world, reference)


async def referred(roads: Roads, item: object = FORWARDED) -> UUID:
    """A leg that the district has."""
    application = await roads.world.refer(item)  # type: ignore[arg-type] # an item
    await roads.hand_over()
    return roads.world.leg_key(application).file_id


async def decided(roads: Roads, outcome: str = "granted", on: str = TODAY) -> UUID:
    """A leg that the district decided, and we know it."""
    leg = await referred(roads)
    roads.reference.decide(leg, outcome, on, "" if outcome == "granted" else "不符合条件。")
    await roads.pull()
    return leg


async def test_two_registers_that_agree_have_nothing_between_them(roads: Roads) -> None:
    await decided(roads)
    await decided(roads, "refused")
    returned = await referred(roads, RESIDENCE)
    roads.reference.register.close(str(returned), "returned", "", "", "材料不清。")
    await roads.pull()
    await referred(roads)
    found = await roads.reconcile()
    assert (found.differences, found.compared, found.matched, found.read_in) == ((), 4, 4, 0)


async def test_every_planted_difference_is_found_and_nothing_else(roads: Roads) -> None:
    register = roads.reference.register
    unknown, strange = uuid4(), "NOT-A-KEY-OF-OURS"
    lost, lost_decided = await referred(roads), await decided(roads)
    number, received, outcome, day, undone = [await decided(roads) for _ in range(5)]
    open_number, withdrawn_there, unstated = [await referred(roads) for _ in range(3)]
    for _ in range(4):
        await decided(roads)
    for leg in (lost, lost_decided):
        register.forget(str(leg))
    for leg, planted in (
        (number, {"district_number": "Q-other"}),
        (received, {"received_on": "2016-03-02"}),
        (outcome, {"outcome": "refused", "reasons": "不符。"}),
        (day, {"decided_on": "2016-02-29"}),
        (undone, {"stage": "received", "outcome": "", "decided_on": ""}),
        (open_number, {"district_number": "Q\n-\u2028x"}),
        (withdrawn_there, {"stage": "withdrawn"}),
        (unstated, {"stage": "decided"}),
    ):
        assert register.alter(str(leg), planted)
    for key in (str(unknown), strange):
        register.receive(RegisteredCase(key, key, "440105", "Q-stranger", TODAY, "2099-01-01"))
    found = await roads.reconcile()
    assert sorted(map(summary, found.differences)) == sorted(
        [
            (str(lost), Verdict.ONLY_HERE, (), Advice.HAND_OVER_AGAIN),
            (str(lost_decided), Verdict.ONLY_HERE, (), Advice.ENTER_THERE),
            (str(number), Verdict.DIFFERS, ("district_number",), Advice.CHECK_NUMBER),
            (str(received), Verdict.DIFFERS, ("received_on",), Advice.CHECK_DAYS),
            (str(outcome), Verdict.DIFFERS, ("ending",), Advice.SETTLE),
            (str(day), Verdict.DIFFERS, ("decided_on",), Advice.CHECK_DAYS),
            (str(undone), Verdict.DIFFERS, ("ending",), Advice.END_THERE),
            (str(open_number), Verdict.DIFFERS, ("district_number",), Advice.CHECK_NUMBER),
            (str(withdrawn_there), Verdict.DIFFERS, ("ending",), Advice.WITHDRAW_HERE),
            (str(unstated), Verdict.DIFFERS, ("ending",), Advice.REPORT_AGAIN),
            (str(unknown), Verdict.ONLY_THERE, (), Advice.FIND_HERE),
            (strange, Verdict.ONLY_THERE, (), Advice.FIND_HERE),
        ]
    )
    assert (found.compared, found.matched, len(found.unmatched)) == (14, 4, 12)
    shown = [line.theirs.district_number for line in found.differences if line.key == str(open_number) and line.theirs]
    assert shown == ["Q?-?x"], "what the district writes moves no cursor of a terminal"


async def test_what_is_under_way_is_no_difference(roads: Roads) -> None:
    world = roads.world
    waiting = world.leg_key(await world.refer(FORWARDED)).file_id
    stopped = await world.refer(RESIDENCE)
    await roads.hand_over()
    await world.stop(stopped)
    await world.settle()
    also = world.leg_key(await world.refer(FORWARDED)).file_id
    found = await roads.reconcile()
    assert {line.key for line in found.with_verdict(Verdict.UNDER_WAY)} == {
        str(also),
        str(world.leg_key(stopped).file_id),
    }
    assert (len(found.differences), str(waiting) in {line.key for line in found.differences}) == (2, False)
    await roads.hand_over()
    assert (await roads.reconcile()).differences == ()


async def test_a_report_that_is_not_here_yet_is_read_in_and_no_difference(roads: Roads) -> None:
    legs = [await referred(roads) for _ in range(5)]
    for leg in legs[:4]:
        roads.reference.decide(leg, "granted", TODAY)
    found = await roads.reconcile()
    assert (found.differences, found.read_in) == ((), 4)
    rows = await roads.world.worker.fetch("select outcome, closed_on from case_file where leg = 2")
    assert sorted(row["outcome"] or "" for row in rows) == ["", *["granted"] * 4]
    await roads.pull()
    kinds = "select count(*) from fact where kind = 'district_decided' and street = '440105000'"
    assert await roads.world.value(kinds) == 4, "pulled later under the same keys, nothing counts twice"


async def test_a_withdrawal_that_the_district_was_never_told_is_found(roads: Roads) -> None:
    application = await roads.world.refer(RESIDENCE)
    await roads.hand_over()
    await roads.world.stop(application)
    await roads.world.settle()
    await roads.hand_over()
    leg = str(roads.world.leg_key(application).file_id)
    assert (await roads.reconcile()).differences == ()
    roads.reference.register.alter(leg, {"stage": "received"})
    (line,) = (await roads.reconcile()).differences
    assert summary(line) == (leg, Verdict.DIFFERS, ("ending",), Advice.WITHDRAW_THERE)


@pytest.mark.parametrize(("decided_on", "found"), [(TODAY, Verdict.CROSSED), ("2016-03-02", Verdict.DIFFERS)])
async def test_a_decision_that_crossed_a_withdrawal_stands_and_a_later_one_does_not(
    roads: Roads, decided_on: str, found: Verdict
) -> None:
    application = await roads.world.refer(RESIDENCE)
    await roads.hand_over()
    leg = roads.world.leg_key(application).file_id
    await roads.world.stop(application)
    await roads.world.settle()
    roads.reference.decide(leg, "granted", decided_on)
    await roads.hand_over()
    roads.world.clock.set(date(2016, 3, 4))
    result = await roads.reconcile()
    assert [line.comparison.verdict for line in result.differences] == [found]
    assert len(result.unmatched) == (found is Verdict.DIFFERS)


async def test_what_the_district_lost_is_handed_over_again_only_when_asked(roads: Roads) -> None:
    lost, closed = await referred(roads), await decided(roads)
    await referred(roads)
    key = district_key("440105", lost)
    before = await roads.world.files.read(key)
    for leg in (lost, closed):
        roads.reference.register.forget(str(leg))
    found = await roads.reconcile()
    await roads.hand_over()
    assert len((await roads.reconcile()).unmatched) == 2, "never without being asked"
    roads.world.clock.set(date(2016, 3, 7))
    assert await roads.reconciler.send_again(found.unmatched) == 1
    assert {line.key for line in (await roads.reconcile()).with_verdict(Verdict.UNDER_WAY)} == {str(lost)}
    await roads.hand_over()
    (line,) = (await roads.reconcile()).differences
    assert summary(line) == (str(closed), Verdict.ONLY_HERE, (), Advice.ENTER_THERE)
    after = await roads.world.files.read(key)
    assert before.state is not None and after.state is not None
    assert after.state.term == before.state.term, "its days go on from the first receipt"
    there = roads.reference.register.find(str(lost))
    assert there is not None and there.received_on == "2016-03-07"
    known = after.state.referral
    assert (known.district_number, str(known.received_on)) == (there.district_number, there.received_on)
    roads.reference.decide(lost, "granted", "2016-03-07")
    await roads.pull()
    assert [line.key for line in (await roads.reconcile()).differences] == [str(closed)]


async def test_a_matter_stopped_after_the_comparison_is_not_handed_over_again(roads: Roads) -> None:
    application = await roads.world.refer(FORWARDED)
    await roads.hand_over()
    leg = roads.world.leg_key(application).file_id
    roads.reference.register.forget(str(leg))
    found = await roads.reconcile()
    assert [line.comparison.advice for line in found.differences] == [Advice.HAND_OVER_AGAIN]
    await roads.world.stop(application)
    await roads.world.settle()
    await roads.hand_over()
    assert await roads.reconciler.send_again(found.unmatched) == 0
    await roads.hand_over()
    assert roads.reference.register.find(str(leg)) is None


async def test_a_package_that_was_refused_is_told_with_the_reason_and_sent_again_when_asked(roads: Roads) -> None:
    application = await roads.world.refer(FORWARDED)
    roads.reference.faults.order("refuse", 1)
    await roads.hand_over()
    found = await roads.reconcile()
    (line,) = found.differences
    leg = str(roads.world.leg_key(application).file_id)
    assert summary(line) == (leg, Verdict.ONLY_HERE, (), Advice.REFUSED_THERE)
    assert "the district refuses the package" in line.refusal
    assert await roads.reconciler.send_again(found.unmatched) == 1
    await roads.hand_over()
    assert (await roads.reconcile()).differences == ()


async def test_the_night_tells_by_its_gauge_and_survives_a_district_that_is_away(roads: Roads) -> None:
    leg = await referred(roads)
    roads.reference.register.forget(str(leg))
    nightly = NightlyReconciliation(roads.world.worker, roads.reconciler)
    assert await nightly.once()
    assert _gauge("only_here") == 1
    roads.reference.faults.order("unavailable", 1)
    assert not await nightly.once()
    assert _gauge("only_here") == 1


async def test_a_district_that_does_not_answer_is_no_difference(roads: Roads) -> None:
    await referred(roads)
    roads.reference.faults.order("unavailable", 1)
    with pytest.raises(DistrictUnreachable):
        await roads.reconcile()


async def test_a_list_whose_cursor_stands_still_is_refused(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(PAGE):
        await referred(roads)
    register = roads.reference.register
    listed = register.changes(0, PAGE)[0]
    monkeypatch.setattr(register, "changes", lambda *_: (listed, 0))
    with pytest.raises(DistrictRefusal, match="cursor"):
        await roads.reconcile()


def test_the_night_is_the_next_two_oclock() -> None:
    evening, small_hours = (datetime(2026, 3, 1, hour, 30, tzinfo=SHANGHAI) for hour in (23, 1))
    assert (until_night(evening), until_night(small_hours)) == (2.5 * 3600, 0.5 * 3600)
    assert until_night(datetime(2026, 3, 1, 2, tzinfo=SHANGHAI)) == 24 * 3600


def _gauge(found: str) -> float | None:
    return REGISTRY.get_sample_value("onewindow_district_unmatched", {"found": found})
