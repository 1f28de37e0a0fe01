"""Two legs of one matter, each a file with its clock, linked by facts alone. Whatever comes in which order."""

import itertools
import random
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.approval.adapters.case.codec import CaseCodec
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.item import ItemKind
from services.approval.domain.case.state import CaseClosing, CaseStage
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from tests.service.approval.office import World, acceptance, published, withdrawal
from tests.unit.approval.matters import FORWARDED, HEAD, PROMISED, RESIDENCE

ON = date(2016, 3, 1)


@pytest.mark.integration
async def test_acceptance_opens_the_case_and_puts_it_on_the_worklist(world: World) -> None:
    application = await world.accept()
    assert (await world.street(application)).stage is CaseStage.REVIEW
    assert await world.value("select count(*) from case_file where waits") == 1


@pytest.mark.integration
async def test_the_same_acceptance_heard_twice_opens_one_case(world: World) -> None:
    event = acceptance(uuid4(), PROMISED, 1, ON)
    await world.intake.apply([event, event])
    await world.intake.apply([event])
    assert await world.value("select count(*) from fact") == 1


@pytest.mark.integration
async def test_an_instant_matter_leaves_no_case(world: World) -> None:
    await world.accept(replace(PROMISED, kind=ItemKind.INSTANT, route=()))
    assert await world.value("select count(*) from fact") == 0


@pytest.mark.integration
async def test_a_referral_opens_the_districts_leg_and_owes_the_package_in_one_commit(world: World) -> None:
    application = await world.refer(FORWARDED)
    leg = await world.district(application)
    assert (leg.stage, leg.referral.destination) == (CaseStage.REFERRED, "housing")
    assert (
        await world.value("select state from handoff where case_id = $1", world.leg_key(application).file_id)
        == "waiting"
    )
    assert (await world.street(application)).closing is CaseClosing.REFERRED


@pytest.mark.integration
async def test_a_leg_of_the_districts_desks_owes_nobody_a_package(world: World) -> None:
    application = await world.refer(replace(FORWARDED, refers_to=""))
    assert (await world.district(application)).stage is CaseStage.DECISION
    assert await world.value("select count(*) from handoff") == 0


@pytest.mark.integration
async def test_a_decision_at_the_districts_desks_closes_a_street_that_waited(world: World) -> None:
    application = await world.refer(replace(RESIDENCE, refers_to=""))
    command = Decide(HEAD, Outcome.GRANTED, "", "440105000〔2016〕决1号")
    call = replace(world.call(application, HEAD), key=world.leg_key(application))
    await world.files.change(
        call.key, call.cause, lambda case, _: [decide(case, command, ON)] if case else [], actor=HEAD.staff_no
    )
    await world.settle()
    assert (await world.street(application)).closing is CaseClosing.GRANTED


@pytest.mark.integration
@pytest.mark.parametrize(("item", "closing"), [(RESIDENCE, CaseClosing.GRANTED), (FORWARDED, CaseClosing.REFERRED)])
async def test_the_districts_decision_comes_to_the_street(world: World, item: object, closing: CaseClosing) -> None:
    application = await world.refer(item)  # type: ignore[arg-type] # items, listed as parameters
    report = DecisionReport("report-1", Outcome.GRANTED, ON)
    await put_on_file(world.files, world.reports.decided(world.leg_key(application), report, ""), "district-system")
    await world.settle()
    street = await world.street(application)
    assert (street.closing, (await world.kinds(world.street_key(application)))[-1]) == (closing, "district_decided")


@pytest.mark.integration
async def test_a_return_gives_the_matter_back_and_it_can_be_referred_again(world: World) -> None:
    application = await world.refer(FORWARDED)
    told = world.reports.returned(world.leg_key(application), "report-1", "材料不清。")
    await put_on_file(world.files, told, "district-system")
    await world.settle()
    assert (await world.street(application)).stage is CaseStage.RETURNED
    await world.cases.refer(world.call(application, HEAD), "补充说明，再次转报。")
    await world.settle()
    assert (await world.district(application, 2)).referral.attempt == 2
    assert await world.value("select count(*) from handoff") == 2


@pytest.mark.integration
async def test_after_a_late_report_the_street_has_the_days_that_it_had_left(world: World) -> None:
    """Referred on 1 March, the day of acceptance; sent back on the 9th, which is reported on the 16th."""
    application = await world.refer(RESIDENCE)
    world.clock.set(date(2016, 3, 16))
    leg = world.leg_key(application)
    assert await world.value("select next_card_on from case_file where leg = 1") is None, "the district has the matter"
    assert await world.value("select next_card_on from case_file where leg = 2") == date(2016, 3, 11)
    told = world.reports.returned(leg, "report-1", "材料不清。", date(2016, 3, 9))
    await put_on_file(world.files, told, "district-system")
    await world.settle()
    row = await world.worker.fetchrow("select promised_due_on, legal_due_on, next_card_on from case_file where leg = 1")
    assert row is not None
    assert tuple(row) == (date(2016, 3, 23), date(2016, 3, 30), date(2016, 3, 21))
    assert not (await world.street(application)).ledger.promise_broken
    world.clock.set(date(2016, 3, 23))
    await world.cases.decide(world.call(application, HEAD), Outcome.REFUSED, "不符合条件。", "")
    street = await world.street(application)
    assert (street.on_time, street.early) == (True, False)


