"""How a matter ended, as acts of intake see it: by what is stored, and with the last word at approval."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chassis.refusals import NotYetHere
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import ApplicationClosing, ApplicationStage
from services.intake.domain.application.withdraw_and_rate import TooLateToWithdraw
from tests.support.caught_up import CAUGHT_UP, NOT_CAUGHT_UP, arriving
from tests.unit.intake.hall import INSTANT, handed_in
from tests.unit.intake.office import PEOPLE, InMemory
from tests.unit.intake.test_use_cases import accepted


@pytest.fixture
def intake(tmp_path: Path) -> InMemory:
    """An office of its own."""
    return InMemory(tmp_path)


async def test_a_matter_that_approval_closed_is_rated_and_not_withdrawn(intake: InMemory) -> None:
    matter = await accepted(intake)
    intake.table.closings[matter.key] = ApplicationClosing(date(2016, 9, 29), "granted")
    rated = await intake.acts.rate(intake.context(), matter.key.file_id, 2, "很快")
    assert rated.state.grade == 2
    assert (await intake.texts(matter.key))["rating.remark"] == "很快"
    with pytest.raises(TooLateToWithdraw):
        await intake.acts.withdraw(intake.context(), matter.key.file_id, "")


REFERRED = ApplicationClosing(date(2016, 9, 29), "referred", on_time=True)
DISTRICT_DECIDED = replace(REFERRED, district_outcome="refused", district_decided_on=date(2016, 10, 12))


async def test_a_matter_that_the_referral_closed_is_withdrawn_until_the_district_has_decided(intake: InMemory) -> None:
    matter, other = await accepted(intake), await accepted(intake)
    intake.table.closings[matter.key] = REFERRED
    done = await intake.acts.withdraw(intake.context(), matter.key.file_id, "")
    assert done.state.stage is ApplicationStage.WITHDRAWN
    intake.table.closings[other.key] = DISTRICT_DECIDED
    with pytest.raises(TooLateToWithdraw) as refused:
        await intake.acts.withdraw(intake.context(), other.key.file_id, "")
    assert refused.value.sentence == "该件已于2016-10-12作出决定，不能再撤回。"


@pytest.mark.parametrize("closing", [None, REFERRED])
async def test_a_rating_waits_for_what_approval_says_of_a_withdrawal(
    intake: InMemory, closing: ApplicationClosing | None
) -> None:
    matter = await accepted(intake)
    await intake.acts.withdraw(intake.context(), matter.key.file_id, "")
    if closing:
        intake.table.closings[matter.key] = closing
    with pytest.raises(NotYetHere):
        await intake.acts.rate(intake.context(), matter.key.file_id, 2, "")
    intake.table.closings[matter.key] = ApplicationClosing(date(2016, 9, 30), "withdrawn")
    with pytest.raises(NotAtThisStage):
        await intake.acts.rate(intake.context(), matter.key.file_id, 2, "")


@pytest.mark.parametrize("closing", [ApplicationClosing(date(2016, 9, 29), "granted"), DISTRICT_DECIDED])
async def test_a_matter_whose_withdrawal_came_too_late_is_rated_on_its_true_end(
    intake: InMemory, closing: ApplicationClosing
) -> None:
    matter = await accepted(intake)
    await intake.acts.withdraw(intake.context(), matter.key.file_id, "")
    intake.table.closings[matter.key] = closing
    assert (await intake.acts.rate(intake.context(), matter.key.file_id, 2, "")).state.grade == 2


async def test_an_act_asks_what_is_stored_and_not_what_this_process_has_seen(intake: InMemory) -> None:
    """The end of a matter is read for every act: another replica, or a restarted one, answers the same."""
    done = await intake.submissions.complete_at_once(intake.context(), handed_in("M01", "M02", item=INSTANT), PEOPLE)
    assert (await intake.acts.rate(intake.context(), done.key.file_id, 1, "")).state.grade == 1
    matter = await accepted(intake)
    await intake.acts.withdraw(intake.context(), matter.key.file_id, "")
    intake.table.closings[matter.key] = ApplicationClosing(date(2016, 9, 29), "granted")
    await intake.acts.rate(intake.context(), matter.key.file_id, 2, "")
    assert intake.table.looked_up == [done.key, matter.key, matter.key]


async def test_a_decision_that_was_just_made_is_rated(tmp_path: Path) -> None:
    async def decided() -> None:
        intake.table.closings[matter.key] = ApplicationClosing(date(2016, 9, 29), "granted")

    intake = InMemory(tmp_path, catch_up=arriving(decided))
    matter = await accepted(intake)
    assert (await intake.acts.rate(intake.context(), matter.key.file_id, 2, "")).state.grade == 2


async def test_a_rating_is_refused_for_good_only_when_approval_has_said_nothing_else(tmp_path: Path) -> None:
    for catch_up, refusal in ((NOT_CAUGHT_UP, NotYetHere), (CAUGHT_UP, NotAtThisStage)):
        intake = InMemory(tmp_path, catch_up=catch_up)
        matter = await accepted(intake)
        with pytest.raises(refusal):
            await intake.acts.rate(intake.context(), matter.key.file_id, 2, "")


async def test_what_intake_alone_decides_is_refused_at_once(tmp_path: Path) -> None:
    intake = InMemory(tmp_path, catch_up=NOT_CAUGHT_UP)
    declined = (await intake.submissions.submit(intake.context(), handed_in(), PEOPLE)).key
    with pytest.raises(NotAtThisStage):
        await intake.acts.rate(intake.context(), declined.file_id, 2, "")