@pytest.mark.integration
async def test_a_withdrawal_ends_both_legs_and_is_owed_to_the_district(world: World) -> None:
    application = await world.refer(RESIDENCE)
    await world.stop(application)
    await world.settle()
    assert (await world.street(application)).closing is CaseClosing.WITHDRAWN
    assert (await world.district(application)).closing is CaseClosing.WITHDRAWN
    rows = await world.worker.fetch("select kind, state from handoff order by kind")
    assert [tuple(row) for row in rows] == [("receive", "withdrawn"), ("withdraw", "waiting")]


@pytest.mark.integration
async def test_a_withdrawal_reaches_the_districts_leg_of_a_matter_that_closed_by_the_referral(world: World) -> None:
    application = await world.refer(FORWARDED)
    await world.stop(application)
    await world.settle()
    street = await world.street(application)
    assert (street.closing, street.on_time, street.early) == (CaseClosing.WITHDRAWN, None, None)
    assert (await world.district(application)).closing is CaseClosing.WITHDRAWN


@pytest.mark.integration
async def test_a_withdrawal_that_comes_before_the_districts_leg_is_found_by_it(world: World) -> None:
    application = await world.accept(FORWARDED)
    await world.review(application)
    await world.cases.refer(world.call(application, HEAD), "同意转报。")
    await world.stop(application)
    await world.settle()
    assert await world.kinds(world.leg_key(application)) == ["case_opened", "case_withdrawn"]
    assert await world.value("select count(*) from handoff") == 0


@pytest.mark.integration
async def test_a_decision_that_was_faster_than_the_withdrawal_stays(world: World) -> None:
    application = await world.accept()
    await world.review(application)
    await world.cases.decide(world.call(application, HEAD), Outcome.GRANTED, "", "")
    await world.stop(application)
    assert (await world.street(application)).closing is CaseClosing.GRANTED


@pytest.mark.integration
async def test_any_interleaving_of_streams_and_repeats_gives_the_same_state(world: World) -> None:
    """Acceptance, withdrawal and our own facts, in batches of any size and any order, each at least once."""
    orders = list(itertools.permutations(range(3)))
    random.Random(440105).shuffle(orders)
    seen = set()
    for order in orders:
        application = uuid4()
        events = [
            acceptance(application, PROMISED, 1, ON),
            withdrawal(application, 2, ON),
            acceptance(application, PROMISED, 1, ON),
        ]
        events[2] = events[0]
        for place in order:
            await world.intake.apply([events[place]])
        await world.settle()
        case = await world.street(application)
        seen.add((case.closing, case.stage, tuple(await world.kinds(world.street_key(application)))))
    assert len(seen) == 1


@pytest.mark.integration
async def test_a_published_calendar_is_what_later_terms_are_computed_with(world: World) -> None:
    await world.intake.apply([published(2016, [date(2016, 3, 16)], "2016.9")])
    calendar = await world.calendars.current()
    assert (calendar.version, calendar.works(date(2016, 3, 16))) == ("2016.9", False)
    application = await world.accept()
    changed = await world.cases.extend(world.call(application, HEAD), 2, "案情复杂")
    assert changed.state is not None
    assert (changed.state.term.promised_due_on, changed.state.term.calendar_version) == (date(2016, 3, 18), "2016.9")


@pytest.mark.integration
async def test_a_stored_day_is_proven_by_the_calendar_that_gave_it(world: World) -> None:
    await world.intake.apply([published(2016, [date(2016, 3, 16)], "2016.9")])
    application = await world.accept()
    await world.cases.extend(world.call(application, HEAD), 2, "案情复杂")
    await world.intake.apply([published(2016, [date(2016, 3, 17), date(2016, 3, 18)], "2016.10")])
    assert (await world.calendars.current()).version == "2016.10"
    proof = await world.lookups.prove(world.street_key(application), date(2016, 3, 2))
    term = proof.case.term
    assert term.calendar_version == "2016.9" and proof.as_stored
    ends = (proof.promised.days[-1].day.on, proof.legal.days[-1].day.on)
    assert ends == (term.promised_due_on, term.legal_due_on)
    assert await world.calendars.at_version("2016.11") is None


@pytest.mark.integration
async def test_the_rows_of_cases_equal_a_fold_of_their_facts(world: World) -> None:
    for item in (PROMISED, FORWARDED, RESIDENCE):
        await world.refer(item) if item.refers_to else await world.accept(item)
    for row in await world.worker.fetch("select * from case_file"):
        bodies = await world.worker.fetch("select body from fact where file_id = $1 order by revision", row["case_id"])
        case = world.files.unit_of_work.fold([fact["body"] for fact in bodies])
        assert case is not None
        assert (row["stage"], row["revision"], row["outcome"]) == (case.stage, len(bodies), case.closing)
    assert CaseCodec.source == "approval"
